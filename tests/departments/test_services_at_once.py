"""Services drawn at the same moment to a team, a role or a person that was not on the map."""

from __future__ import annotations

from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db
from forum.departments.models import Service, Side, SideKind
from forum.departments.services import actions, ends
from forum.departments.services.saying import Said
from tests.support import make
from tests.support.together import at_once

HANDS = 4


def _draw(app: Flask, by: int, place: int, kind: SideKind, name: str, person: int) -> None:
    with app.app_context():
        drawer = db.session.get_one(Person, by)
        end = (
            ends.somebody(db.session.get_one(Person, person))
            if kind == SideKind.PERSON
            else ends.part_of(place, kind, name)
        )
        said = Said(f"Reports in {name}, {by}")
        actions.draw(drawer, ends.department(place), end, said)


@pytest.mark.parametrize("kind", list(SideKind))
def test_hands_that_are_first_at_the_same_moment_meet_at_one_side(
    app: Flask, kind: SideKind
) -> None:
    place = make.department(app, "IT")
    drawers = [make.person(app) for _hand in range(HANDS)]
    for each in drawers:
        make.represent(app, each, place)
    board = make.person(app, name="Olga Board", kind="board")

    for spellings in (("Desk", "Desk"), ("Buyers", "buyers")):
        at_once(
            [
                partial(_draw, app, each, place, kind, spellings[number % 2], board)
                for number, each in enumerate(drawers)
            ]
        )

    with app.app_context():
        sides = list(db.session.scalars(select(Side.name)))
        drawn = list(db.session.scalars(select(Service.id)))
    assert len(drawn) == 2 * HANDS
    assert len(sides) == (1 if kind == SideKind.PERSON else 2), sides
