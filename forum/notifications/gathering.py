"""One notice about a thing per half hour: what comes meanwhile lies behind the first.

Every event keeps its row, so that a notice is there as long as anything of it may be shown; which
row stands for the others follows from the rows alone, in the order of their events.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update

from forum.core.db import db
from forum.notifications.kinds import Kind
from forum.notifications.models import Notification
from forum.notifications.topics import AT_ONCE, GATHERED_FOR

Pair = tuple[int, str, int]
"""A person and a thing."""
GATHERED = sorted(frozenset(Kind) - AT_ONCE - {Kind.FOUND})
CHUNK = 300
_ROWS: Any = Notification.__table__
PUT_BEHIND = (
    update(_ROWS).where(Notification.id == bindparam("row")).values(behind_id=bindparam("head"))
)


class Row(NamedTuple):
    """A piece of news that may stand for others, or behind another."""

    id: int
    person_id: int
    object_kind: str
    object_id: int
    at: datetime
    read_at: datetime | None
    behind_id: int | None

    @property
    def pair(self) -> Pair:
        """Whose news about what."""
        return self.person_id, self.object_kind, self.object_id

    def stands_for(self, later: Row) -> bool:
        """Whether one notice is enough for both: of the same half hour, and not opened before the
        later one came."""
        unseen = self.read_at is None or self.read_at >= later.at
        return unseen and self.at <= later.at < self.at + GATHERED_FOR


def firsts(rows: Iterable[Mapping[str, Any]]) -> dict[Pair, datetime]:
    """From when on each person's news about a thing are to be gathered anew."""
    found: dict[Pair, datetime] = {}
    for row in rows:
        if row["kind"] in GATHERED and not row["concealed"]:
            pair = (row["person_id"], row["object_kind"], row["object_id"])
            found[pair] = min(row["at"], found.get(pair, row["at"]))
    return found


def earliest(*several: Mapping[Pair, datetime]) -> dict[Pair, datetime]:
    """Together, each pair from its earliest moment on."""
    found: dict[Pair, datetime] = {}
    for since in several:
        for pair, at in since.items():
            found[pair] = min(at, found.get(pair, at))
    return found


def gather(since: Mapping[Pair, datetime]) -> Counter[int]:
    """Decide anew which rows stand behind which, in the open write; by how much each unread count
    moves. A query for three hundred people, and four where anything changes."""
    behind: dict[int, int] = {}
    alone: list[int] = []
    for pair, rows in _rows(since).items():
        for row, head in _in_order(rows, since[pair]):
            if head is not None and row.behind_id != head:
                behind[row.id] = head
            elif head is None and row.behind_id is not None:
                alone.append(row.id)
    counts = _set_alone(alone)
    counts.subtract(_put_behind(behind))
    return counts


def _rows(since: Mapping[Pair, datetime]) -> dict[Pair, list[Row]]:
    people = sorted({pair[0] for pair in since})
    found: dict[Pair, list[Row]] = {}
    for start in range(0, len(people), CHUNK):
        columns = [getattr(Notification, name) for name in Row._fields]
        query = select(*columns).where(
            Notification.person_id.in_(people[start : start + CHUNK]),
            Notification.at > min(since.values()) - GATHERED_FOR,
            Notification.kind.in_(GATHERED),
            Notification.concealed.is_(False),
        )
        for each in db.session.execute(query.order_by(Notification.at, Notification.id)):
            row = Row(*each)
            if row.pair in since:
                found.setdefault(row.pair, []).append(row)
    return found


def _in_order(rows: Sequence[Row], first: datetime) -> Iterable[tuple[Row, int | None]]:
    """Unread rows from a moment on, each with the row that it stands behind."""
    head: Row | None = None
    for row in rows:
        if row.at < first:
            head = row if row.behind_id is None else head
        elif head is not None and head.stands_for(row):
            yield row, head.id
        else:
            yield row, None
            head = row


def _put_behind(behind: Mapping[int, int]) -> Counter[int]:
    """How many unread notices each person has less."""
    counted = _counted(list(behind))
    rows = [{"row": row_id, "head": head} for row_id, head in sorted(behind.items())]
    if rows:
        db.session.connection().execute(PUT_BEHIND, rows)
    return counted


def _set_alone(ids: Sequence[int]) -> Counter[int]:
    """How many unread notices each person has more."""
    for start in range(0, len(ids), CHUNK):
        chosen = Notification.id.in_(ids[start : start + CHUNK])
        query = update(Notification).where(chosen).values(behind_id=None)
        db.session.execute(query.execution_options(synchronize_session=False))
    return _counted(ids)


def _counted(ids: Sequence[int]) -> Counter[int]:
    """How many of these are counted as unread, by person."""
    counts: Counter[int] = Counter()
    for start in range(0, len(ids), CHUNK):
        query = select(Notification.person_id).where(
            Notification.id.in_(ids[start : start + CHUNK]),
            Notification.read_at.is_(None),
            Notification.concealed.is_(False),
            Notification.behind_id.is_(None),
        )
        counts.update(db.session.scalars(query.with_for_update()))
    return counts
