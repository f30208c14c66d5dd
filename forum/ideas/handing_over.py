"""A slot passes to another department: because it is not theirs, or became part of the other."""

from __future__ import annotations

from sqlalchemy import delete, exists, func, select, update

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import record
from forum.core.i18n import _, lazy
from forum.departments.holding import hold_open
from forum.departments.queries import answers_for
from forum.departments.visibility import choices_for
from forum.ideas import asking, clock, facts, policy, stages
from forum.ideas.affected import UNKNOWN
from forum.ideas.answers import TOO_LATE
from forum.ideas.models import Answer, AnswerKind, Handover, Idea, Question

GIVEN = lazy("Only a question that waits can be handed over; take the answer back first.")
STANDS = lazy("It can no longer be taken back: the other department has it in hand.")


def hand_over(person: Person, idea: Idea, slot: Answer, *, to_id: int) -> int:
    """“Not ours”: another department is asked instead, in its own time. Returns the handover's id.

    The slot is one that the person answers for. Invalid for a department that is asked already, is
    closed, or has itself handed this question on.
    """
    if slot.answer != AnswerKind.WAITING:
        raise Conflict(GIVEN)
    if to_id not in {card.id for card in choices_for(person)}:
        raise Invalid(UNKNOWN, field="to")
    with transaction():
        held = hold_open([to_id])
        stages.hold(idea, allowed=policy.UNSETTLED, conflict=TOO_LATE, active_at=now())
        if to_id not in held:
            raise Invalid(UNKNOWN, field="to")
        _check_free(idea, slot, to_id)
        passed = _pass_on(slot, slot.department_id, to_id, by_id=person.id)
        _tell(idea.id, person, to_id=to_id, from_id=passed.from_id)
    return passed.id


def _check_free(idea: Idea, slot: Answer, to_id: int) -> None:
    asked = exists().where(Answer.idea_id == idea.id, Answer.department_id == to_id)
    passed = exists().where(Handover.answer_id == slot.id, Handover.from_id == to_id)
    is_asked, has_passed = db.session.execute(select(asked, passed)).one()
    if is_asked:
        raise Invalid(
            _("That department is asked already. Answer “No effect on us” instead."), field="to"
        )
    if has_passed:
        raise Invalid(_("That department has said that it is not theirs."), field="to")


def _pass_on(slot: Answer, from_id: int, to_id: int, *, by_id: int | None) -> Handover:
    """Keep the clock the slot had, and begin another; in the open write."""
    at = now()
    kept = Handover(
        answer_id=slot.id,
        from_id=from_id,
        to_id=to_id,
        by_id=by_id,
        at=at,
        asked_at=slot.asked_at,
        due_on=slot.due_on,
        allowed_days=slot.allowed_days,
        nudged=slot.nudged,
    )
    db.session.add(kept)
    db.session.flush()
    moved = db.session.execute(
        update(Answer)
        .where(
            Answer.id == slot.id,
            Answer.department_id == from_id,
            Answer.answer == AnswerKind.WAITING,
        )
        .values(department_id=to_id, **clock.begin(at))
    )
    if not moved.rowcount:  # type: ignore[attr-defined]
        raise Conflict(stages.MOVED_ON)
    asking.close(slot.id)
    return kept


def _tell(idea_id: int, person: Person, *, to_id: int, from_id: int) -> None:
    about = ("idea", idea_id)
    record(
        facts.DEPARTMENTS_CHANGED, by=person, about=about, departments=[to_id], dropped=[from_id]
    )


def take_back(person: Person, idea: Idea, handover_id: int) -> int:
    """Undo one's own handover, with the clock as it was; the department's id.

    Conflict once the other department has answered, asked or handed on.
    """
    passed = db.session.get(Handover, handover_id)
    require(passed is not None and passed.by_id == person.id)
    assert passed is not None
    require(policy.may_answer(person, passed.from_id, answers_for(person.id)))
    with transaction():
        held = hold_open([passed.from_id])
        stages.hold(idea, allowed=policy.UNSETTLED, conflict=TOO_LATE, active_at=now())
        if passed.from_id not in held or _moved_since(idea, passed):
            raise Conflict(STANDS)
        back = (
            update(Answer)
            .where(
                Answer.id == passed.answer_id,
                Answer.idea_id == idea.id,
                Answer.department_id == passed.to_id,
                Answer.answer == AnswerKind.WAITING,
            )
            .values(department_id=passed.from_id, **_clock_before(passed))
        )
        if not db.session.execute(back).rowcount:  # type: ignore[attr-defined]
            raise Conflict(STANDS)
        db.session.execute(delete(Handover).where(Handover.id == passed.id))
        _tell(idea.id, person, to_id=passed.from_id, from_id=passed.to_id)
    return passed.from_id


def _moved_since(idea: Idea, passed: Handover) -> bool:
    newest = select(func.max(Handover.id)).where(Handover.answer_id == passed.answer_id)
    asked = exists().where(
        Question.answer_id == passed.answer_id, Question.department_id == passed.to_id
    )
    tagged = exists().where(Answer.idea_id == idea.id, Answer.department_id == passed.from_id)
    newest_id, *since = db.session.execute(select(newest.scalar_subquery(), asked, tagged)).one()
    return newest_id != passed.id or any(since)


def _clock_before(passed: Handover) -> clock.Values:
    return {
        "asked_at": passed.asked_at,
        "due_on": passed.due_on,
        "allowed_days": passed.allowed_days,
        "nudged": passed.nudged,
        "nudge_on": clock.next_nudge(passed.due_on, passed.allowed_days, passed.nudged),
        "paused_at": None,
    }


def to_heir(slot_id: int, old_id: int, new_id: int) -> None:
    """A slot of a department that became part of another, in the open write.

    Where it waits the heir has its own time: its people have not heard of it until now.
    """
    slot = db.session.get_one(Answer, slot_id, populate_existing=True)
    if slot.answer == AnswerKind.WAITING:
        _pass_on(slot, old_id, new_id, by_id=None)
    else:
        move = update(Answer).where(Answer.id == slot_id).values(department_id=new_id)
        db.session.execute(move)
