"""By when: working days from the day one is asked; joiners, renewals, reminders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from forum.accounts import standing
from forum.accounts.models import Person
from forum.core import readers
from forum.core.db import db, transaction
from forum.core.events import Event
from forum.core.site import save_settings
from forum.departments import membership, merging
from forum.departments.models import Department
from forum.notifications.models import Notification
from forum.standards.confirming import reminding
from tests.notifications.posting import ADDRESS, anna, mailing_forum, run, text_of, told
from tests.standards import standards
from tests.standards.confirming import confirmations
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def _at(day: date | datetime) -> Any:
    moment = (
        day if isinstance(day, datetime) else datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    )
    return time_machine.travel(moment, tick=False)


def _sweep(app: Flask) -> None:
    with app.app_context():
        reminding.sweep()
    with app.app_context():
        readers.catch_up()


def _told(app: Flask) -> list[int]:
    """Who was reminded, once for each time."""
    with app.app_context():
        found = db.session.query(Notification.person_id).filter_by(kind="to-confirm")
        return sorted(row[0] for row in found)


def test_there_are_ten_working_days_unless_a_company_says_otherwise(
    app: Flask, sign_in: SignIn
) -> None:
    with _at(MONDAY):
        number = standards.in_force(app)
        reader = sign_in()
        usual = confirmations.to_confirm(reader)[number]
        with app.app_context(), transaction():
            save_settings({"confirm_days": 3})
        short = confirmations.to_confirm(reader)[number]

    assert "To be confirmed by Mar 16, 2026" in usual
    assert "To be confirmed by Mar 5, 2026" in short


def test_who_joins_has_days_of_their_own(app: Flask, sign_in: SignIn) -> None:
    with _at(MONDAY):
        finance, _people = confirmations.department_of(app, "Anna")
        mover = make.person(app)
        number = standards.in_force(app, departments=[finance])
    with _at(date(2026, 5, 4)):
        with app.app_context():
            membership.place(db.session.get_one(Person, make.admin(app)), mover, finance)
        newcomer = make.person(app, department=finance)

        for person in (mover, newcomer):
            assert "May 18, 2026" in confirmations.to_confirm(sign_in(person))[number]
        page = sign_in(make.moderator(app)).page(f"/standards/{number}/confirmations?show=late")

    assert [row.text.split("Department")[0] for row in page.all("li", data_person=True)] == ["Anna"]


@pytest.mark.parametrize("how", ["moves", "merges"])
def test_who_moves_within_those_it_is_for_gets_no_more_days(
    app: Flask, sign_in: SignIn, how: str
) -> None:
    with _at(MONDAY):
        finance, (person,) = confirmations.department_of(app, "Anna")
        sales, _people = confirmations.department_of(app, "Boris")
        audience = [finance, sales] if how == "moves" else [finance]
        number = standards.in_force(app, departments=audience)
    with _at(date(2026, 5, 4)):
        with app.app_context():
            admin = db.session.get_one(Person, make.admin(app))
            if how == "moves":
                membership.place(admin, person, sales)
            else:
                old, heir = (db.session.get_one(Department, each) for each in (finance, sales))
                merging.merge(admin, old, heir)

        assert "by Mar 16, 2026" in confirmations.to_confirm(sign_in(person))[number]
        page = sign_in(make.moderator(app)).page(f"/standards/{number}/confirmations?show=late")

    assert str(person) in [row["data-person"] for row in page.all("li", data_person=True)]


def test_who_gets_a_role_is_asked_from_then_on(app: Flask, sign_in: SignIn) -> None:
    with _at(MONDAY):
        person, admin = make.person(app), make.admin(app)
        make.moderator(app)
        number = standards.in_force(app, people=[("role", "moderator")])
    with _at(date(2026, 5, 4)):
        with app.app_context():
            boss, someone = (db.session.get_one(Person, each) for each in (admin, person))
            standing.set_role(boss, someone, "moderator")

        assert "May 18, 2026" in confirmations.to_confirm(sign_in(person))[number]


def test_what_waits_is_ordered_by_day_and_confirmed_in_place(app: Flask, sign_in: SignIn) -> None:
    with _at(MONDAY):
        reader = make.person(app)
        first = standards.in_force(app, title="First")
    with _at(date(2026, 3, 9)):
        second = standards.in_force(app, title="Second")
        browser = sign_in(reader)
        waits = list(confirmations.to_confirm(browser))

        answer = browser.post(
            f"/standards/{first}/acknowledge", {"version": "1", "from": "pending"}
        )

        assert waits == [first, second]
        assert (answer.status_code, answer.location) == (303, "/standards/pending")
        assert list(confirmations.to_confirm(browser)) == [second]
        confirmations.confirm(browser, second)
        assert "Nothing to confirm" in browser.page("/standards/pending").text


@pytest.mark.parametrize("size", [1, 12])
def test_what_waits_costs_the_same_however_much(
    app: Flask, sign_in: SignIn, queries: Callable[..., Any], size: int
) -> None:
    for _each in range(size):
        standards.in_force(app)
    reader = sign_in()
    reader.get("/standards/pending")

    with queries(2):  # the reader, what waits
        reader.get("/standards/pending")


def test_a_consultant_has_nothing_to_confirm(app: Flask, sign_in: SignIn) -> None:
    finance, _people = confirmations.department_of(app, "Anna")
    standards.in_force(app, departments=[finance])

    assert confirmations.to_confirm(sign_in(kind="consultant", attached=[finance])) == {}


def test_a_confirmation_runs_out_and_is_given_again(app: Flask, sign_in: SignIn) -> None:
    with _at(MONDAY):
        number, reader = standards.in_force(app), make.person(app)
        confirmations.confirm(sign_in(reader), number)
        curator = sign_in(make.moderator(app))
        curator.post(f"/standards/{number}/renewal", {"months": "6"})
    with _at(date(2026, 9, 1)):
        assert confirmations.to_confirm(sign_in(reader)) == {}
    with _at(date(2026, 9, 3)):
        browser = sign_in(reader)
        assert "ran out on Sep 2, 2026" in confirmations.to_confirm(browser)[number]
        assert confirmations.waits_on_home(browser) != []
        assert "read it again" in browser.page(f"/standards/{number}").text
        assert confirmations.counted(app, number)[0] == 0

        confirmations.confirm(browser, number)

        assert confirmations.to_confirm(browser) == {}
        assert confirmations.waits_on_home(browser) == []
        assert confirmations.counted(app, number)[0] == 1
    with app.app_context():
        assert db.session.query(Event).filter_by(type="standard.acknowledged").count() == 2


def test_only_moderators_say_how_often(app: Flask, sign_in: SignIn) -> None:
    owner = make.person(app)
    number = standards.in_force(app, owner=owner)
    moderator = sign_in(make.moderator(app))

    assert sign_in(owner).post(f"/standards/{number}/renewal", {"months": "6"}).status_code == 403
    assert moderator.post(f"/standards/{number}/renewal", {"months": "7"}).status_code == 422
    assert moderator.post(f"/standards/{number}/renewal", {"months": "x"}).status_code == 422
    assert moderator.post(f"/standards/{number}/renewal", {"months": "6"}).status_code == 303
    assert moderator.post(f"/standards/{number}/renewal", {"months": "6"}).status_code == 303
    with app.app_context():
        assert db.session.query(Event).filter_by(type="standard.renewal-changed").count() == 1


def test_somebody_is_reminded_once_before_and_once_after_of_all_together(
    app: Flask, sign_in: SignIn
) -> None:
    with _at(MONDAY):
        finance, (anna, boris) = confirmations.department_of(app, "Anna", "Boris")
        _sweep(app)
        one = standards.in_force(app, departments=[finance], title="One")
        standards.in_force(app, departments=[finance], title="Two")
        confirmations.confirm(sign_in(boris), one, 1)
    reminded = {}
    for days in range(1, 25):
        day = MONDAY + timedelta(days=days)
        with _at(day):
            before = _told(app)
            _sweep(app)
            _sweep(app)
            if new := len(_told(app)) - len(before):
                reminded[day.date()] = new

    assert reminded == {date(2026, 3, 11): 2, date(2026, 3, 17): 2}
    assert _told(app) == [anna, anna, boris, boris]
    with _at(date(2026, 3, 18)):
        inbox = sign_in(anna).page("/notifications").text
        assert "2 standards wait for your confirmation, 2 are overdue" in inbox
        assert (
            "1 standard waits for your confirmation" in sign_in(boris).page("/notifications").text
        )


def test_a_reminder_is_one_mail_about_everything(app: Flask) -> None:
    with _at(MONDAY):
        person = anna(app)
        _sweep(app)
        standards.in_force(app)
        standards.in_force(app)
    with _at(date(2026, 3, 11)), mailing_forum(app) as office:
        _sweep(app)
        run(app)

        [letter] = told(office, "anna@example.org")

    assert person
    assert letter["Subject"] == "Standards to confirm"
    assert "2 standards wait for your confirmation" in text_of(letter)
    assert f"{ADDRESS}/standards/pending" in text_of(letter)


def test_what_waited_before_reminders_were_there_is_not_told(app: Flask) -> None:
    with _at(MONDAY):
        make.person(app)
        standards.in_force(app)
    with _at(date(2026, 6, 1)):
        _sweep(app)
    with _at(date(2026, 6, 2)):
        _sweep(app)

    assert _told(app) == []


def test_days_on_which_nothing_was_swept_are_made_up_for(app: Flask) -> None:
    with _at(MONDAY):
        anna = make.person(app)
        _sweep(app)
        standards.in_force(app)
    with _at(date(2026, 4, 1)):
        _sweep(app)

    assert _told(app).count(anna) == 1


@pytest.mark.parametrize("moment", [(14, 12), (11, 5)])
def test_nobody_is_reminded_on_a_weekend_or_before_the_morning(
    app: Flask, moment: tuple[int, int]
) -> None:
    with _at(MONDAY):
        make.person(app)
        _sweep(app)
        standards.in_force(app)
    with _at(datetime(2026, 3, *moment, tzinfo=UTC)):
        _sweep(app)

    assert _told(app) == []


def test_many_are_reminded_in_batches_that_go_on_where_they_stopped(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminding, "BATCH", 3)
    with _at(MONDAY):
        people = [make.person(app) for _each in range(7)]
        _sweep(app)
        standards.in_force(app)
    with _at(date(2026, 3, 11)):
        _sweep(app)
        with app.app_context():
            batches = db.session.query(Event).filter_by(type="standard.confirmations-due").count()

    assert batches >= 3
    assert set(people) <= set(_told(app))
    assert len(_told(app)) == len(set(_told(app)))


def test_a_page_says_what_a_confirmation_is_worth(app: Flask, sign_in: SignIn) -> None:
    number, reader = standards.in_force(app), sign_in()
    plain = reader.page(f"/standards/{number}").text
    with app.app_context(), transaction():
        save_settings({"signature_en": "By order 17 this counts as a simple signature."})
    own = reader.page(f"/standards/{number}").text

    assert "It is no electronic signature." in plain
    assert "By order 17 this counts as a simple signature." in own
    assert "It is no electronic signature." not in own
