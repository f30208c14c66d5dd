"""Keeping the count: each day anew, written where it differs, so that any day repairs all before.

Shares of people are written once for each quarter that is over; neither a new count nor a rebuild
touches them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, select, tuple_
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.core.calendar import company_day
from forum.core.db import db, end_read, transaction
from forum.core.modules import is_on
from forum.ideas.models import Idea
from forum.insights.figures.counting import PUBLISHED, Counts, Key, count_all
from forum.insights.figures.models import InsightMonth, InsightShare, InsightState
from forum.insights.figures.periods import Period, first_of_quarter, months_on
from forum.insights.figures.shares import shares_of
from forum.insights.figures.tree import read_tree

BATCH = 200
"""Rows in a write, so that the running forum is never starved."""
QUARTERS = 20
"""Quarters told when the count begins: five years."""


def sweep() -> int:
    """Once a day, while the module is on; how many rows changed."""
    if not is_on("insights") or counted_on() == company_day():
        return 0
    return rebuild()


def counted_on() -> date | None:
    """The day of the last count, None before the first. One query."""
    found = db.session.scalar(select(InsightState.counted_on))
    end_read()
    return found


def rebuild() -> int:
    """Count everything anew; how many rows changed. Broken off, the next count goes on."""
    changed = _write_months(count_all())
    changed += _tell_shares()
    with transaction():
        _state().counted_on = company_day()
    return changed


def differences() -> Iterator[str]:
    """What a new count would change, a line each; and quarters that were told twice or not over."""
    wanted, kept = count_all(), _kept()
    for key in sorted({*wanted, *kept}):
        if wanted.get(key) != kept.get(key):
            yield f"{key[1]:%Y-%m} {key[0]}"
    late = select(InsightShare.quarter).where(
        InsightShare.quarter >= first_of_quarter(company_day())
    )
    for quarter in db.session.scalars(late.distinct()):
        yield f"{Period('quarter', quarter).name} is not over"
    end_read()


def _kept() -> dict[Key, Counts]:
    rows = db.session.execute(
        select(InsightMonth.department_id, InsightMonth.month, InsightMonth.counts)
    )
    return {(row[0], row[1]): row[2] for row in rows}


def _write_months(wanted: dict[Key, Counts]) -> int:
    kept = _kept()
    end_read()
    news = [key for key, counts in wanted.items() if kept.get(key) != counts]
    gone = [key for key in kept if key not in wanted]
    for keys in _pieces(news):
        rows = [{"department_id": key[0], "month": key[1], "counts": wanted[key]} for key in keys]
        with transaction():
            _put(rows)
    for keys in _pieces(gone):
        place = tuple_(InsightMonth.department_id, InsightMonth.month)
        with transaction():
            db.session.execute(delete(InsightMonth).where(place.in_(keys)))
    return len(news) + len(gone)


def _pieces(keys: Sequence[Key]) -> Iterable[Sequence[Key]]:
    return (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))


def _put(rows: list[dict[str, Any]]) -> None:
    insert: Any = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    query = insert(InsightMonth.__table__).values(rows)
    db.session.execute(
        query.on_conflict_do_update(
            index_elements=["department_id", "month"], set_={"counts": query.excluded.counts}
        )
    )


def _state() -> InsightState:
    """The one row, in the open write."""
    found = db.session.get(InsightState, 1)
    if found is None:
        found = InsightState(id=1, counted_on=company_day(), shares_until=None)
        db.session.add(found)
    return found


def _tell_shares() -> int:
    """Tell each quarter that has ended since the last count; how many rows that is."""
    now = first_of_quarter(company_day())
    until = db.session.scalar(select(InsightState.shares_until))
    quarter = until or _first_quarter(now)
    tree, told = read_tree(), 0
    while quarter < now:
        shares = shares_of(quarter, tree)
        end_read()
        quarter = months_on(quarter, 3)
        told += _tell(shares, until=quarter)
    return told


def _tell(shares: list[InsightShare], *, until: date) -> int:
    """Write a quarter in one piece, unless somebody else has just done so."""
    with transaction():
        state = _state()
        if state.shares_until is not None and state.shares_until >= until:
            return 0
        db.session.add_all(shares)
        state.shares_until = until
    return len(shares)


def _first_quarter(now: date) -> date:
    """Where the first idea was posted, five years back at most."""
    oldest = db.session.scalar(
        select(Idea.posted_at).where(*PUBLISHED).order_by(Idea.posted_at).limit(1)
    )
    earliest = months_on(now, -3 * QUARTERS)
    return max(first_of_quarter(company_day(oldest)), earliest) if oldest else now
