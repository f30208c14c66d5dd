"""Many clicks at once over the capacity: exactly as many sit as fit, on both databases."""

from __future__ import annotations

from functools import partial

from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db
from forum.training.models import Seat, Session
from forum.training.sessions import seats
from tests.support import make
from tests.support.together import at_once
from tests.training import company as office

SEATS, PEOPLE = 5, 12


def sign(app: Flask, session_id: int, person_id: int, *, off: bool = False) -> None:
    with app.app_context():
        session = db.session.get_one(Session, session_id)
        person = db.session.get_one(Person, person_id)
        (seats.sign_off if off else seats.sign_up)(person, session)


def rows(app: Flask) -> list[tuple[int, bool]]:
    with app.app_context():
        found = db.session.execute(select(Seat.person_id, Seat.waiting).order_by(Seat.id))
        return [(row[0], row[1]) for row in found]


def test_exactly_as_many_get_a_seat_as_there_are_and_freed_ones_go_on_in_order(app: Flask) -> None:
    company = office.found(app)
    number = office.planned(app, company, capacity=SEATS)
    people = [make.person(app) for _turn in range(PEOPLE)]

    at_once([partial(sign, app, number, each) for each in people])

    found = rows(app)
    assert [waiting for _who, waiting in found] == [False] * SEATS + [True] * (PEOPLE - SEATS)
    sitting = [who for who, waiting in found if not waiting]
    at_once([partial(sign, app, number, each, off=True) for each in sitting[:3]])

    left = rows(app)
    assert [waiting for _who, waiting in left] == [False] * SEATS + [True] * (PEOPLE - SEATS - 3)
    assert left == [(who, waiting) for who, waiting in left if who not in sitting[:3]]
