"""What several people look for in vain is shown to moderators; who they were is kept nowhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from forum.core.clock import now
from forum.core.db import db
from forum.core.events import Event
from forum.search.follower import catch_up
from forum.search.missed import actions
from forum.search.missed.models import MissedSearch
from tests.search.test_recent import see
from tests.support import make


def listed(browser) -> list[str]:
    page = browser.page("/moderation/searches")
    return [e.text for e in page.all("a") if e.get("href", "").startswith("/search?q=")]


def rows(app) -> list[MissedSearch]:
    with app.app_context():
        return list(db.session.scalars(select(MissedSearch).order_by(MissedSearch.id)))


@pytest.fixture
def moderator(app, sign_in):
    catch_up(app)
    return sign_in(make.moderator(app))


def test_words_are_shown_once_three_different_people_have_asked(app, sign_in, moderator):
    first, second, third = sign_in(), sign_in(), sign_in()
    see(first, "q=Sick+leave", "q=sick+LEAVE", "q=sick+leave")
    see(second, "q=sick,+leave")
    assert listed(moderator) == []
    assert 'href="/moderation/searches"' not in moderator.get("/moderation").text

    see(third, "q=sick+leave")

    assert listed(moderator) == ["sick leave"]
    page = moderator.get("/moderation/searches").text
    assert "searched for 5 times" in page
    assert 'href="/ideas/new?title=sick+leave"' in page or "title=sick%20leave" in page
    assert 'href="/moderation/searches"' in moderator.get("/moderation").text
    assert 'value="sick leave"' in moderator.get("/ideas/new?title=sick+leave").text


def test_nothing_that_is_kept_says_who_asked(app, sign_in, moderator):
    people = [make.person(app, name=f"Zoya Winter {n}") for n in range(5)]
    for number in people[:4]:
        see(sign_in(number), "q=sick+leave")
    [row] = rows(app)
    assert len(row.askers) == 4
    assert (row.shown, row.by_many) == (True, False)
    assert all(len(asker) == 64 for asker in row.askers)
    see(sign_in(people[0]), "q=annual+leave")
    assert not set(row.askers) & set(rows(app)[1].askers)

    see(sign_in(people[4]), "q=sick+leave")

    assert rows(app)[0].askers == []
    assert rows(app)[0].by_many
    with app.app_context():
        assert not db.session.scalars(select(Event).where(Event.type.contains("search"))).all()


@pytest.mark.parametrize(
    "query",
    [
        "q=zoya@example.org",
        "q=author:zoya",
        "q=4711+12345678",
        "q=" + "very+" * 30,
        "q=leave&kind=idea",
        "q=x",
        "q=12",
    ],
)
def test_what_may_be_about_a_person_is_not_kept_at_all(app, sign_in, moderator, query):
    see(sign_in(), query)

    assert rows(app) == []


def test_a_page_that_claims_to_have_found_nothing_is_not_believed(app, sign_in, moderator):
    make.idea(app, title="Invoices arrive late")
    catch_up(app)
    browser = sign_in()

    browser.post("/search/finished", {"address": "q=invoice", "found": "0"})

    assert rows(app) == []


def test_what_a_consultant_does_not_find_is_not_counted(app, sign_in, moderator):
    finance = make.department(app)
    see(sign_in(make.person(app, kind="consultant", attached=[finance])), "q=sick+leave")

    assert rows(app) == []


def shown(app, sign_in, words="sick+leave") -> int:
    for _number in range(3):
        see(sign_in(), f"q={words}")
    return rows(app)[-1].id


def test_one_is_put_aside_and_taken_back(app, sign_in, moderator):
    missed = shown(app, sign_in)

    answer = moderator.post(f"/moderation/searches/{missed}/dismiss")
    assert answer.location == "/moderation/searches"
    assert f"/moderation/searches/{missed}/take-back" in moderator.get(answer.location).text
    see(sign_in(), "q=sick+leave")
    assert listed(moderator) == []

    moderator.post(f"/moderation/searches/{missed}/take-back")
    moderator.post(f"/moderation/searches/{missed}/take-back")
    assert listed(moderator) == ["sick leave"]
    with app.app_context():
        events = db.session.scalars(
            select(Event).where(Event.object_kind == "missed-search").order_by(Event.id)
        )
        assert [event.payload["aside"] for event in events] == [1, 0]


def test_what_is_found_by_now_is_listed_no_more(app, sign_in, moderator):
    shown(app, sign_in)
    make.idea(app, title="Sick leave takes three forms")
    catch_up(app)

    assert listed(moderator) == []


def test_to_find_only_some_of_the_words_is_in_vain_too(app, sign_in, moderator):
    make.idea(app, title="Leave your bicycle outside")
    catch_up(app)

    shown(app, sign_in, "sick+leave")

    assert listed(moderator) == ["sick leave"]


def test_only_moderators_see_them_and_only_those_that_are_shown(app, sign_in, moderator):
    missed = shown(app, sign_in)
    see(sign_in(), "q=secret+wish")
    secret = rows(app)[-1].id
    for browser in (sign_in(), sign_in(make.person(app, kind="board"))):
        assert browser.get("/moderation/searches").status_code == 404
        assert browser.post(f"/moderation/searches/{missed}/dismiss").status_code == 404
    assert moderator.post(f"/moderation/searches/{secret}/dismiss").status_code == 404
    assert moderator.post("/moderation/searches/987654/dismiss").status_code == 404
    assert "secret" not in moderator.get("/moderation/searches").text


def test_they_are_forgotten_after_ninety_days(app, sign_in, moderator):
    shown(app, sign_in)
    with time_machine.travel(now() + timedelta(days=89)), app.app_context():
        assert actions.forget_old() == 0

    with time_machine.travel(now() + timedelta(days=92)), app.app_context():
        assert actions.forget_old() == 1

    assert rows(app) == []


def test_the_page_costs_the_same_however_many_there_are(app, sign_in, moderator, queries):
    for words in ("sick+leave", "annual+leave", "parental+leave"):
        shown(app, sign_in, words)
    moderator.get("/moderation/searches")

    with queries(2):  # the reader, the searches
        moderator.get("/moderation/searches")
