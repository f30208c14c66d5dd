"""While somebody is away, their deputy answers in their place."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask

from forum.accounts.models import Person
from forum.core.clock import now, today
from forum.core.db import db, transaction
from forum.core.personal import Erasure
from forum.departments.models import Deputy
from forum.departments.personal import HOLDING
from forum.departments.queries import answerers_of, answers_for, answers_for_each, heads_of
from tests.notifications.inboxes import catch_up, news_of
from tests.support import make

NEXT_WEEK = timedelta(days=7)


def days(since: date, until: date) -> dict[str, str]:
    return {"since": since.isoformat(), "until": until.isoformat()}


@pytest.fixture
def seats(app: Flask) -> tuple[int, int, int]:
    """A department, its representative, and a colleague of theirs."""
    department, representative = make.represented(app)
    return department, representative, make.person(app, email="dora@example.org", name="Dora Stand")


def send_away(sign_in, person: int, since: date | None = None, handle: str = "Dora@example.org"):
    first = since or today()
    fields = {"deputy": handle, **days(first, first + NEXT_WEEK)}
    return sign_in(person).post("/settings/deputy", fields)


def test_a_deputy_is_asked_and_answers_in_that_time(app, sign_in, seats) -> None:
    department, representative, deputy = seats
    assert send_away(sign_in, representative).status_code == 303

    idea = make.idea(app, departments=[department])
    catch_up(app)
    page = sign_in(deputy).page("/answers")
    answer = sign_in(deputy).post(f"/ideas/{idea}/answers/{department}", {"answer": "helps"})

    assert (news_of(app, deputy), news_of(app, representative)) == (["answer-wanted"], [])
    assert len(page.all("li", data_idea=idea)) == 1
    assert answer.status_code == 303


def test_the_page_names_who_stands_in(app, sign_in, seats) -> None:
    department, representative, _deputy = seats
    idea = make.idea(app, departments=[department])
    send_away(sign_in, representative)

    assert "Dora Stand answers for it." in sign_in().page(f"/ideas/{idea}").text


def test_before_and_after_that_time_a_deputy_is_nobody_special(app, sign_in, seats) -> None:
    department, representative, deputy = seats
    send_away(sign_in, representative, since=today() + timedelta(days=2))
    asked = []

    for later in (0, 2, 9, 10):
        with time_machine.travel(now() + timedelta(days=later)), app.app_context():
            asked.append(answerers_of([department])[department])
            assert (department in answers_for(deputy)) == (asked[-1] == [deputy])

    assert asked == [[representative], [deputy], [deputy], [representative]]


def test_a_head_is_stood_in_for_too(app, sign_in, seats) -> None:
    _department, representative, deputy = seats
    headed = make.department(app, head_id=representative)
    send_away(sign_in, representative)

    with app.app_context():
        assert heads_of([headed]) == {headed: deputy}
        assert answers_for(deputy) == {headed, seats[0]}
        assert answers_for_each([deputy]) == {deputy: answers_for(deputy)}


def test_who_is_back_answers_again(app, sign_in, seats) -> None:
    department, representative, _deputy = seats
    send_away(sign_in, representative)
    browser = sign_in(representative)
    assert "Dora Stand" in browser.page("/settings/deputy").text

    browser.post("/settings/deputy/end")
    browser.post("/settings/deputy/end")

    with app.app_context():
        assert answerers_of([department]) == {department: [representative]}


def test_a_deputy_who_left_is_passed_over(app, sign_in, seats) -> None:
    department, representative, deputy = seats
    send_away(sign_in, representative)
    with app.app_context(), transaction():
        db.session.get_one(Person, deputy).deactivated_at = now()

    with app.app_context():
        assert answerers_of([department]) == {department: [representative]}


def test_an_absent_colleague_who_stands_in_is_not_asked_twice(app, sign_in, seats) -> None:
    department, representative, deputy = seats
    make.represent(app, deputy, department)
    send_away(sign_in, representative)

    with app.app_context():
        assert answerers_of([department]) == {department: [deputy]}


@pytest.mark.parametrize("handle", ["nobody@example.org", "", "board@example.org"])
def test_only_colleagues_who_may_answer_are_named(app, sign_in, seats, handle) -> None:
    make.person(app, kind="board", email="board@example.org")

    refused = send_away(sign_in, seats[1], handle=handle)

    assert (refused.status_code, "staff number" in refused.text) == (422, True)


def test_nobody_stands_in_for_themselves_or_in_the_past(app, sign_in, seats) -> None:
    _department, representative, _deputy = seats
    long_ago = today() - timedelta(days=30)

    assert send_away(sign_in, seats[2], handle="dora@example.org").status_code == 422
    past = send_away(sign_in, representative, since=long_ago)

    assert (past.status_code, "still to come" in past.text) == (422, True)


def test_the_way_there_is_shown_to_those_who_answer(app, sign_in, seats) -> None:
    link = "/settings/deputy"

    assert sign_in(seats[1]).page("/settings").all("a", href=link)
    assert not sign_in().page("/settings").all("a", href=link)


def test_who_is_erased_stands_in_for_nobody(app, sign_in, seats) -> None:
    _department, representative, deputy = seats
    send_away(sign_in, representative)
    admin = make.admin(app)

    with app.app_context():
        known = HOLDING.about(deputy)["deputies"]
        by = db.session.get_one(Person, admin)
        with transaction():
            HOLDING.erase(Erasure(deputy, "Dora Stand", None, by))
        left = db.session.query(Deputy).count()

    assert (len(known), left) == (1, 0)
