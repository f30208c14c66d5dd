"""What happened in the demo company, in the order in which it happened, at hours people work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from zlib import crc32

from sqlalchemy import update

from forum.core.db import db
from forum.core.events import Event

MORNING, WORKDAY = timedelta(hours=6), timedelta(hours=9)
"""Working hours in UTC: a company whose offices lie a little to the east of it."""
LATEST, RECENT = timedelta(minutes=3), timedelta(hours=5)
"""What happened today lies between these two before now, whatever the hour is."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened: how many days ago, what has to come before it on the same day.

    `act` writes its rows and events for the moment it is given, in the open write.
    """

    days_ago: int
    phase: int
    act: Callable[[datetime], None]
    rows: int = 4


def arrange(steps: list[Step], today: datetime) -> Iterator[tuple[datetime, Step]]:
    """Every step with its moment, oldest first; those of one day spread over the working day."""
    ordered = sorted(steps, key=lambda step: (-step.days_ago, step.phase))
    for days_ago, same_day in groupby(ordered, key=lambda step: step.days_ago):
        begin, length = _hours(today, days_ago)
        members = list(same_day)
        for place, step in enumerate(members):
            jitter = chance(f"{days_ago}/{place}") * 0.9
            yield begin + length * ((place + jitter) / len(members)), step


def _hours(today: datetime, days_ago: int) -> tuple[datetime, timedelta]:
    if days_ago == 0:
        return today - RECENT, RECENT - LATEST
    midnight = today.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=days_ago) + MORNING, WORKDAY


def chance(key: str) -> float:
    """A number from 0 to 1 that looks random and is the same every time."""
    return crc32(key.encode()) / 2**32


def put_back(kind: str, number: int, at: datetime) -> None:
    """Let what was just told of something have happened then, in the open write: its news is as old
    as it is."""
    told = update(Event).where(Event.object_kind == kind, Event.object_id == number)
    db.session.execute(told.values(at=at).execution_options(synchronize_session=False))
