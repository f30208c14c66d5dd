"""What the affected departments answer."""

from __future__ import annotations

from sqlalchemy import select, update

from forum.accounts.models import Person
from forum.core import richtext, texts
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Forbidden, Invalid
from forum.core.events import record
from forum.core.i18n import _, lazy
from forum.departments.queries import answers_for
from forum.files.uses import claim
from forum.ideas import facts, policy, stages
from forum.ideas.models import (
    NEEDS_REASON,
    Answer,
    AnswerKind,
    AnswerRevision,
    Idea,
)

TOO_LATE = lazy("This idea is decided; answers are closed.")
NOT_ASKED = lazy("This department was not asked.")
GIVEN = tuple(kind for kind in AnswerKind if kind != AnswerKind.WAITING)


def give_answer(
    person: Person,
    idea: Idea,
    department_id: int,
    *,
    answer: str,
    reason: str = "",
    seen: int | None = None,
) -> None:
    """Answer for a department; again revises it. Conflict after the decision.

    `seen` is the wording that was answered, where it may be an earlier one.
    """
    slot = _slot_for(person, idea, department_id)
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
        _write(person, slot, answer, text.id if text else None, revision)


def take_back_answer(person: Person, idea: Idea, department_id: int) -> None:
    """Undo: the slot waits again, and its history stays."""
    slot = _slot_for(person, idea, department_id)
    with transaction():
        stages.hold(idea, allowed=policy.UNSETTLED, conflict=TOO_LATE, active_at=now())
        _write(person, slot, AnswerKind.WAITING, None, idea.revision)


def _slot_for(person: Person, idea: Idea, department_id: int) -> Answer:
    query = select(Answer).where(Answer.idea_id == idea.id, Answer.department_id == department_id)
    slot = db.session.scalars(query).first() if 0 < department_id < 2**62 else None
    require(policy.may_answer(person, department_id, answers_for(person.id)))
    if slot is None:
        raise Forbidden(NOT_ASKED)
    return slot


def _write(person: Person, slot: Answer, answer: str, reason_id: int | None, revision: int) -> None:
    at = now()
    waiting = answer == AnswerKind.WAITING
    written = db.session.execute(
        update(Answer)
        .where(Answer.id == slot.id)
        .values(
            answer=answer,
            reason_id=reason_id,
            by_id=None if waiting else person.id,
            answered_at=None if waiting else at,
            revision=revision,
        )
    )
    if not written.rowcount:  # type: ignore[attr-defined]
        raise Conflict(NOT_ASKED)
    db.session.add(
        AnswerRevision(
            answer_id=slot.id, answer=answer, reason_id=reason_id, by_id=person.id, at=at
        )
    )
    record(
        facts.ANSWERED,
        by=person,
        about=("idea", slot.idea_id),
        department=slot.department_id,
        answer=str(answer),
    )
