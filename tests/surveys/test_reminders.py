"""Reminders of surveys: two at most, together, and none for who has answered or left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.surveys import reminding
from tests.support import make
from tests.support.browser import Browser
from tests.surveys import company

SignIn = Callable[..., Browser]


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    company.switch_on(app)


def test_reminders_are_two_at_most_and_none_after_taking_part(app: Flask, sign_in: SignIn) -> None:
    laptops, people = company.served(app)
    start = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        wave = company.running(app, [laptops], days=10)
        company.answer(app, sign_in(people[0]), wave, laptops)
    told = []
    for days in range(1, 10):
        with time_machine.travel(start + timedelta(days=days), tick=False), app.app_context():
            told.append(reminding.remind((start + timedelta(days=days)).date()))

    assert [count for count in told if count] == [5, 5]
    assert told[4] == told[7] == 5
    with app.app_context():
        unread = dict(db.session.execute(select(Person.id, Person.unread)).all())
    assert unread[people[0]] == 1
    assert unread[people[1]] == 3


def test_reminders_of_two_waves_come_together(app: Flask) -> None:
    company.switch_on(app, **company.GENEROUS)
    laptops, people = company.served(app)
    with app.app_context():
        finance = db.session.get_one(Person, people[0]).department_id
    assert finance is not None
    desks = company.service(app, make.department(app), finance, "Desks")
    start = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        company.running(app, [laptops], days=10)
        company.running(app, [desks], days=12)
    told = 0
    for days in range(1, 12):
        with time_machine.travel(start + timedelta(days=days), tick=False), app.app_context():
            told += reminding.remind((start + timedelta(days=days)).date())

    assert told == 2 * len(people)


def test_who_leaves_is_not_reminded(app: Flask) -> None:
    laptops, people = company.served(app)
    start = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        company.running(app, [laptops], days=10)
    with app.app_context(), transaction():
        db.session.get_one(Person, people[0]).deactivated_at = start

    with time_machine.travel(start + timedelta(days=6), tick=False), app.app_context():
        assert reminding.remind((start + timedelta(days=6)).date()) == len(people) - 1
