"""What changes too often to be indexed: votes, comments, last activity, since when in its stage.

One file beside the index, a number of eight bytes for each figure of each idea, mapped by every
process. The follower stores new numbers where they lie, each at once, so a vote re-indexes nothing
and is seen without another look. Like all of the index it may be lost: it is read from the
database again by every follower that starts.

    magic, version, capacity (3 x int64) | votes | comments | active | entered (capacity each)
"""

from __future__ import annotations

import mmap
import os
import secrets
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from forum.core.db import db, end_read
from forum.ideas.models import Idea
from forum.search.engine.snapshot import Snapshot
from forum.search.loading import moment

NAME = "figures.bin"
NAMES = ("votes", "comments", "active", "entered")
MAGIC, VERSION, HEAD = 0x57484649475552, 1, 3
READ_AT_ONCE = 2_000
"""Ideas whose figures are read by one query."""
ROOM = 1.5
"""How much larger than needed a new file is."""

Ints = NDArray[np.int64]


class Row(NamedTuple):
    """The figures of an idea; times in microseconds."""

    id: int
    votes: int
    comments: int
    active: int
    entered: int


class Figures:
    """The figures of all ideas as they are now; what is not known is nothing."""

    def __init__(self, table: Ints, mapped: mmap.mmap | None = None) -> None:
        self._table, self._map = table, mapped

    def votes(self, ids: Ints) -> Ints:
        """How many support each of some ideas."""
        return self._of(0, ids)

    def comments(self, ids: Ints) -> Ints:
        """How many comments each has."""
        return self._of(1, ids)

    def active(self, ids: Ints) -> Ints:
        """When something last happened to each."""
        return self._of(2, ids)

    def entered(self, ids: Ints) -> Ints:
        """Since when each is in its stage."""
        return self._of(3, ids)

    def _of(self, row: int, ids: Ints) -> Ints:
        known = ids < self._table.shape[1]
        found: Ints = np.where(known, self._table[row, np.where(known, ids, 0)], 0)
        return found

    def row(self, idea: int) -> Row:
        """All that is known of an idea."""
        at = np.array([idea])
        return Row(idea, *(int(self._of(row, at)[0]) for row in range(len(NAMES))))

    @property
    def is_whole(self) -> bool:
        """Whether the file is as long as it was: reading behind its end would end the process."""
        return self._map is None or self._map.size() >= len(self._map)

    def store(self, rows: Iterable[Row]) -> bool:
        """Keep rows in place; False when there is no room for one of them."""
        for idea, *values in rows:
            if idea >= self._table.shape[1]:
                return False
            self._table[:, idea] = values
        return True


NOTHING = Figures(np.zeros((len(NAMES), 1), dtype=np.int64))


def opened(build: Path, *, writable: bool = False) -> Figures | None:
    """The figures of a build; None where there are none that can be read."""
    try:
        with (build / NAME).open("r+b" if writable else "rb") as file:
            how = mmap.ACCESS_WRITE if writable else mmap.ACCESS_READ
            mapped = mmap.mmap(file.fileno(), 0, access=how)
    except (OSError, ValueError):
        return None
    numbers = np.frombuffer(mapped, dtype=np.int64, count=len(mapped) // 8)
    magic, version, capacity = numbers[:HEAD].tolist() if len(numbers) > HEAD else (0, 0, 0)
    whole = len(mapped) == 8 * (HEAD + len(NAMES) * capacity)
    if (magic, version) != (MAGIC, VERSION) or not whole:
        return None
    return Figures(numbers[HEAD:].reshape(len(NAMES), capacity), mapped)


def current(ideas: Collection[int]) -> Figures:
    """The figures of some ideas as the database has them. One query."""
    rows = _read(Idea.id.in_(ideas)) if ideas else []
    # Untouched zeros take no memory.
    found = Figures(np.zeros((len(NAMES), max(ideas, default=0) + 1), dtype=np.int64))
    found.store(rows)
    return found


def of(snapshot: Snapshot) -> Figures:
    """The figures beside a snapshot, as they are at any time."""
    return snapshot.kept.get(NAME) or NOTHING


def inode(build: Path) -> int:
    """Which file holds the figures of a build; 0 when none does."""
    try:
        return (build / NAME).stat().st_ino
    except OSError:
        return 0


def refill(build: Path) -> None:
    """Read all figures from the database into a new file; a query for 2,000 ideas."""
    rows = list(_everything())
    capacity = int(max((row.id for row in rows), default=0) * ROOM) + 1_000
    table = np.zeros((len(NAMES), capacity), dtype=np.int64)
    if rows:
        found = np.array(rows, dtype=np.int64)
        table[:, found[:, 0]] = found[:, 1:].T
    write(build, table)


def renew(build: Path, last: int) -> int:
    """Store the figures of the next 2,000 ideas after one as they are now; the last of them, 0
    where there are no more. One query, many where the file cannot be used.
    """
    kept, rows = opened(build, writable=True), _read(Idea.id > last, READ_AT_ONCE)
    if kept is None or not kept.store(rows):
        refill(build)
        return 0
    return rows[-1].id if len(rows) == READ_AT_ONCE else 0


def write(build: Path, table: Ints) -> None:
    """Put a table of (figures, capacity) in the place of the old one."""
    temporary = build / f".{NAME}.{secrets.token_hex(4)}"
    head = np.array((MAGIC, VERSION, table.shape[1]), dtype=np.int64)
    temporary.write_bytes(head.tobytes() + table.tobytes())
    os.replace(temporary, build / NAME)


def update(build: Path, ideas: Collection[int]) -> None:
    """Store the figures of a few ideas as they are now. One query."""
    if not ideas:
        return
    kept = opened(build, writable=True)
    if kept is None or not kept.store(_read(Idea.id.in_(ideas))):
        refill(build)


def differing(build: Path) -> list[int]:
    """The ideas of which the figures are not those of the database."""
    kept = opened(build) or NOTHING
    return [row.id for row in _everything() if kept.row(row.id) != row]


def _everything() -> Iterator[Row]:
    last = 0
    while rows := _read(Idea.id > last, READ_AT_ONCE):
        yield from rows
        last = rows[-1].id


def _read(which: Any, limit: int | None = None) -> list[Row]:
    query = (
        select(Idea.id, Idea.support, Idea.comment_count, Idea.active_at, Idea.stage_since)
        .where(which)
        .order_by(Idea.id)
        .limit(limit)
    )
    rows = db.session.execute(query).all()
    end_read()
    return [Row(i, votes, said, moment(at), moment(since)) for i, votes, said, at, since in rows]
