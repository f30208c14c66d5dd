"""Seats of people who do not work here any more, and of those who may not come in."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts import standing
from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.core.errors import Forbidden
from forum.core.events import Event
from forum.training import facts
from forum.training.models import Session
from forum.training.sessions import actions, seats
from tests.support import make
from tests.training import company as office
from tests.training.company import Company, places, sign_up


@pytest.fixture
def company(app: Flask) -> Company:
    return office.found(app)


@pytest.mark.parametrize("leaves", ["closed", "board"])
def test_who_does_not_work_here_any_more_leaves_the_seat_and_the_queue(
    app: Flask, company: Company, leaves: str
) -> None:
    number = office.planned(app, company, capacity=1)
    first, second, third = (make.person(app) for _turn in range(3))
    for person in (first, second, third):
        sign_up(app, person, number)
    admin = make.admin(app)

    with app.app_context():
        by = db.session.get_one(Person, admin)
        for each in (second, first):
            gone = db.session.get_one(Person, each)
            if leaves == "board":
                standing.set_kind(by, gone, "board")
            else:
                standing.deactivate(by, gone)

    assert places(app, number) == {third: "seat"}


def test_whoever_leaves_while_their_sign_up_waits_gets_no_seat(
    app: Flask, company: Company
) -> None:
    number, leaving = office.planned(app, company), make.person(app)
    admin = make.admin(app)
    with app.app_context():
        person, session = db.session.get_one(Person, leaving), db.session.get_one(Session, number)
        assert person.deactivated_at is None
        with app.app_context():
            by, gone = (db.session.get_one(Person, each) for each in (admin, leaving))
            standing.deactivate(by, gone)

        with pytest.raises(Forbidden):
            seats.sign_up(person, session)

    assert places(app, number) == {}


def test_a_session_that_was_called_off_hears_nothing_of_who_leaves(
    app: Flask, company: Company
) -> None:
    number, off = office.planned(app, company), office.planned(app, company)
    leaving, admin = make.person(app), make.admin(app)
    for each in (number, off):
        sign_up(app, leaving, each)
    with app.app_context():
        host = db.session.get_one(Person, company.moderator)
        actions.cancel(host, db.session.get_one(Session, off), "Nobody can.")
        by, gone = (db.session.get_one(Person, each) for each in (admin, leaving))

        standing.deactivate(by, gone)

        left = select(Event.object_id).where(Event.type == facts.SIGNED_OFF.name)
        assert list(db.session.scalars(left)) == [number]
    assert places(app, off) == {leaving: "seat"}


def test_a_freed_seat_passes_over_those_who_may_not_come_in(app: Flask, company: Company) -> None:
    number = office.planned(app, company, capacity=1)
    first, second, third = (make.person(app) for _turn in range(3))
    for person in (first, second, third):
        sign_up(app, person, number)
    with app.app_context(), transaction():
        db.session.get_one(Person, second).deactivated_at = make.ago(days=1)

    with app.app_context():
        seats.sign_off(
            db.session.get_one(Person, first),
            db.session.get_one(Session, number),
        )

    assert places(app, number) == {second: "waiting", third: "seat"}
