"""News about things of features above: these put them into inboxes and say how they are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, delete, true, update

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.modules import is_on
from forum.notifications import gathering, keeping
from forum.notifications.kinds import Kind, Thing
from forum.notifications.models import Notification
from forum.notifications.topics import TOPIC_OF


class Called(NamedTuple):
    """A piece of news in its reader's words, and where it leads."""

    title: str
    sentence: str
    url: str


class Given(NamedTuple):
    """News of a feature above as a row of the inbox or of what waits to be mailed keeps it; the ids
    of the two have nothing to do with each other."""

    id: int
    kind: str
    object_id: int
    at: datetime
    payload: dict[str, Any]


Names = Callable[[Person, Sequence[Given]], dict[int, Called]]
"""What a feature says of its own news, by their ids; of what is gone it says nothing."""
_FEATURES: dict[str, Names] = {}
_MODULES: dict[str, str] = {}
"""The module of each kind that belongs to one."""
COUNTED = (
    Notification.person_id,
    Notification.read_at,
    Notification.concealed,
    Notification.behind_id,
)
"""What tells whether a row is counted as unread."""


def name(kind: str, names: Names, *, module: str = "") -> None:
    """Let a feature name the things of a kind, while its module is on; the same kind again replaces
    it."""
    _FEATURES[kind] = names
    if module:
        _MODULES[kind] = module


def is_told(kind: str) -> bool:
    """Whether things of a kind are told now: not those of a module that is off."""
    module = _MODULES.get(kind)
    return module is None or is_on(module)


def of_modules() -> list[str]:
    """The kinds that are told only while a module is on."""
    return list(_MODULES)


def kinds() -> list[str]:
    """The kinds of things that have a feature to name them."""
    return list(_FEATURES)


def names_of(reader: Person, rows: Iterable[Any]) -> dict[int, Called]:
    """The news among these rows that features above name. Their queries, if there are any."""
    found: dict[int, Called] = {}
    for kind, names in _FEATURES.items():
        theirs = [
            Given(r.id, r.kind, r.object_id, r.at, r.payload) for r in rows if r.object_kind == kind
        ]
        if theirs and is_told(kind):
            found.update(names(reader, theirs))
    return found


def tell(news: Iterable[tuple[int, Kind, Thing]], *, at: datetime) -> None:
    """Put news into inboxes, in the open write: whose, why, and about what; by mail to whoever
    wants such news so."""
    # Imported late: mails ask here how things are called.
    from forum.notifications import mailing, wishes

    rows: list[dict[str, Any]] = [
        {
            "person_id": person_id,
            "event_id": None,
            "kind": kind.value,
            "object_kind": thing[0],
            "object_id": thing[1],
            "comment_id": None,
            "at": at,
            "concealed": False,
        }
        for person_id, kind, thing in news
    ]
    chosen = {row["person_id"] for row in rows if TOPIC_OF[Kind(row["kind"])] is not None}
    wanted = wishes.of_people(chosen)
    shown = [row for row in rows if wanted.in_inbox(row)]
    counts = keeping.insert(shown)
    counts.update(gathering.gather(gathering.firsts(shown)))
    keeping.count(counts)
    mailing.queue(mailing.rows_of(rows, wanted, after=0))


def take_back(thing: Thing, *, people: Sequence[int] | None = None) -> None:
    """Remove all news about a thing that is gone, everybody's or these people's, in the open
    write."""
    whose = true() if people is None else Notification.person_id.in_(people)
    gone = delete(Notification).where(_of(thing), whose).returning(*COUNTED)
    keeping.count(_counted(db.session.execute(gone).all(), -1))


def leave_one(thing: Thing, kept: Collection[int], *, people: Sequence[int]) -> None:
    """Remove these people's news about a thing but for one notice each, in the open write; of that
    nothing tells any more when it was opened, or what it came with."""
    whose = and_(_of(thing), Notification.person_id.in_(people))
    gone = delete(Notification).where(whose, Notification.id.not_in(kept)).returning(*COUNTED)
    counts = _counted(db.session.execute(gone).all(), -1)
    left = update(Notification).where(whose).execution_options(synchronize_session=False)
    alone = left.where(Notification.behind_id.is_not(None)).values(behind_id=None)
    counts.update(_counted(db.session.execute(alone.returning(*COUNTED)).all(), 1))
    opened = left.where(Notification.read_at.is_not(None))
    db.session.execute(opened.values(read_at=Notification.at))
    keeping.count(counts)


def _of(thing: Thing) -> ColumnElement[bool]:
    return and_(Notification.object_kind == thing[0], Notification.object_id == thing[1])


def _counted(rows: Iterable[Any], by: int) -> Counter[int]:
    """By how much people's unread counts move with these rows."""
    counts: Counter[int] = Counter()
    for row in rows:
        unread = row.read_at is None and not row.concealed and row.behind_id is None
        counts[row.person_id] += by if unread else 0
    return counts
