"""Making ideas part of another one: nothing they have is lost, and it can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, insert, select

from forum.accounts.models import Person
from forum.core import richtext, texts
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import record
from forum.core.richtext import Composed
from forum.core.texts import Text
from forum.departments.holding import hold_open
from forum.discussion.actions import add_comment
from forum.ideas import clock, stages
from forum.ideas import facts as idea_facts
from forum.ideas.merges import facts, moving, policy
from forum.ideas.merges.models import Merge, MergedRow, RowPart
from forum.ideas.models import Answer, AnswerKind, AnswerRevision, Idea, StageKind
from forum.ideas.policy import UNSETTLED

MOST = 20
"""Ideas merged at one time; more is no tidying up but an import."""
ELSEWHERE = 0
"""The wording that an answer given on the child was given on: none of the parent's."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What a merge did: whose supporters came along, and how many were there already."""

    children: list[int]
    moved: int
    both: int


def merge(moderator: Person, parent: Idea, children: Sequence[Idea], *, message: str = "") -> Moved:
    """Make the children part of the parent; those that are already stay so.

    Raises Invalid where nothing is left to merge, Conflict with the reason where one of them
    cannot be.
    """
    require(all(policy.may_merge(moderator, idea) for idea in (parent, *children)))
    wanted = _wanted(parent, children)
    said = richtext.compose(message) if message.strip() else None
    telling = {child.id: _told(child) for child in wanted}
    with transaction():
        moving.stop_the_rest()
        held = hold_open(_asked(wanted))
        _hold(parent, wanted)
        text = texts.store_if_any(said)
        done = [
            _merge_one(moderator, parent, child, telling[child.id], text.id if text else None, held)
            for child in wanted
        ]
        db.session.refresh(parent)
        if done:
            record(
                facts.MERGED,
                by=moderator,
                about=("idea", parent.id),
                children=[m.child_id for m in done],
                merges=[m.id for m in done],
            )
    return Moved([m.child_id for m in done], sum(m.moved for m in done), sum(m.both for m in done))


def _wanted(parent: Idea, children: Sequence[Idea]) -> list[Idea]:
    """The children that are to be moved. Raises Invalid, and Conflict with the reason."""
    different = {child.id: child for child in children}
    if not different:
        raise Invalid(policy.NOTHING, field="ideas")
    if len(different) > MOST:
        raise Invalid(policy.TOO_MANY, field="ideas")
    if parent.id in different:
        raise Invalid(policy.ITSELF, field="parent")
    waiting = [c for c in different.values() if c.merged_into_id != parent.id]
    for reason in [policy.why_no_parent(parent), *map(policy.why_no_child, waiting)]:
        if reason is not None and waiting:
            raise Conflict(reason)
    return waiting


def _told(child: Idea) -> Composed:
    """The child's text as the comment that will stand for it. One query."""
    ids = [i for i in (child.problem_id, child.proposal_id) if i is not None]
    query = select(Text.id, Text.source, Text.format).where(Text.id.in_(ids))
    found = {row.id: row for row in db.session.execute(query)}
    said = [found[number] for number in ids]
    written: Any = said[0].format if len({each.format for each in said}) == 1 else "text"
    return richtext.compose("\n\n".join(each.source for each in said) or child.title, written)


def _asked(children: Sequence[Idea]) -> list[int]:
    query = select(Answer.department_id).where(Answer.idea_id.in_([c.id for c in children]))
    return sorted(set(db.session.scalars(query)))


def _hold(parent: Idea, children: Sequence[Idea]) -> None:
    """Lock all of them as they were seen, in the order of their ids; Conflict when one moved on."""
    for idea in sorted([parent, *children], key=lambda idea: idea.id):
        still: list[ColumnElement[bool]] = [Idea.hidden_at.is_(None)]
        if idea is not parent:
            still.append(Idea.revision == idea.revision)
        stages.hold(idea, allowed=UNSETTLED, still=still)


def _merge_one(
    moderator: Person,
    parent: Idea,
    child: Idea,
    told: Composed,
    message_id: int | None,
    held: frozenset[int],
) -> Merge:
    db.session.refresh(child)
    merge = Merge(
        parent_id=parent.id,
        child_id=child.id,
        by_id=moderator.id,
        at=now(),
        from_kind=child.stage_kind,
        message_id=message_id,
        imported=child.imported_votes,
    )
    db.session.add(merge)
    db.session.flush()
    _take_comments(merge, child, parent, told)
    moving.pictures(child.id, parent.id)
    moving.follows(merge)
    moving.authors(merge, child, parent)
    _take_slots(merge, child, parent, held, moderator)
    _take_votes(merge, child, parent)
    stages.move(child, StageKind.MERGED, by=moderator, allowed=UNSETTLED, merged_into_id=parent.id)
    return merge


def _take_comments(merge: Merge, child: Idea, parent: Idea, told: Composed) -> None:
    """The child's comments, and its text as the first of them, in their place in time."""
    said = moving.comments(merge, child, parent)
    author = db.session.get_one(Person, child.author_id)
    comment = add_comment(author, parent.thread_id, told, parent_id=None, at=child.posted_at)
    merge.comment_id = comment.id
    moving.count(child.id, comment_count=-said)
    moving.count(parent.id, comment_count=said + 1)


def _take_votes(merge: Merge, child: Idea, parent: Idea) -> None:
    merge.moved, merge.both = moving.votes(merge, parent.revision)
    gone, imported = merge.moved + merge.both, merge.imported
    moving.count(child.id, vote_count=-gone, support=-gone - imported, imported_votes=-imported)
    moving.count(
        parent.id,
        vote_count=merge.moved,
        support=merge.moved + imported,
        imported_votes=imported,
    )
    db.session.flush()
    record(idea_facts.SUPPORT_CHANGED, by=None, about=("idea", parent.id))


def _take_slots(
    merge: Merge, child: Idea, parent: Idea, held: frozenset[int], moderator: Person
) -> None:
    """Ask the child's departments on the parent too, with what they said and since when."""
    here = select(Answer.department_id).where(Answer.idea_id == parent.id)
    query = select(Answer).where(Answer.idea_id == child.id, Answer.department_id.not_in(here))
    coming = [
        slot
        for slot in db.session.scalars(query.order_by(Answer.id))
        if slot.department_id in held or slot.answer != AnswerKind.WAITING
    ]
    for slot in coming:
        new_id = _copy(slot, parent)
        db.session.add(MergedRow(merge_id=merge.id, part=RowPart.SLOT, row_id=new_id))
    if coming:
        asked = [slot.department_id for slot in coming]
        about = ("idea", parent.id)
        record(
            idea_facts.DEPARTMENTS_CHANGED, by=moderator, about=about, departments=asked, dropped=[]
        )


def _copy(slot: Answer, parent: Idea) -> int:
    """The same slot on the parent; the child's stays readable where it was given."""
    table: Any = Answer.__table__
    kept = {c.name: getattr(slot, c.name) for c in table.columns if c.name != "id"}
    waits = slot.answer == AnswerKind.WAITING
    # What was asked of the child's author is no question to the parent's: the clock runs on.
    kept.update(
        clock.go_on(slot), idea_id=parent.id, revision=parent.revision if waits else ELSEWHERE
    )
    made = db.session.execute(insert(table).values(**kept).returning(table.c.id)).scalar_one()
    if not waits:
        said = {"answer": slot.answer, "reason_id": slot.reason_id, "by_id": slot.by_id}
        at = slot.answered_at or slot.asked_at
        db.session.add(AnswerRevision(answer_id=made, at=at, **said))
    return int(made)
