"""Taps at the same moment, as of an impatient thumb or a script."""

from __future__ import annotations

from functools import partial

from flask import Flask
from sqlalchemy import func, select

from forum.core.db import db
from forum.core.errors import TooMany
from forum.thanks.actions import PER_HOUR
from forum.thanks.models import Thanks
from tests.support import make
from tests.support.together import at_once
from tests.thanks.saying import switch, thank

HANDS = 4


def _said(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Thanks)) or 0


def test_taps_at_the_same_moment_are_one_thank_you(app: Flask) -> None:
    switch(app, "thanks")
    place = make.department(app)
    anna, boris = make.person(app, department=place), make.person(app)

    for why in ("You stayed late.", "You came early.", "You called back."):
        found = at_once([partial(thank, app, anna, people=[boris], why=why)] * HANDS)
        assert len(set(found)) == 1

    assert _said(app) == 3


def test_a_script_with_many_hands_is_stopped_within_the_hour(app: Flask) -> None:
    switch(app, "thanks")
    anna, boris = make.person(app), make.person(app)
    app.config["RATE_LIMITS"] = True
    for turn in range(PER_HOUR - 1):
        thank(app, anna, people=[boris], why=f"Reason {turn}.")

    def tap(hand: int) -> bool:
        try:
            thank(app, anna, people=[boris], why=f"At last {hand}.")
        except TooMany:
            return False
        return True

    assert sum(at_once([partial(tap, hand) for hand in range(HANDS)])) == 1
    assert _said(app) == PER_HOUR
