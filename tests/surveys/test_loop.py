"""A result obliges whoever serves to reply, in time, to everybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from forum.core import readers
from forum.core.calendar import add_working_days, company_day
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.departments.merging import merge
from forum.departments.models import Department
from forum.surveys.loop import clock, panels
from forum.surveys.loop.models import Reply, ReplyIdea
from forum.surveys.results import keeping
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import sent_by
from tests.surveys import waves
from tests.surveys.results.company import FIVE, company, spring

__all__ = ["company", "spring"]
SignIn = Callable[..., Browser]
SAID = {"heard": "It takes too long.", "will": "Answer within a day.", "will_not": ""}


@pytest.fixture
def boris(app: Flask, company: dict[str, int]) -> int:
    """Who answers for IT."""
    boris = make.person(app, name="Boris")
    make.represent(app, boris, company["IT"])
    return boris


def owed(app: Flask) -> list[Reply]:
    with app.app_context():
        return list(db.session.scalars(select(Reply).order_by(Reply.id)))


def news(sign_in: SignIn, person: int) -> str:
    return sign_in(person).page("/notifications").text


def test_each_department_that_was_told_of_owes_a_reply_within_working_days(
    app: Flask, company: dict[str, int], spring: int
) -> None:
    (reply,) = owed(app)

    with app.app_context():
        assert reply.department_id == company["IT"]
        assert reply.due_on == add_working_days(company_day(), 10)


def test_a_report_broken_off_in_what_follows_still_obliges(
    app: Flask, company: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = [RuntimeError("killed")]

    def fails_once(_wave: int) -> None:
        if failures:
            raise failures.pop()

    wave = waves.wave(app, {company["help"]: {"quality": FIVE}}, told=False)
    monkeypatch.setattr(keeping, "TOLD", [fails_once, *keeping.TOLD])

    with app.app_context():
        keeping.sweep()
        assert keeping.reported() == []
    with app.app_context():
        keeping.sweep()
        keeping.sweep()
        assert keeping.reported() == [wave]

    assert [reply.wave_id for reply in owed(app)] == [wave]


def test_a_wave_after_a_change_obliges_nobody(app: Flask, company: dict[str, int]) -> None:
    waves.wave(app, {company["help"]: {"quality": FIVE}}, purpose="after")

    assert owed(app) == []


def test_who_answers_for_the_department_replies_and_everybody_reads_it(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int, boris: int
) -> None:
    idea = make.idea(app, title="A desk that is open at noon")
    browser, address = sign_in(boris), f"/surveys/{spring}/replies/{company['IT']}"

    assert f'href="{address}"' in browser.get("/").text
    answer = browser.post(address, {**SAID, "ideas": f"#{idea}"})

    assert answer.headers["Location"] == f"/surveys/{spring}/results/provider/{company['IT']}"
    for reader in (sign_in(make.person(app)), sign_in(make.admin(app))):
        page = reader.page(answer.headers["Location"])
        assert "Answer within a day." in page.one("div", data_reply=company["IT"]).text
        assert page.one("a", href=f"/ideas/{idea}").text == "A desk that is open at noon"
    assert address not in browser.get("/").text


def test_nobody_else_replies(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int
) -> None:
    address = f"/surveys/{spring}/replies/{company['IT']}"

    assert sign_in(make.person(app)).post(address, SAID).status_code == 403
    assert sign_in(make.person(app, kind="consultant")).post(address, SAID).status_code == 404
    nothing = f"/surveys/{spring}/replies/{company['Stores']}"
    assert sign_in(make.moderator(app)).post(nothing, SAID).status_code == 404


def test_what_a_department_owes_its_heir_says(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int
) -> None:
    heir, hanna = make.department(app, "Service"), make.person(app)
    with app.app_context():
        merge(None, *(db.session.get_one(Department, each) for each in (company["IT"], heir)))
    make.represent(app, hanna, heir)
    browser, address = sign_in(hanna), f"/surveys/{spring}/replies/{company['IT']}"

    assert f'href="{address}"' in browser.get("/").text
    assert f'href="{address}"' in browser.get(f"/surveys/{spring}/results").text
    assert browser.post(address, SAID).status_code == 303
    assert owed(app)[0].by_id == hanna


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"heard": ""}, "Say what you heard."),
        ({"will": ""}, "Say what you will do, or what you will not and why."),
        ({"ideas": "999"}, "There is no idea with this number."),
        ({"ideas": "the big one"}, "Give links to ideas or their numbers, with commas between."),
        ({"ideas": "http://localhost/standards/3"}, "Give links to ideas or their numbers"),
        ({"will": "x" * 2001}, "Say it in at most 2000 characters."),
    ],
)
def test_a_reply_that_says_nothing_is_refused_with_a_sentence(
    app: Flask,
    sign_in: SignIn,
    company: dict[str, int],
    spring: int,
    boris: int,
    sent: dict[str, str],
    sentence: str,
) -> None:
    answer = sign_in(boris).post(f"/surveys/{spring}/replies/{company['IT']}", {**SAID, **sent})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert owed(app)[0].at is None


def test_said_anew_it_is_what_was_said_last(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int, boris: int
) -> None:
    idea, browser = make.idea(app), sign_in(boris)
    address = f"/surveys/{spring}/replies/{company['IT']}"
    browser.post(address, {**SAID, "ideas": str(idea)})

    assert "It takes too long." in browser.get(address).text
    browser.post(address, {"heard": "Slow.", "will_not": "We are two.", "will": ""})

    page = browser.page(f"/surveys/{spring}/results")
    assert "We are two." in page.text
    assert "Answer within a day." not in page.text
    with app.app_context():
        assert db.session.scalars(select(ReplyIdea)).all() == []


def test_said_anew_ideas_that_the_writer_does_not_see_stay_with_it(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int, boris: int
) -> None:
    seen, draft = make.idea(app), make.idea(app, draft=True)
    reply = owed(app)[0].id
    with app.app_context(), transaction():
        db.session.add_all(ReplyIdea(reply_id=reply, idea_id=each) for each in (seen, draft))

    sign_in(boris).post(f"/surveys/{spring}/replies/{company['IT']}", SAID)

    with app.app_context():
        assert db.session.scalars(select(ReplyIdea.idea_id)).all() == [draft]


def test_a_reply_that_many_ideas_came_of_can_be_said_anew(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int, boris: int
) -> None:
    ideas = [make.idea(app) for _n in range(11)]
    reply = owed(app)[0].id
    with app.app_context(), transaction():
        db.session.add_all(ReplyIdea(reply_id=reply, idea_id=each) for each in ideas)
    browser, address = sign_in(boris), f"/surveys/{spring}/replies/{company['IT']}"
    sent = sent_by(browser.page(address), address)

    assert browser.post(address, {**sent, **SAID}).status_code == 303

    with app.app_context():
        assert set(db.session.scalars(select(ReplyIdea.idea_id))) == set(ideas)


def test_reminders_come_once_each_and_the_head_hears_of_what_is_late(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int, boris: int
) -> None:
    head = make.person(app, name="Hanna")
    with app.app_context():
        with transaction():
            db.session.get_one(Department, company["IT"]).head_id = head
        due_on = owed(app)[0].due_on
        before = due_on - timedelta(days=60)

        assert clock.remind(before) == 0
        assert clock.remind(due_on) == 1
        assert clock.remind(due_on) == 0
        readers.catch_up()
    assert "1 result waits for your reply" in news(sign_in, boris)
    with app.app_context():
        assert clock.remind(due_on + timedelta(days=7)) == 1
        assert clock.remind(due_on + timedelta(days=70)) == 0
        with transaction():
            db.session.execute(update(Reply).values(due_on=date(2020, 1, 6)))
        readers.catch_up()
    assert "1 is overdue" in news(sign_in, head)
    page = sign_in(boris).page(f"/surveys/{spring}/results/provider/{company['IT']}")
    assert page.one("div", data_owed=company["IT"])["data-late"] == "1"


def test_who_answers_for_the_heir_is_reminded_of_what_a_merged_department_owes(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int
) -> None:
    heir = make.department(app, "Machines")
    speaker = make.person(app, department=heir)
    make.represent(app, speaker, heir)
    with app.app_context():
        merge(None, *(db.session.get_one(Department, each) for each in (company["IT"], heir)))
        assert clock.remind(owed(app)[0].due_on) == 1
        readers.catch_up()

    assert "1 result waits for your reply" in news(sign_in, speaker)


def test_what_was_said_ends_the_reminders(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int, boris: int
) -> None:
    sign_in(boris).post(f"/surveys/{spring}/replies/{company['IT']}", SAID)

    with app.app_context():
        assert clock.remind(company_day() + timedelta(days=90)) == 0


def test_who_answers_next_time_first_reads_what_changed(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int, boris: int
) -> None:
    sign_in(boris).post(f"/surveys/{spring}/replies/{company['IT']}", SAID)
    person = make.person(app, department=company["Sales"])
    wave = waves.running(app, [company["help"]], asks=[person])

    page = sign_in(person).page(f"/surveys/{wave}/answer")

    assert "What changed since you last answered" in page.text
    assert "Answer within a day." in page.text


def test_what_a_department_said_last_is_read_though_others_replied_since(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int, boris: int
) -> None:
    sign_in(boris).post(f"/surveys/{spring}/replies/{company['IT']}", SAID)
    autumn = waves.wave(app, {company["visits"]: {"quality": FIVE}}, title="Autumn")
    moderator = sign_in(make.moderator(app))
    moderator.post(f"/surveys/{autumn}/replies/{company['Sales']}", {**SAID, "will": "Call back."})
    person = make.person(app, department=company["Sales"])
    wave = waves.running(app, [company["help"]], asks=[person])

    page = sign_in(person).page(f"/surveys/{wave}/answer")

    assert "Answer within a day." in page.text
    assert "Call back." not in page.text


def test_with_the_module_off_nobody_is_reminded_and_nothing_shows(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int, boris: int
) -> None:
    with app.app_context():
        with transaction():
            save_settings({"modules": []})
        clock.sweep()
        assert db.session.scalars(select(Reply.reminders)).all() == [0]
    browser, address = sign_in(boris), f"/surveys/{spring}/replies/{company['IT']}"

    assert browser.get(address).status_code == 404
    assert address not in browser.get("/").text


def test_the_page_of_a_whole_survey_has_the_first_replies_and_names_the_others(
    app: Flask, sign_in: SignIn, company: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {company[each]: {"quality": FIVE} for each in ("help", "visits")}
    wave = waves.wave(app, said)
    monkeypatch.setattr(panels, "IN_FULL", 1)
    moderator = sign_in(make.moderator(app))
    for each in ("IT", "Sales"):
        moderator.post(f"/surveys/{wave}/replies/{company[each]}", SAID)

    page = sign_in(make.person(app)).page(f"/surveys/{wave}/results")

    assert [each["data-owed"] for each in page.all("div", data_owed=True)] == [str(company["IT"])]
    assert page.one("li", data_named=True)["data-named"] == str(company["Sales"])
    assert page.all("a", href=f"/surveys/{wave}/results/provider/{company['Sales']}")


def test_who_still_owes_a_reply_is_named_in_one_line_after_what_was_said(
    app: Flask, sign_in: SignIn, company: dict[str, int], boris: int
) -> None:
    said = {company[each]: {"quality": FIVE} for each in ("help", "visits")}
    wave = waves.wave(app, said)
    make.represent(app, boris, company["Sales"])
    address = f"/surveys/{wave}/replies"
    reader, moderator = sign_in(make.person(app)), sign_in(make.moderator(app))

    page = reader.page(f"/surveys/{wave}/results")
    line = page.one("p", data_due=True).text
    assert line.startswith("Still to reply, by ")
    assert line.endswith(": IT, Sales")
    assert not page.all("div", data_owed=True)
    assert address not in reader.get(f"/surveys/{wave}/results").text
    assert address not in moderator.get(f"/surveys/{wave}/results").text, "one page further"

    sign_in(boris).post(f"{address}/{company['Sales']}", SAID)

    page = sign_in(boris).page(f"/surveys/{wave}/results")
    assert page.one("p", data_due=True).text.endswith(": IT")
    assert page.one("a", href=f"{address}/{company['IT']}").text == "Reply for IT"
    assert page.one("div", data_owed=True)["data-owed"] == str(company["Sales"])
    with app.app_context(), transaction():
        db.session.execute(update(Reply).values(due_on=date(2020, 1, 6)))
    overdue = reader.page(f"/surveys/{wave}/results").one("p", data_due=True).text
    assert overdue == "No reply yet, though it was due on Jan 6, 2020: IT"


def test_ideas_of_a_reply_are_named_by_links_as_well(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int, boris: int
) -> None:
    ideas = [make.idea(app) for _n in range(4)]
    first, second, third, fourth = ideas
    links = (
        f"http://localhost/ideas/{first}, /ideas/{second}?sort=new#comment-7\n"
        f"forum.example/ideas/{third}/;#{fourth}"
    )

    answer = sign_in(boris).post(
        f"/surveys/{spring}/replies/{company['IT']}", {**SAID, "ideas": links}
    )

    assert answer.status_code == 303
    page = sign_in(make.person(app)).page(answer.headers["Location"])
    assert all(page.all("a", href=f"/ideas/{each}") for each in ideas)
