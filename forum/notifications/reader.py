"""The reader of the log that fills the inboxes and keeps every unread count exact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select, update

from forum.accounts import facts as accounts
from forum.accounts.models import Kind as PersonKind
from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.core.events import Event
from forum.core.readers import Reader
from forum.departments import facts as departments
from forum.discussion import facts as discussion
from forum.discussion.models import Comment
from forum.ideas import facts as ideas
from forum.ideas.models import Decision
from forum.notifications import keeping, of_moderation, scene, seen
from forum.notifications.models import Notification
from forum.notifications.recipients import RULES, news_of
from forum.standards import facts as standards

OF_IDEAS = (
    ideas.HIDDEN.name,
    ideas.DEPARTMENTS_CHANGED.name,
    ideas.DECISION_UNDONE.name,
    ideas.TRASHED.name,
    ideas.RESTORED.name,
)
OF_COMMENTS = (
    discussion.COMMENT_DELETED.name,
    discussion.COMMENT_HIDDEN.name,
    discussion.COMMENT_RESTORED.name,
)
OF_STANDARDS = (standards.STANDARD_RETIRED.name, standards.STANDARD_PUBLISHED.name)
OF_PEOPLE = (departments.ATTACHED.name, accounts.ROLE_CHANGED.name, accounts.CHANGED.name)
OF_CONSULTANTS = (departments.MERGED.name,)
"""Events after which somebody may see more or less than before, by what they are about."""


def prepare(batch: Sequence[Event]) -> Callable[[], None]:
    """Compute the rows of a batch, and which ones are to be concealed or shown again."""
    rows = _rows([event for event in batch if event.type in RULES])
    concealed, shown = _changes(_affected(batch))

    def apply() -> None:
        counts = keeping.insert(rows)
        counts.subtract(of_moderation.forget_undone(batch))
        counts.update(_turn(shown, concealed=False))
        counts.subtract(_turn(concealed, concealed=True))
        keeping.count(counts)

    return apply


READER = Reader("notifications", prepare)


def _rows(batch: Sequence[Event]) -> list[dict[str, Any]]:
    if not batch:
        return []
    around = scene.load(batch)
    found = [(event, news) for event in batch for news in news_of(event, around)]
    allowed = seen.allowed((news.person_id, news.thing) for _event, news in found)
    return [
        {
            "person_id": news.person_id,
            "event_id": event.id,
            "kind": news.kind.value,
            "object_kind": news.thing[0],
            "object_id": news.thing[1],
            "comment_id": news.comment_id,
            "at": event.at,
            "concealed": False,
        }
        for event, news in found
        if (news.person_id, news.thing) in allowed
    ]


def _affected(batch: Sequence[Event]) -> list[ColumnElement[bool]]:
    """Conditions on the notifications whose visibility may have changed."""
    found: list[ColumnElement[bool]] = []
    for kind, types in (("idea", OF_IDEAS), ("standard", OF_STANDARDS)):
        if ids := _about(batch, types):
            found.append((Notification.object_kind == kind) & Notification.object_id.in_(ids))
    if ids := _about(batch, OF_COMMENTS):
        found.append(Notification.comment_id.in_(ids))
    if ids := _about(batch, OF_PEOPLE):
        found.append(Notification.person_id.in_(ids))
    if _about(batch, OF_CONSULTANTS):
        found.append(_of_consultants())
    return found


def _about(batch: Sequence[Event], types: Sequence[str]) -> list[int]:
    return sorted({event.object_id for event in batch if event.type in types})


def _of_consultants() -> ColumnElement[bool]:
    consultants = select(Person.id).where(Person.kind == PersonKind.CONSULTANT)
    return Notification.person_id.in_(consultants)


def _changes(conditions: Sequence[ColumnElement[bool]]) -> tuple[list[int], list[int]]:
    """Ids of unread rows to conceal, and of concealed ones to show again."""
    if not conditions:
        return [], []
    query = (
        select(
            Notification.id,
            Notification.person_id,
            Notification.object_kind,
            Notification.object_id,
            Notification.concealed,
            Comment.deleted_at,
            Comment.hidden_at,
            _taken_back().label("taken_back"),
        )
        .outerjoin(Comment, Comment.id == Notification.comment_id)
        .where(
            Notification.read_at.is_(None),
            Notification.object_kind.in_(seen.KINDS),
            or_(*conditions),
        )
    )
    rows = db.session.execute(query).all()
    allowed = seen.allowed((row[1], (row[2], row[3])) for row in rows)
    gone = {r.id for r in rows if r.deleted_at or r.hidden_at or r.taken_back}
    standing = [r for r in rows if r.id not in gone]
    visible = {r.id for r in standing if (r[1], (r[2], r[3])) in allowed}
    concealed = [row.id for row in rows if row.id not in visible and not row.concealed]
    shown = [row.id for row in rows if row.id in visible and row.concealed]
    return concealed, shown


def _taken_back() -> ColumnElement[bool]:
    """Whether the news are of a decision that was undone."""
    decision = Event.payload["decision"].as_integer()
    return exists().where(
        Event.id == Notification.event_id,
        Event.type == ideas.SETTLED.name,
        ~exists().where(Decision.id == decision),
    )


def _turn(ids: list[int], *, concealed: bool) -> Counter[int]:
    """Conceal or show rows still unread; how many of them each person has."""
    turned: Counter[int] = Counter()
    for start in range(0, len(ids), keeping.ROWS):
        query = (
            update(Notification)
            .where(
                Notification.id.in_(ids[start : start + keeping.ROWS]),
                Notification.read_at.is_(None),
                Notification.concealed.is_(not concealed),
            )
            .values(concealed=concealed)
            .returning(Notification.person_id)
            .execution_options(synchronize_session=False)
        )
        turned.update(db.session.execute(query).scalars())
    return turned


def recheck_consultants() -> int:
    """Follow attachments that began or ended by the clock, which no event tells.

    Returns how many rows were concealed or shown again.
    """
    concealed, shown = _changes([_of_consultants()])
    if concealed or shown:
        with transaction():
            counts = _turn(shown, concealed=False)
            counts.subtract(_turn(concealed, concealed=True))
            keeping.count(counts)
    return len(concealed) + len(shown)
