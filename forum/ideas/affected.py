"""Which departments an idea affects: choosing them, asking them, leaving them out again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, select

from forum.accounts.models import Person
from forum.core import limits
from forum.core.access import require
from forum.core.db import db, transaction
from forum.core.errors import Invalid
from forum.core.events import record
from forum.core.i18n import _, lazy
from forum.departments.holding import hold_open
from forum.departments.models import Department
from forum.departments.visibility import departments_visible_to
from forum.ideas import clock, facts, policy, stages
from forum.ideas.filed import check_unmoved, mark
from forum.ideas.models import Answer, AnswerKind, AnswerRevision, Idea, StageKind
from forum.ideas.queries import tags_of
from forum.ideas.together.queries import co_authors_of

UNKNOWN = lazy("Choose departments from the list.")


def known_departments(person: Person, ids: Sequence[int], idea: Idea | None = None) -> list[int]:
    """Those departments, if each may be chosen. Raises Invalid for one that may not. Two queries.

    Chosen may be what is not archived, to a consultant only their own; what the idea named before
    may stay in any case.
    """
    if len(ids) > limits.AFFECTED.value:
        raise Invalid(_("Choose fewer departments."), field="departments")
    query = select(Department.id).where(
        Department.id.in_(ids),
        Department.archived_at.is_(None),
        departments_visible_to(person),
    )
    known = {*db.session.scalars(query), *(_named_already(idea) if idea is not None else ())}
    if not known.issuperset(ids):
        raise Invalid(UNKNOWN, field="departments")
    return list(ids)


def _named_already(idea: Idea) -> Iterable[int]:
    return db.session.scalars(select(Answer.department_id).where(Answer.idea_id == idea.id))


def ask_departments(
    idea: Idea,
    department_ids: Collection[int],
    *,
    held: Collection[int],
    at: datetime | None = None,
) -> None:
    """Open an answer slot for each department, in the open write that holds them open, asked now
    or at a moment.

    Raises Invalid when one was archived a moment ago: nobody would answer for it.
    """
    if not set(department_ids) <= set(held):
        raise Invalid(UNKNOWN, field="departments")
    runs = clock.begin(at) if idea.stage_kind != StageKind.DRAFT else {}
    db.session.add_all(
        Answer(idea_id=idea.id, department_id=department_id, revision=idea.revision, **runs)
        for department_id in department_ids
    )
    db.session.flush()


def retag(idea: Idea, wanted: Sequence[int], *, held: Collection[int], by: Person) -> None:
    """Add slots for new departments; take away waiting ones not wanted, or of archived ones."""
    rows = db.session.execute(
        select(Answer.department_id, Answer.answer).where(Answer.idea_id == idea.id)
    ).all()
    present = {row.department_id for row in rows}
    kept = set(wanted) & set(held)
    dropped = [
        r.department_id
        for r in rows
        if r.answer == AnswerKind.WAITING and r.department_id not in kept
    ]
    _close_slots(idea, dropped)
    added = [d for d in wanted if d not in present]
    ask_departments(idea, added, held=held)
    if idea.stage_kind != StageKind.DRAFT and (added or dropped):
        about = ("idea", idea.id)
        record(facts.DEPARTMENTS_CHANGED, by=by, about=about, departments=added, dropped=dropped)


def _close_slots(idea: Idea, department_ids: Sequence[int]) -> None:
    """Take slots away that wait, with the history of answers that were taken back."""
    waiting = (
        Answer.idea_id == idea.id,
        Answer.department_id.in_(department_ids),
        Answer.answer == AnswerKind.WAITING,
    )
    slots = select(Answer.id).where(*waiting)
    db.session.execute(delete(AnswerRevision).where(AnswerRevision.answer_id.in_(slots)))
    db.session.execute(delete(Answer).where(*waiting))


def tag_departments(
    person: Person, idea: Idea, department_ids: Sequence[int], *, filed: str = ""
) -> None:
    """Choose the affected departments: the author while it is open, moderators until decided.

    Conflict when somebody chose others since the mark `filed`.
    """
    require(policy.may_tag_departments(person, idea, co_authors_of(person, idea)))
    known = known_departments(person, tuple(dict.fromkeys(department_ids)), idea)
    allowed = policy.UNSETTLED if policy.moderates(person, idea) else (StageKind.OPEN,)
    wanted = mark(known, [name for name, _slug in tags_of(idea.id)], False)
    with transaction():
        held = hold_open(known)
        stages.hold(idea, allowed=allowed)
        check_unmoved(idea, filed, wanted)
        stages.hold(idea, allowed=allowed, unsure=False)
        retag(idea, known, held=held, by=person)
