"""The owner hears of a breach: once a day whatever the number of marks, while one stands."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from forum.core.calendar import company_day
from forum.core.clock import now, today
from forum.core.db import db, transaction
from forum.core.events import Event
from forum.departments.models import Deputy
from forum.notifications.models import Notification
from forum.standards.kept import facts
from forum.standards.kept.queries import counted_after
from forum.standards.kept.rates import Rate
from forum.standards.kept.telling import broken_days, in_charge_of
from tests.notifications.inboxes import catch_up, news_of, unread
from tests.notifications.posting import anna, mailing_forum, run, text_of, told
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
Queries = Callable[..., AbstractContextManager[list[str]]]
BODY = "## Purpose\n\nPay.\n\n## Promises\n\n| Who | Promises |\n|---|---|\n| Finance | Pays |"


@pytest.fixture
def owner(app: Flask) -> int:
    return make.person(app, name="Olga Keeper")


@pytest.fixture
def promised(app: Flask, owner: int) -> str:
    """A standard of Olga's whose second clause is a promise of Finance to everybody."""
    make.department(app, "Finance", code="FIN")
    return standards.in_force(app, body=BODY, owner=owner)


def say(browser: Browser, number: str, kept: str) -> None:
    answer = browser.post(f"/standards/{number}/kept", {"clause": "2", "kept": kept})
    assert answer.status_code == 303


def breaches(app: Flask, person: int) -> list[bool]:
    """Whether each notice of a breach that somebody got is shown."""
    catch_up(app)
    news_of(app, person)  # the count beside them agrees
    with app.app_context():
        query = select(Notification).where(
            Notification.person_id == person, Notification.kind == "promise-broken"
        )
        return [not row.concealed for row in db.session.scalars(query)]


def test_fifty_marks_are_one_notice(app: Flask, sign_in: SignIn, promised: str, owner: int) -> None:
    for _turn in range(12):
        say(sign_in(), promised, "0")
    assert breaches(app, owner) == [True]

    for _turn in range(12):
        say(sign_in(), promised, "0")
    assert breaches(app, owner) == [True]


def test_the_notice_names_nobody_and_leads_to_the_promises(
    app: Flask, sign_in: SignIn, promised: str, owner: int
) -> None:
    say(sign_in(make.person(app, name="Vera Teller")), promised, "0")
    catch_up(app)
    browser = sign_in(owner)

    page = browser.page("/notifications")

    assert "A promise was found broken" in page.text
    assert "Vera" not in page.text
    with app.app_context():
        news = db.session.scalars(
            select(Notification.id).where(Notification.kind == "promise-broken")
        ).one()
    answer = browser.post(f"/notifications/{news}/open")
    assert answer.location.endswith(f"/standards/{promised}/kept")


def test_a_promise_that_is_kept_is_no_news(
    app: Flask, sign_in: SignIn, promised: str, owner: int
) -> None:
    say(sign_in(), promised, "1")

    assert breaches(app, owner) == []


def test_a_breach_that_was_taken_back_is_no_news_any_more(
    app: Flask, sign_in: SignIn, promised: str, owner: int
) -> None:
    catch_up(app)
    browser, before = sign_in(), unread(app, owner)
    say(browser, promised, "0")
    assert breaches(app, owner) == [True]

    browser.post(f"/standards/{promised}/kept/undo", {"clause": "2"})
    assert breaches(app, owner) == [False]
    assert unread(app, owner) == before

    say(sign_in(), promised, "0")
    assert breaches(app, owner) == [True], "another one stands that day"
    say(browser, promised, "0")
    say(browser, promised, "1")
    assert breaches(app, owner) == [True], "one of two was taken back"


def test_the_next_day_is_told_anew(app: Flask, sign_in: SignIn, promised: str, owner: int) -> None:
    say(sign_in(), promised, "0")
    assert breaches(app, owner) == [True]

    with time_machine.travel(now() + timedelta(days=1)):
        say(sign_in(), promised, "0")

        assert breaches(app, owner) == [True, True]


def test_what_the_owner_marks_is_told_to_nobody_and_silences_nobody(
    app: Flask, sign_in: SignIn, promised: str, owner: int
) -> None:
    say(sign_in(owner), promised, "0")
    assert breaches(app, owner) == []

    say(sign_in(), promised, "0")
    assert breaches(app, owner) == [True]


def test_who_stands_in_for_the_owner_hears_of_it_too(
    app: Flask, sign_in: SignIn, promised: str, owner: int
) -> None:
    deputy = make.person(app)
    with app.app_context(), transaction():
        away = {"since": today(), "until": today() + timedelta(days=3)}
        db.session.add(Deputy(person_id=owner, deputy_id=deputy, **away))
    say(sign_in(), promised, "0")

    assert breaches(app, deputy) == [True]
    assert breaches(app, owner) == [True]


def test_a_standard_without_an_owner_tells_nobody(app: Flask, sign_in: SignIn) -> None:
    number = standards.in_force(app, body=BODY)

    say(sign_in(), number, "0")

    catch_up(app)
    with app.app_context():
        kinds = set(db.session.scalars(select(Notification.kind)))
    assert "promise-broken" not in kinds


@pytest.mark.parametrize("taken_back", [False, True])
def test_a_mail_goes_out_of_a_breach_that_was_not_taken_back(
    app: Flask, sign_in: SignIn, *, taken_back: bool
) -> None:
    number = standards.in_force(app, body=BODY, owner=anna(app))
    browser = sign_in()
    with (
        time_machine.travel(now(), tick=False) as clock,
        mailing_forum(app) as office,
    ):
        say(browser, number, "0")
        run(app)
        if taken_back:
            browser.post(f"/standards/{number}/kept/undo", {"clause": "2"})

        clock.shift(timedelta(minutes=31))
        run(app)

    letters = told(office, "anna@example.org")
    assert len(letters) == (0 if taken_back else 1)
    assert all(f"/standards/{number}/kept" in text_of(letter) for letter in letters)


def test_the_event_of_a_breach_says_neither_who_nor_which_clause(
    app: Flask, sign_in: SignIn, promised: str
) -> None:
    say(sign_in(), promised, "0")

    with app.app_context():
        query = select(Event).where(Event.type == facts.BROKEN.name)
        event = db.session.scalars(query).one()
        assert event.actor_id is None
        assert set(event.payload) == {"day"}


def test_whom_to_tell_costs_three_queries_whatever_the_number(
    app: Flask, sign_in: SignIn, queries: Queries, promised: str, owner: int
) -> None:
    several = [promised, *(standards.in_force(app, body=BODY, owner=owner) for _ in range(3))]
    for number in several:
        say(sign_in(), number, "0")
    with app.app_context():
        ids = [standards.by_number(number).id for number in several]
        company_day()  # reads where the company is

        with queries(3):  # the days, the owners, who stands in for them
            days, people = broken_days(ids), in_charge_of(ids)

    assert len(days) == 4
    assert people == {each: [owner] for each in ids}


def test_marks_are_counted_for_whoever_looks_at_many_standards(
    app: Flask, sign_in: SignIn, queries: Queries, promised: str
) -> None:
    other = standards.in_force(app, body=BODY)
    for kept in ("1", "1", "0"):
        say(sign_in(), promised, kept)
    say(sign_in(), other, "0")
    with app.app_context():
        one, two = (standards.by_number(number).id for number in (promised, other))
        before = now() - timedelta(minutes=5)

        with queries(1):
            counted = counted_after({one: before, two: before})

        assert counted == {one: {2: Rate(2, 3, 3)}, two: {2: Rate(0, 1, 1)}}
        assert counted_after({one: now()}) == counted_after({}) == {}
