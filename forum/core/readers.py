"""Readers of the event log: each has a cursor that moves in the same write as what it did.

Readers are at-least-once towards the outside and exactly-once in the database: a crash before the
commit repeats the batch, two processes on one reader cannot both move the cursor.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, mapped_column

from forum.core import events
from forum.core.db import Model, db, end_read, transaction

BATCH = 200
"""Events per write, so that the running forum is never starved."""


class ReaderCursor(Model):
    """How far a reader has come."""

    __tablename__ = "reader_cursor"
    __table_args__: Any = {}

    name: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]


Prepare = Callable[[Sequence[events.Event]], Callable[[], None]]


@dataclass(frozen=True, slots=True)
class Reader:
    """A follower of the log: `prepare` reads and computes, its result is applied in the write.

    `again` does the same for events that it has seen before, in place of what they left.
    """

    name: str
    prepare: Prepare
    again: Prepare | None = None


READERS: dict[str, Reader] = {}


def register(reader: Reader) -> None:
    """Add a reader to those `catch_up` runs."""
    READERS[reader.name] = reader


def position_of(name: str) -> int:
    """Where a reader stands, 0 for a new one. One query."""
    query = select(ReaderCursor.position).where(ReaderCursor.name == name)
    return db.session.scalar(query) or 0


def advance(reader: Reader) -> int:
    """Handle the next batch; the number of events handled, 0 when there is nothing to do."""
    return _advance(reader, reader.prepare)


def _advance(reader: Reader, prepare: Prepare) -> int:
    end_read()
    position = position_of(reader.name)
    batch = events.after(position, limit=BATCH)
    if not batch:
        return 0
    apply = prepare(batch)
    with transaction():
        if not _claim(reader.name, position, batch[-1].id):
            return 0
        apply()
    return len(batch)


def _claim(name: str, old: int, new: int) -> bool:
    moved = db.session.execute(
        update(ReaderCursor)
        .where(ReaderCursor.name == name, ReaderCursor.position == old)
        .values(position=new)
    )
    if moved.rowcount:  # type: ignore[attr-defined]
        return True
    return old == 0 and _begin(name, new)


def _begin(name: str, new: int) -> bool:
    """The first cursor of a reader; of two processes that begin at once, one gets it."""
    insert: Any = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    begun = db.session.execute(
        insert(ReaderCursor.__table__)
        .values(name=name, position=new)
        .on_conflict_do_nothing()
        .returning(ReaderCursor.name)
    )
    return begun.first() is not None


def replay(reader: Reader, show: Callable[[int], object] = lambda _events: None) -> int:
    """Read the whole log once more; the number of events. `show` is given how many at a time.

    Broken off, or overtaken by a running forum, the reader goes on from where this came to.
    """
    with transaction():
        db.session.execute(
            update(ReaderCursor).where(ReaderCursor.name == reader.name).values(position=0)
        )
    total = 0
    while handled := _advance(reader, reader.again or reader.prepare):
        db.session.expunge_all()  # a year of events would be kept
        show(handled)
        total += handled
    return total


def catch_up() -> int:
    """Run every reader until the log holds nothing new; the number of events handled."""
    return sum(_drain(reader) for reader in list(READERS.values()))


def _drain(reader: Reader) -> int:
    total = 0
    while handled := advance(reader):
        total += handled
    return total
