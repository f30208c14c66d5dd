"""What the affected departments answer."""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.core import richtext, texts
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Forbidden, Invalid
from forum.core.events import record
from forum.core.i18n import _, lazy
from forum.departments.models import Department
from forum.departments.queries import answers_for
from forum.files.uses import claim
from forum.ideas import asking, clock, facts, policy, stages
from forum.ideas.models import (
    NEEDS_REASON,
    Answer,
    AnswerKind,
    AnswerRevision,
    Idea,
    IdeaRevision,
)

TOO_LATE = lazy("This idea is decided; answers are closed.")
NOT_ASKED = lazy("This department was not asked.")
NOT_YOURS = lazy("You do not answer for this department, or not any more.")
GIVEN = tuple(kind for kind in AnswerKind if kind != AnswerKind.WAITING)


class _Said(NamedTuple):
    """What a slot says: by nobody and never, while it waits."""

    answer: str
    reason_id: int | None
    by_id: int | None
    at: datetime | None
    revision: int


def give_answer(
    person: Person,
    idea: Idea,
    department_id: int,
    *,
    answer: str,
    reason: str = "",
    seen: int | None = None,
) -> int:
    """Answer for a department; again revises it. Conflict after the decision.

    `seen` is the wording that was answered, where it may be an earlier one. Returns the id of
    this answer in the slot's history, which undoing names.
    """
    slot = slot_for(person, idea, department_id)
    if answer not in GIVEN:
        raise Invalid(_("Choose one of the answers."), field="answer")
    if answer in NEEDS_REASON and not reason.strip():
        raise Invalid(_("Say what would have to change, or what it harms."), field="reason")
    composed = richtext.compose(reason) if reason.strip() else None
    with transaction():
        stages.hold(idea, allowed=policy.UNSETTLED, conflict=TOO_LATE, active_at=now())
        text = texts.store_if_any(composed)
        if composed is not None:
            claim(composed.source, "idea", idea.id, person)
        revision = min(idea.revision, seen or idea.revision)
        said = _Said(answer, text.id if text else None, person.id, now(), revision)
        return _write(person, slot, said)


def take_back_answer(
    person: Person, idea: Idea, department_id: int, *, given: int | None = None
) -> None:
    """Undo: the slot says what it said before, or waits again; its history stays.

    Conflict when `given` is no longer the newest answer; without it, when the newest is somebody
    else's.
    """
    slot = slot_for(person, idea, department_id)
    with transaction():
        stages.hold(idea, allowed=policy.UNSETTLED, conflict=TOO_LATE, active_at=now())
        newest, before = _last_two(slot)
        if newest is not None and (given or newest.id) != newest.id:
            raise Conflict(stages.MOVED_ON)
        if newest is not None and given is None and newest.by_id != person.id:
            raise Conflict(stages.MOVED_ON)
        _write(person, slot, _said_before(idea, before), restored=True)


def _last_two(slot: Answer) -> tuple[AnswerRevision | None, AnswerRevision | None]:
    query = select(AnswerRevision).where(AnswerRevision.answer_id == slot.id)
    rows = list(db.session.scalars(query.order_by(AnswerRevision.id.desc()).limit(2)))
    newest, before, *_ = [*rows, None, None]
    return newest, before


def _said_before(idea: Idea, before: AnswerRevision | None) -> _Said:
    """What stood before the newest answer, with the wording it was given on."""
    if before is None or before.answer == AnswerKind.WAITING:
        return _Said(AnswerKind.WAITING, None, None, None, idea.revision)
    query = select(func.max(IdeaRevision.number)).where(
        IdeaRevision.idea_id == idea.id, IdeaRevision.at <= before.at
    )
    number = db.session.scalar(query) or 1
    return _Said(before.answer, before.reason_id, before.by_id, before.at, number)


def slot_for(person: Person, idea: Idea, department_id: int) -> Answer:
    """The slot of a department the person answers for. Two queries.

    Raises Forbidden for another department, Conflict where it has become part of one they answer
    for.
    """
    query = select(Answer).where(Answer.idea_id == idea.id, Answer.department_id == department_id)
    slot, theirs = db.session.scalars(query).first(), answers_for(person.id)
    if not policy.may_answer(person, department_id, theirs):
        _check_heir(department_id, theirs)
        raise Forbidden(NOT_YOURS)
    if slot is None:
        raise Forbidden(NOT_ASKED)
    return slot


def _check_heir(department_id: int, theirs: Set[int]) -> None:
    """Conflict where a department is now part of one of these. One query."""
    heir = aliased(Department)
    query = (
        select(heir.name)
        .join(Department, Department.merged_into_id == heir.id)
        .where(Department.id == department_id, heir.id.in_(theirs))
    )
    name = db.session.scalar(query)
    if name is not None:
        raise Conflict(_("This department is part of “%(name)s” now. Answer there.", name=name))


def _write(person: Person, slot: Answer, said: _Said, *, restored: bool = False) -> int:
    written = db.session.execute(
        update(Answer)
        .where(Answer.id == slot.id, Answer.department_id == slot.department_id)
        .values(
            answer=said.answer,
            reason_id=said.reason_id,
            by_id=said.by_id,
            answered_at=said.at,
            revision=said.revision,
            **clock.answered(slot, waits=said.answer == AnswerKind.WAITING),
        )
    )
    if not written.rowcount:  # type: ignore[attr-defined]
        raise Conflict(NOT_ASKED)
    asking.close(slot.id)
    kept = AnswerRevision(
        answer_id=slot.id,
        answer=said.answer,
        reason_id=said.reason_id,
        by_id=said.by_id or person.id,
        at=said.at or now(),
    )
    db.session.add(kept)
    db.session.flush()
    extra: dict[str, Any] = {"restored": True} if restored else {}
    record(
        facts.ANSWERED,
        by=person,
        about=("idea", slot.idea_id),
        department=slot.department_id,
        answer=str(said.answer),
        **extra,
    )
    return kept.id
