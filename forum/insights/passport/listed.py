"""Lists of a section: their first lines, and where the whole is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from forum.core.calendar import company_day
from forum.core.db import read_columns

SHOWN = 10
"""Lines of a section; the rest is a link."""


class Lines(NamedTuple):
    """The first lines of a list, and where the whole is if there is more."""

    rows: list[Any]
    more_url: str


def lines_of(query: Any, more_url: str, line: Callable[[Any], Any]) -> Lines | None:
    """A list of at most `SHOWN` lines of a query that reads one more. One query."""
    rows = list(read_columns(query).all())
    if not rows:
        return None
    return Lines([line(row) for row in rows[:SHOWN]], more_url if len(rows) > SHOWN else "")


def days_since(due_on: date | None) -> int:
    """How many days ago something was due; 0 where it is not yet or has no day."""
    return max(0, (company_day() - due_on).days) if due_on is not None else 0
