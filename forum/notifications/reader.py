"""The reader of the log that fills the inboxes and keeps every unread count exact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update

from forum.accounts import facts as accounts
from forum.accounts.models import Kind as PersonKind
from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.core.events import Event
from forum.core.readers import Reader
from forum.departments import facts as departments
from forum.discussion import facts as discussion
from forum.discussion.models import Comment, Thread
from forum.discussion.visibility import standing
from forum.ideas import facts as ideas
from forum.ideas.together import facts as together
from forum.notifications import (
    gathering,
    keeping,
    mailing,
    moving,
    of_held_surveys,
    of_moderation,
    of_services,
    of_thanks,
    scene,
    seen,
    watching,
    wishes,
)
from forum.notifications.kinds import Kind
from forum.notifications.models import Notification
from forum.notifications.recipients import RULES
from forum.notifications.watching import HEARD
from forum.standards import facts as standards
from forum.standards.approvals import facts as approvals
from forum.standards.kept import facts as promises
from forum.standards.review import facts as reviews

OF_IDEAS = (
    ideas.HIDDEN.name,
    ideas.DEPARTMENTS_CHANGED.name,
    ideas.ANSWERED.name,
    ideas.SETTLED.name,
    ideas.DECISION_UNDONE.name,
    ideas.WITHDRAWN.name,
    ideas.OWNER_CHANGED.name,
    ideas.DATE_MOVED.name,
    ideas.TRASHED.name,
    ideas.RESTORED.name,
    together.SUGGESTION_TAKEN.name,
    together.SUGGESTION_LEFT.name,
    together.SUGGESTION_WITHDRAWN.name,
    together.SUGGESTION_REOPENED.name,
)
OF_COMMENTS = (
    discussion.COMMENT_DELETED.name,
    discussion.COMMENT_HIDDEN.name,
    discussion.COMMENT_RESTORED.name,
)
OF_STANDARDS = (
    standards.STANDARD_RETIRED.name,
    standards.STANDARD_PUBLISHED.name,
    approvals.SENT.name,
    approvals.ANSWERED.name,
    approvals.TAKEN_BACK.name,
    approvals.DEPUTY_SET.name,
    approvals.REVIEWED.name,
    reviews.REVIEWED.name,
    reviews.UNDONE.name,
    reviews.PLANNED.name,
    reviews.GIVEN.name,
)
OF_PROMISES = (promises.MARKED.name, promises.UNMARKED.name)
OF_PEOPLE = (departments.ATTACHED.name, accounts.ROLE_CHANGED.name, accounts.CHANGED.name)
OF_CONSULTANTS = (departments.MERGED.name,)
"""Events after which somebody may see more or less than before, or what they were told is so no
more, by what they are about."""
STATEFUL = (
    Kind.ANSWER_WANTED,
    Kind.ESCALATED,
    Kind.ANSWER_DUE,
    Kind.OWNERS_TURN,
    Kind.DATE_ASKED,
    Kind.APPROVAL_WANTED,
    Kind.APPROVAL_DUE,
    Kind.CHANGE_WANTED,
    Kind.APPROVED,
    Kind.DECIDED,
    Kind.ANSWERED,
    Kind.ANSWERED_FOLLOWED,
    Kind.SUGGESTED,
    Kind.MERGED,
    Kind.TOOK_IN,
    Kind.PROMISE_BROKEN,
    Kind.REVIEW_OVERDUE,
    Kind.REVIEW_OPENED,
    Kind.REVIEW_DUE,
    Kind.STANDARD_GIVEN,
)
"""What is news only as long as it is so: an answer that is still wanted, a decision that stands."""


WEAKER = (Kind.NEW_IDEA, Kind.MENTIONED)
"""What may have been told for a stronger reason before, which may hold again."""


def prepare(batch: Sequence[Event]) -> Callable[[], None]:
    """Compute the rows of a batch, what of it is mailed, and what to conceal or show again."""
    undone = of_services.undone(batch)
    heard = [event for event in batch if event.type in HEARD or event.type in RULES]
    rows = _rows([event for event in heard if event.id not in undone])
    wanted = wishes.of_people({row["person_id"] for row in rows})
    seen_now = [row for row in rows if not row["concealed"]]
    mails = mailing.rows_of(seen_now, wanted, after=mailing.mark()) if rows else []
    told = [row for row in rows if wanted.in_inbox(row)]
    changes = _changes(_affected(batch))
    joined = moving.ideas_of(batch)

    def apply() -> None:
        moving.mails(joined)
        counts = keeping.insert(told)
        counts.subtract(of_moderation.forget_undone(batch))
        counts.subtract(of_services.forget_answered(batch))
        counts.subtract(of_held_surveys.forget_cancelled(batch))
        counts.subtract(keeping.forget(undone))
        ended = of_thanks.forget_ended(batch)
        counts.subtract(ended.counts)
        _add(counts, _apply(changes))
        _add(
            counts,
            gathering.gather(
                gathering.earliest(changes.since, ended.since, gathering.firsts(told))
            ),
        )
        keeping.count(counts)
        mailing.queue(mails)
        mailing.move_mark(batch[-1].id)

    return apply


def _add(counts: Counter[int], more: Counter[int]) -> None:
    """Counters that may go below nothing."""
    for person_id, change in more.items():
        counts[person_id] += change


def prepare_again(batch: Sequence[Event]) -> Callable[[], None]:
    """The same in place of what the batch left, but for what was read or is concealed."""
    apply = prepare(batch)
    ids = [event.id for event in batch]

    def replace() -> None:
        keeping.count(keeping.remove_unread(ids))
        apply()

    return replace


READER = Reader("notifications", prepare, prepare_again)


def _rows(batch: Sequence[Event]) -> list[dict[str, Any]]:
    if not batch:
        return []
    around = scene.load(batch)
    found = watching.news(batch, around)
    allowed = seen.allowed((news.person_id, news.thing) for _event, news in found)
    later = seen.hidden_from({(each.person_id, each.thing) for _event, each in found} - allowed)
    return [
        {
            "person_id": news.person_id,
            "event_id": event.id,
            "kind": news.kind.value,
            "object_kind": news.thing[0],
            "object_id": news.thing[1],
            "comment_id": news.comment_id,
            "at": event.at,
            "concealed": (news.person_id, news.thing) in later,
        }
        for event, news in found
        if (news.person_id, news.thing) in allowed | later
    ]


def _affected(batch: Sequence[Event]) -> list[ColumnElement[bool]]:
    """Conditions on the notifications whose visibility may have changed."""
    found: list[ColumnElement[bool]] = []
    changed = {*_about(batch, OF_IDEAS), *moving.ideas_of(batch)}
    is_idea, is_standard = (Notification.object_kind == kind for kind in ("idea", "standard"))
    is_breach = is_standard & (Notification.kind == Kind.PROMISE_BROKEN)
    for of_these, ids in (
        (is_idea, changed),
        (is_standard, _about(batch, OF_STANDARDS)),
        (is_breach, _about(batch, OF_PROMISES)),
    ):
        if ids:
            found.append(of_these & Notification.object_id.in_(ids))
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


@dataclass(frozen=True, slots=True)
class Changes:
    """Ids of unread rows to conceal, of concealed ones to show again, those told for another reason
    now, those that lead to another idea, and from when on news about a thing are gathered anew."""

    concealed: Sequence[int] = ()
    shown: Sequence[int] = ()
    reasons: Mapping[int, Kind] = field(default_factory=dict)
    moved: Mapping[int, int] = field(default_factory=dict)
    since: Mapping[gathering.Pair, datetime] = field(default_factory=dict)


def _changes(conditions: Sequence[ColumnElement[bool]]) -> Changes:
    if not conditions:
        return Changes()
    query = (
        select(Notification, standing(), func.coalesce(Thread.subject_id, Notification.object_id))
        .outerjoin(Comment, Comment.id == Notification.comment_id)
        .outerjoin(Thread, Thread.id == Comment.thread_id)
        .where(
            Notification.read_at.is_(None),
            Notification.object_kind.in_(seen.KINDS),
            or_(*conditions),
        )
    )
    found = db.session.execute(query).all()
    rows = [row for row, _stands, _place in found]
    allowed = seen.allowed((row.person_id, (row.object_kind, place)) for row, _, place in found)
    reasons = _reasons([row for row in rows if row.kind in (*STATEFUL, *WEAKER)])
    visible = {
        row.id
        for row, stands, place in found
        if stands
        and (row.person_id, (row.object_kind, place)) in allowed
        and (row.kind not in STATEFUL or row.id in reasons)
    }
    concealed = [row for row in rows if row.id not in visible and not row.concealed]
    shown = [row for row in rows if row.id in visible and row.concealed]
    other = {row.id: reasons[row.id] for row in rows if reasons.get(row.id, row.kind) != row.kind}
    moved = {row.id: place for row, _stands, place in found if place != row.object_id}
    changed = [*concealed, *shown, *(row for row in rows if row.id in {**other, **moved})]
    return Changes(
        [row.id for row in concealed],
        [row.id for row in shown],
        other,
        moved,
        _since(changed, moved),
    )


def _since(
    rows: Sequence[Notification], moved: Mapping[int, int]
) -> dict[gathering.Pair, datetime]:
    """Of what moved, where it was and where it is."""
    found: dict[gathering.Pair, datetime] = {}
    for row in rows:
        for place in {row.object_id, moved.get(row.id, row.object_id)}:
            pair = (row.person_id, row.object_kind, place)
            found[pair] = min(row.at, found.get(pair, row.at))
    return found


def _reasons(rows: Sequence[Notification]) -> dict[int, Kind]:
    """Why somebody would be told each of these now; what would not be told is missing."""
    ids = sorted({row.event_id for row in rows if row.event_id is not None})
    now: dict[tuple[int | None, int], Kind] = {}
    for start in range(0, len(ids), keeping.ROWS):
        query = select(Event).where(Event.id.in_(ids[start : start + keeping.ROWS]))
        batch = list(db.session.scalars(query.order_by(Event.id)))
        told = watching.news(batch, scene.load(batch))
        now.update(((event.id, news.person_id), news.kind) for event, news in told)
    return {
        row.id: now.get((row.event_id, row.person_id), Kind(row.kind))
        for row in rows
        if row.event_id is None or (row.event_id, row.person_id) in now
    }


def _apply(changes: Changes) -> Counter[int]:
    """Make the changes, in the open write; by how much each unread count moves."""
    for row_id, kind in changes.reasons.items():
        query = update(Notification).where(Notification.id == row_id).values(kind=kind.value)
        db.session.execute(query.execution_options(synchronize_session=False))
    moving.news(changes.moved)
    counts = _turn(changes.shown, concealed=False)
    counts.subtract(_turn(changes.concealed, concealed=True))
    return counts


def _turn(ids: Sequence[int], *, concealed: bool) -> Counter[int]:
    """Conceal or show rows still unread; how many notices of them each person has."""
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
            .returning(Notification.person_id, Notification.behind_id)
            .execution_options(synchronize_session=False)
        )
        rows = db.session.execute(query)
        turned.update(row.person_id for row in rows if row.behind_id is None)
    return turned


def recheck_consultants() -> int:
    """Follow attachments that began or ended by the clock, which no event tells.

    Returns how many rows were concealed or shown again.
    """
    changes = _changes([_of_consultants()])
    if changes.since:
        with transaction():
            counts = _apply(changes)
            _add(counts, gathering.gather(changes.since))
            keeping.count(counts)
    return len(changes.concealed) + len(changes.shown)
