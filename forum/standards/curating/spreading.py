"""Spreading the days of reviews evenly over a cycle, so that not all fall on one."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import or_, select

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.calendar import add_working_days, company_day
from forum.core.db import read_columns, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import record
from forum.core.i18n import lazy
from forum.standards.models import Standard, VersionState
from forum.standards.review import facts, policy
from forum.standards.review.actions import WRONG_MONTHS, move_day
from forum.standards.review.intervals import MONTHS, add_months

BATCH = 200
MOVED = lazy("The days have changed since you looked. Look at the preview again.")
ALL, LATE = "all", "late"


class Move(NamedTuple):
    """A standard with the day it has and the day it would get."""

    id: int
    number: str
    title: str
    lang: str
    before: date | None
    after: date


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be moved, and a digest by which it is known again."""

    moves: Sequence[Move]

    @property
    def digest(self) -> str:
        """Other days make another digest."""
        told = "\n".join(f"{move.number} {move.before} {move.after}" for move in self.moves)
        return hashlib.sha256(told.encode()).hexdigest()[:24]

    @property
    def months(self) -> list[tuple[date, int]]:
        """How many reviews each month would have, by its first day."""
        counted: Counter[date] = Counter()
        # Thousands of standards have a few hundred days: each is taken to its month once.
        for day, many in Counter([move.after for move in self.moves]).items():
            counted[day.replace(day=1)] += many
        return sorted(counted.items())


def plan(months: int, which: str) -> Plan:
    """Working days spread over so many months from tomorrow on, in the order of the days there are.

    `which` are all standards in force, or only the late ones and those without a day. One query.
    """
    if months not in MONTHS:
        raise Invalid(WRONG_MONTHS, field="months")
    today = company_day()
    query = select(
        Standard.id, Standard.number, Standard.title, Standard.lang, Standard.review_on
    ).where(Standard.state == VersionState.IN_FORCE)
    if which == LATE:
        query = query.where(or_(Standard.review_on.is_(None), Standard.review_on < today))
    order = (Standard.review_on.is_(None), Standard.review_on, Standard.sequence)
    rows = read_columns(query.order_by(*order)).all()
    days = (add_months(today, months) - today).days
    on = _working(today, days)
    many = max(len(rows), 1)
    return Plan([Move._make((*row, on[(at * days) // many])) for at, row in enumerate(rows)])


def _working(today: date, days: int) -> list[date]:
    """For each of so many days from tomorrow on itself, or the next that is worked: several
    standards get the same."""
    return [add_working_days(today + timedelta(days=1 + after), 0) for after in range(days)]


def spread(moderator: Person, months: int, which: str, *, seen: str) -> tuple[int, int]:
    """Move the days as the preview showed them, in small writes; how many were moved, and how many
    left because somebody else was faster.

    Conflict when another plan would come out now.
    """
    require(policy.may_plan(moderator))
    found = plan(months, which)
    if found.digest != seen:
        raise Conflict(MOVED)
    moves = [move for move in found.moves if move.before != move.after]
    moved = 0
    for first in range(0, len(moves), BATCH):
        with transaction():
            for move in moves[first : first + BATCH]:
                if move_day(move.id, move.after, was=move.before):
                    record(facts.PLANNED, by=moderator, about=("standard", move.id))
                    moved += 1
    return moved, len(moves) - moved
