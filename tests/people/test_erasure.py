"""An erased person is a number: nowhere a name, and the chain of privileged actions holds."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select
from structlog.testing import capture_logs

from forum.accounts.models import OneTimeToken, Person, PersonSession
from forum.core import audit, mail
from forum.core.db import db, transaction
from forum.core.personal import known_about
from forum.ideas import decisions
from forum.ideas.models import Follow, Idea, Vote
from forum.ops import logs
from forum.search.follower import catch_up
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
NAME = "Zoya Wintergreen"


class Company:
    """Somebody who did everything one can do, and was called by others."""

    def __init__(self, app: Flask) -> None:
        self.department = make.department(app, "Finance", slug="finance")
        self.zoya = make.person(
            app, name=NAME, email="zoya@example.org", login="z-4711", department=self.department,
            job_title="Winter clerk", imported_from="Zoya W.",
        )  # fmt: skip
        make.represent(app, self.zoya, self.department)
        self.other = make.person(app, name="Other Colleague")
        self.hers = make.idea(
            app, self.zoya, problem="The cellar floods.", departments=[self.department]
        )
        make.idea(app, self.zoya, problem="Not ready", draft=True)
        call = f"@[{NAME}](person:{self.zoya})"
        self.calls = make.idea(app, self.other, problem=f"{call} knows why invoices are late.")
        self.calls_ru = make.idea(
            app, self.other, problem=f"{call} знает, почему счета опаздывают."
        )
        make.comment(app, self.calls, self.zoya, body="I said so.")
        make.comment(app, self.calls, self.other, body=f"Ask {call}, please.")
        make.vote(app, self.calls, self.zoya)
        make.answer(app, self.hers, self.department, self.zoya, "harms", "We would drown.")
        with app.app_context(), transaction():
            mail.queue_mail("other@example.org", "News", f"{NAME} commented on your idea.")
            mail.queue_mail("zoya@example.org", "News", "Somebody answered.")


@pytest.fixture
def company(app: Flask) -> Company:
    """The company before the erasure."""
    return Company(app)


def _erase(sign_in: SignIn, app: Flask, person_id: int, **fields: str) -> Any:
    browser = sign_in(make.admin(app, name="Admin"))
    return browser.post(f"/admin/people/{person_id}/erase", {"name": NAME, **fields})


def _everything(app: Flask) -> str:
    """All rows of all tables as one text."""
    with app.app_context(), db.engine.connect() as connection:
        return "\n".join(
            repr(row)
            for table in db.metadata.sorted_tables
            for row in connection.execute(select(table))
        )


@pytest.mark.parametrize("box", [{}, {"blank_texts": "1"}])
def test_no_row_keeps_name_address_or_number(
    app: Flask, company: Company, sign_in: SignIn, box: dict[str, str]
) -> None:
    assert NAME in _everything(app)

    erased = _erase(sign_in, app, company.zoya, **box)

    assert erased.status_code == 303
    left = _everything(app).casefold()
    for trace in ("zoya", "wintergreen", "z-4711", "winter clerk"):
        assert trace not in left


def test_pages_say_former_colleague_in_the_texts_own_language(
    app: Flask, company: Company, sign_in: SignIn
) -> None:
    _erase(sign_in, app, company.zoya)

    browser = sign_in(company.other)
    texts = [browser.page(f"/ideas/{i}").text for i in (company.hers, company.calls)]
    assert all("former colleague" in text for text in texts)
    assert "The cellar floods." in texts[0]
    assert "We would drown." in texts[0]
    assert "I said so." in texts[1]
    assert "бывший коллега" in browser.page(f"/ideas/{company.calls_ru}").text
    assert browser.get(f"/people/{company.zoya}").status_code == 404
    assert "former" not in browser.page("/people").text


def test_blanking_takes_their_words_and_leaves_those_of_others(
    app: Flask, company: Company, sign_in: SignIn
) -> None:
    _erase(sign_in, app, company.zoya, blank_texts="1")

    left = _everything(app)
    for gone in ("The cellar floods", "I said so", "We would drown"):
        assert gone not in left
    assert "knows why invoices are late" in left
    assert sign_in(company.other).get(f"/ideas/{company.hers}").status_code == 200


def test_the_chain_verifies_and_counts_stay(app: Flask, company: Company, sign_in: SignIn) -> None:
    _erase(sign_in, app, company.zoya)

    with app.app_context():
        links, broken = audit.verify()
        votes = db.session.scalar(select(func.count()).select_from(Vote))
        counted = db.session.get_one(Idea, company.calls).vote_count
        follows = select(func.count()).where(Follow.person_id == company.zoya)
        drafts = select(func.count()).where(Idea.stage_kind == "draft")
        assert (votes, counted) == (1, 1)
        assert db.session.scalar(follows) == 0
        assert db.session.scalar(drafts) == 0
    assert links >= 3
    assert broken is None


def test_search_finds_neither_the_person_nor_their_name(
    app: Flask, company: Company, sign_in: SignIn
) -> None:
    def hits(query: str) -> list[tuple[str, str]]:
        found = sign_in(company.other).json("/search", query_string={"q": query})
        return [(hit["kind"], hit["id"]) for hit in found["hits"]]

    catch_up(app)
    before = hits("Wintergreen")

    _erase(sign_in, app, company.zoya)
    catch_up(app)

    assert ("person", str(company.zoya)) in before
    assert len(before) >= 2
    assert hits("Wintergreen") == hits("Zoya") == []
    assert ("idea", str(company.hers)) in hits("cellar")
    suggested = sign_in(company.other).json("/search/suggest", query_string={"q": "Winter"})
    assert suggested["items"] == []


def test_an_export_says_former_colleague(
    app: Flask, company: Company, sign_in: SignIn, tmp_path: Path
) -> None:
    _erase(sign_in, app, company.zoya)

    done = app.test_cli_runner().invoke(args=["export", str(tmp_path)])

    assert done.exit_code == 0
    written = "".join(file.read_text() for file in tmp_path.iterdir())
    assert "The cellar floods." in written
    assert "former colleague" in written
    assert "wintergreen" not in written.casefold()
    assert "z-4711" not in written


def test_the_log_of_an_erasure_names_nobody(app: Flask, company: Company, sign_in: SignIn) -> None:
    logs.configure("DEBUG")
    try:
        with capture_logs() as lines:
            _erase(sign_in, app, company.zoya)
            sign_in(company.other).page(f"/ideas/{company.hers}")
    finally:
        logs.configure("ERROR")

    assert len(lines) >= 2
    assert "zoya" not in str(lines).casefold()


def test_every_way_in_is_closed(app: Flask, company: Company, sign_in: SignIn) -> None:
    hers = sign_in(company.zoya)

    _erase(sign_in, app, company.zoya)

    assert hers.get("/departments").status_code == 303
    with app.app_context():
        for model in (PersonSession, OneTimeToken):
            query = select(func.count()).where(model.person_id == company.zoya)
            assert db.session.scalar(query) == 0


def test_a_slip_of_the_hand_erases_nobody(app: Flask, company: Company, sign_in: SignIn) -> None:
    refused = _erase(sign_in, app, company.zoya, name="Zoya")
    once = _erase(sign_in, app, company.zoya)
    twice = _erase(sign_in, app, company.zoya)

    assert [each.status_code for each in (refused, once, twice)] == [422, 303, 404]


def test_the_last_administrator_is_not_erased(app: Flask, sign_in: SignIn) -> None:
    only = make.admin(app, name=NAME)

    refused = sign_in(only).post(f"/admin/people/{only}/erase", {"name": NAME})

    assert refused.status_code == 409
    with app.app_context():
        assert db.session.get_one(Person, only).name == NAME


def test_pictures_stay_with_the_texts_that_show_them(
    app: Flask, company: Company, sign_in: SignIn
) -> None:
    hers = sign_in(company.zoya)
    out = io.BytesIO()
    Image.new("RGB", (9, 9), "teal").save(out, "PNG")
    urls = []
    for _each in range(2):
        file = (io.BytesIO(out.getvalue()), "a.png")
        sent = hers.post(
            "/files",
            {"file": file},
            headers={"Accept": "application/json"},
            content_type="multipart/form-data",
        )
        urls.append(sent.json["url"])
    make.comment(app, company.calls, company.zoya, body=f"![shown]({urls[0]})")

    _erase(sign_in, app, company.zoya)

    browser = sign_in(company.other)
    assert [browser.get(url).status_code for url in urls] == [200, 404]


def test_everybody_sees_what_is_known_about_them_and_nothing_of_others(
    app: Flask, company: Company, sign_in: SignIn
) -> None:
    browser = sign_in(company.zoya)

    known = browser.json("/settings/data.json")
    page = browser.page("/settings/data")

    assert known["accounts"]["person"][0]["email"] == "zoya@example.org"
    assert known["ideas"]["votes"][0]["idea_id"] == company.calls
    assert any(row["problem"] == "The cellar floods." for row in known["ideas"]["wordings"])
    assert known["discussion"]["wordings"][0]["text"] == "I said so."
    assert {row["person_id"] for row in known["ideas"]["votes"]} == {company.zoya}
    assert "password_hash" not in str(known)
    assert "token_hash" not in str(known)
    assert "zoya@example.org" in page.text
    others = sign_in(company.other).client.get("/settings/data.json").text
    assert "zoya@example.org" not in others


def test_mails_to_others_still_go_without_the_name(
    app: Flask, company: Company, sign_in: SignIn
) -> None:
    texts = {
        "a@example.org": f"@{NAME} commented on your idea.",
        "b@example.org": f"{NAME}son commented, not {NAME}-Smith.",
        "c@example.org": "Write to not.zoya@example.org.",
    }
    with app.app_context(), transaction():
        for recipient, body in texts.items():
            mail.queue_mail(recipient, "News", body)

    _erase(sign_in, app, company.zoya)

    with app.app_context():
        query = select(mail.OutboxMail.recipient, mail.OutboxMail.body)
        left = dict(db.session.execute(query).all())
    assert left["a@example.org"] == "@former colleague commented on your idea."
    assert left["b@example.org"] == texts["b@example.org"]
    assert left["c@example.org"] == texts["c@example.org"]
    assert left["other@example.org"] == "former colleague commented on your idea."
    assert "zoya@example.org" not in left


def test_a_mention_that_is_no_link_loses_the_name_too(
    app: Flask, company: Company, sign_in: SignIn
) -> None:
    call = f"@[{NAME}](person:{company.zoya})"
    texts = [f"`{call}` in code", f"    {call}", f"[see {call} there](https://example.org)"]
    for text in texts:
        make.comment(app, company.calls, company.other, body=text)

    _erase(sign_in, app, company.zoya)

    assert "wintergreen" not in _everything(app).casefold()
    assert "in code" in sign_in(company.other).page(f"/ideas/{company.calls}").text


def test_what_they_said_was_carried_out_goes_and_what_others_said_of_theirs_stays(
    app: Flask, company: Company, sign_in: SignIn
) -> None:
    make.decide(app, company.hers, owner_id=company.department, override=True)
    make.decide(app, company.calls_ru, owner_id=company.department)
    outcomes = ((company.other, company.hers, "Pumps run."), (company.zoya, company.calls_ru, "Zz"))
    make.represent(app, company.other, company.department)
    for who, idea, outcome in outcomes:
        with app.app_context():
            someone, thing = db.session.get_one(Person, who), db.session.get_one(Idea, idea)
            decisions.mark_done(someone, thing, outcome=outcome)
    with app.app_context():
        told = known_about(company.zoya)["ideas"]["outcomes"]
    assert [row["outcome"] for row in told] == ["Zz"]

    _erase(sign_in, app, company.zoya, blank_texts="1")

    admin = sign_in(make.admin(app))
    assert "Pumps run." in admin.page(f"/ideas/{company.hers}").text
    assert "Zz" not in admin.page(f"/ideas/{company.calls_ru}").text


def test_queues_and_search_say_former_colleague(
    app: Flask, company: Company, sign_in: SignIn
) -> None:
    _erase(sign_in, app, company.zoya)
    catch_up(app)

    admin = sign_in(make.admin(app))
    assert "former colleague" in admin.page("/moderation?queue=answered").one("main").text
    assert "former colleague" in admin.page("/search?q=cellar").one("main").text
