"""What becomes of an accepted idea's owner and date: confirmed, moved, handed over."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import update

from forum.accounts.models import Person
from forum.core import richtext, texts
from forum.core.access import require
from forum.core.clock import now, today
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import record
from forum.core.i18n import lazy
from forum.departments.holding import hold_open
from forum.departments.queries import answers_for
from forum.files.uses import claim
from forum.ideas import facts, policy, stages
from forum.ideas.decisions import NO_OWNER, PAST, latest_decision
from forum.ideas.models import Decision, Idea, StageKind

ACCEPTED = (StageKind.ACCEPTED,)
NOT_ASKED = lazy("Nobody asks for this day any more. Look at it again.")


def confirm_date(person: Person, idea: Idea, *, due_on: date | None = None) -> None:
    """The owner department agrees to carry it out by the date; twice is the same as once.

    Conflict when the date is not `due_on`, or another department owns it by now.
    """
    require(policy.owns(person, idea, answers_for(person.id)))
    decision = _standing(idea)
    same_day = Idea.due_on.is_not_distinct_from(due_on or idea.due_on)
    still = (stages.same_owner(idea), same_day)
    with transaction():
        stages.hold(idea, allowed=ACCEPTED, still=still)
        confirmed = _change(
            decision,
            Decision.confirmed_at.is_(None),
            confirmed_at=now(),
            confirmed_by_id=person.id,
            asked_due_on=None,
            asked_reason_id=None,
        )
        if confirmed:
            record(facts.OWNER_CONFIRMED, by=person, about=("idea", idea.id))


def ask_to_move_date(person: Person, idea: Idea, *, due_on: date, reason: str) -> None:
    """The owner department asks for another day; moderators move it directly."""
    answering = answers_for(person.id)
    require(policy.owns(person, idea, answering))
    if due_on < today():
        raise Invalid(PAST, field="due")
    decision = _standing(idea)
    composed = richtext.compose(reason) if reason.strip() else None
    still = [stages.same_owner(idea)]
    with transaction():
        stages.hold(idea, allowed=ACCEPTED, still=still)
        text = texts.store_if_any(composed)
        if composed is not None:
            claim(composed.source, "idea", idea.id, person)
        why = text.id if text else None
        if policy.moderates(person, idea):
            owner_agrees = idea.owner_department_id in answering
            _set_date(person, idea, decision, due_on, why=why, confirmed=owner_agrees)
            return
        _change(decision, asked_due_on=due_on, asked_reason_id=why)
        record(facts.OWNER_ASKED, by=person, about=("idea", idea.id))


def _set_date(
    moderator: Person,
    idea: Idea,
    decision: Decision,
    due_on: date,
    *,
    why: int | None,
    confirmed: bool,
) -> None:
    """A moderator's own move, with its reason; the owner confirms it anew unless they are one."""
    _change(
        decision,
        due_on=due_on,
        asked_due_on=None,
        asked_reason_id=why,
        confirmed_at=now() if confirmed else None,
        confirmed_by_id=moderator.id if confirmed else None,
    )
    stages.hold(idea, allowed=ACCEPTED, due_on=due_on)
    owner = idea.owner_department_id
    record(facts.DATE_MOVED, by=moderator, about=("idea", idea.id), department=owner)


def agree_to_date(moderator: Person, idea: Idea, *, due_on: date | None = None) -> None:
    """A moderator agrees to the day the owner asked for; Conflict when it is not `due_on`."""
    require(idea.stage_kind == StageKind.ACCEPTED and policy.moderates(moderator, idea))
    decision = _standing(idea)
    asked = due_on or decision.asked_due_on
    if asked is None:
        raise Conflict(NOT_ASKED)
    with transaction():
        stages.hold(idea, allowed=ACCEPTED)
        _move_date(moderator, idea, decision, asked, Decision.asked_due_on == asked)


def _move_date(by: Person, idea: Idea, decision: Decision, due_on: date, *still: Any) -> None:
    moved = _change(
        decision,
        *still,
        due_on=due_on,
        asked_due_on=None,
        asked_reason_id=None,
        confirmed_at=now(),
        confirmed_by_id=by.id,
    )
    if not moved:
        raise Conflict(NOT_ASKED)
    stages.hold(idea, allowed=ACCEPTED, due_on=due_on)
    record(facts.OWNER_CONFIRMED, by=by, about=("idea", idea.id))


def hand_over(moderator: Person, idea: Idea, *, owner_id: int | None, due_on: date | None) -> None:
    """Give an accepted idea to another department, which confirms the date anew.

    The decision keeps the date unless another is given. Raises Invalid for a closed department.
    """
    require(idea.stage_kind == StageKind.ACCEPTED and policy.moderates(moderator, idea))
    if due_on is not None and due_on < today():
        raise Invalid(PAST, field="due")
    decision = latest_decision(idea)
    until = due_on or (decision.due_on if decision is not None else idea.due_on)
    with transaction():
        if owner_id is None or not hold_open([owner_id]):
            raise Invalid(NO_OWNER, field="owner")
        stages.hold(idea, allowed=ACCEPTED, owner_department_id=owner_id, due_on=until)
        _change(
            decision or _decided_elsewhere(moderator, idea),
            owner_department_id=owner_id,
            due_on=until,
            confirmed_at=None,
            confirmed_by_id=None,
            asked_due_on=None,
            asked_reason_id=None,
        )
        record(facts.OWNER_CHANGED, by=moderator, about=("idea", idea.id), department=owner_id)


def _decided_elsewhere(moderator: Person, idea: Idea) -> Decision:
    """The decision of an idea that came here accepted: who gives it an owner answers for it."""
    stages.hold(idea, allowed=ACCEPTED, settled_at=idea.settled_at or idea.stage_since)
    decision = Decision(idea_id=idea.id, decision="accept", by_id=moderator.id)
    db.session.add(decision)
    db.session.flush()
    return decision


def _standing(idea: Idea) -> Decision:
    decision = latest_decision(idea)
    if decision is None:
        raise Conflict(stages.MOVED_ON)
    return decision


def _change(decision: Decision, *still: Any, **values: Any) -> bool:
    """Change a decision in the open write, if it is still as expected."""
    changed = db.session.execute(
        update(Decision)
        .where(Decision.id == decision.id, *still)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]
