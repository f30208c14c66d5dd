"""Giving a merged idea back what came from it; whatever people did since stays as they left it."""

from __future__ import annotations

from sqlalchemy import Select, delete, select

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict
from forum.core.events import record
from forum.ideas import asking, stages
from forum.ideas import facts as idea_facts
from forum.ideas.merges import facts, moving, policy
from forum.ideas.merges.models import Merge
from forum.ideas.models import Answer, AnswerKind, AnswerRevision, Idea, StageKind


def unmerge(moderator: Person, child: Idea) -> None:
    """Let a merged idea stand by itself again, where it stood before.

    Conflict when it does already, or when the idea it is part of was itself merged since.
    """
    require(policy.may_merge(moderator, child))
    if child.stage_kind != StageKind.MERGED or child.merged_into_id is None:
        raise Conflict(policy.NOT_MERGED)
    with transaction():
        moving.stop_the_rest()
        parent = _hold(child)
        merge = db.session.scalars(standing(child.id)).first()
        back_to = StageKind(merge.from_kind) if merge is not None else StageKind.OPEN
        stages.move(
            child,
            back_to,
            by=moderator,
            allowed=[StageKind.MERGED],
            conflict=policy.NOT_MERGED,
            merged_into_id=None,
        )
        if merge is not None:
            _give_back(moderator, merge, child, parent)
        record(facts.UNMERGED, by=moderator, about=("idea", child.id), into=parent.id)
        db.session.flush()
        db.session.refresh(child)


def standing(child_id: int) -> Select[Merge]:
    """The merge that made an idea part of another, if it was made here and stands."""
    return select(Merge).where(Merge.child_id == child_id, Merge.undone_at.is_(None))


def _hold(child: Idea) -> Idea:
    """Lock both in the order of their ids; Conflict when one has moved on."""
    parent = db.session.get_one(Idea, child.merged_into_id, populate_existing=True)
    if parent.trashed_at is not None and child.trashed_at is None:
        raise Conflict(policy.WITHIN_TRASH)
    for idea in sorted([parent, child], key=lambda idea: idea.id):
        if idea is child:
            same = [Idea.merged_into_id == parent.id]
            merged = [StageKind.MERGED]
            stages.hold(child, allowed=merged, conflict=policy.NOT_MERGED, still=same)
        else:
            others = [kind for kind in StageKind if kind != StageKind.MERGED]
            stages.hold(parent, allowed=others, conflict=policy.WITHIN)
    return parent


def _give_back(moderator: Person, merge: Merge, child: Idea, parent: Idea) -> None:
    merge.undone_at, merge.undone_by_id = now(), moderator.id
    db.session.flush()
    _give_comments(moderator, merge, child, parent)
    _give_votes(merge)
    moving.follows_back(merge)
    _credit_anew(merge, parent)
    _drop_slots(merge, child, parent, moderator)


def _give_comments(moderator: Person, merge: Merge, child: Idea, parent: Idea) -> None:
    back = moving.comments_back(merge, child, parent) - child.comment_count
    text = moving.text_away(merge, moderator.id, merge.undone_at)
    moving.count(child.id, comment_count=back)
    moving.count(parent.id, comment_count=-back - text)


def _give_votes(merge: Merge) -> None:
    left, back = moving.votes_back(merge)
    imported, theirs = merge.imported, merge.imported + merge.imported_both
    moving.count(
        merge.parent_id, vote_count=-left, support=-left - imported, imported_votes=-imported
    )
    moving.count(merge.child_id, vote_count=back, support=back + theirs, imported_votes=theirs)
    for idea_id in (merge.parent_id, merge.child_id):
        record(idea_facts.SUPPORT_CHANGED, by=None, about=("idea", idea_id))


def _credit_anew(merge: Merge, parent: Idea) -> None:
    """Who came with this one goes with it, unless they came with another that is still here."""
    moving.authors_away(merge)
    query = (
        select(Merge, Idea)
        .join(Idea, Idea.id == Merge.child_id)
        .where(Merge.parent_id == parent.id, Merge.undone_at.is_(None))
        .order_by(Merge.id)
    )
    for other, child in db.session.execute(query).all():
        moving.authors(other, child, parent)


def _drop_slots(merge: Merge, child: Idea, parent: Idea, moderator: Person) -> None:
    """Take back the slots that say what they said when they came; others keep their new word."""
    there = select(Answer).where(Answer.idea_id == child.id)
    said = {slot.department_id: slot for slot in db.session.scalars(there)}
    opened = select(Answer).where(Answer.id.in_(moving.slots_of(merge)))
    gone = [
        slot
        for slot in db.session.scalars(opened.where(Answer.idea_id == parent.id))
        if _says_the_same(slot, said.get(slot.department_id))
    ]
    ids = [slot.id for slot in gone]
    if ids:
        db.session.execute(delete(AnswerRevision).where(AnswerRevision.answer_id.in_(ids)))
        db.session.execute(delete(Answer).where(Answer.id.in_(ids)))
        _tell(moderator, parent.id, dropped=[slot.department_id for slot in gone])
    waiting = [d for d, slot in said.items() if slot.answer == AnswerKind.WAITING]
    if waiting:
        # The time the idea was part of another is not theirs.
        asking.ask_anew(child)
        _tell(moderator, child.id, departments=waiting)


def _tell(
    moderator: Person,
    idea_id: int,
    *,
    departments: list[int] | None = None,
    dropped: list[int] | None = None,
) -> None:
    record(
        idea_facts.DEPARTMENTS_CHANGED,
        by=moderator,
        about=("idea", idea_id),
        departments=departments or [],
        dropped=dropped or [],
    )


def _says_the_same(slot: Answer, before: Answer | None) -> bool:
    if before is None or slot.answer != before.answer:
        return False
    return (slot.by_id, slot.answered_at) == (before.by_id, before.answered_at)
