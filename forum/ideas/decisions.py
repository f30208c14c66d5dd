"""Review, decision, and what the owner makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update

from forum.accounts.models import Person
from forum.core import richtext, texts
from forum.core.access import require
from forum.core.clock import now, today
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import record
from forum.core.i18n import _, lazy
from forum.departments.models import Department
from forum.departments.queries import answers_for
from forum.files.uses import claim
from forum.ideas import facts, policy, stages
from forum.ideas.models import Answer, AnswerKind, Decision, Idea, StageKind

SETTLED = lazy("Another moderator has just settled this idea.")


class Harms(Conflict):
    """An affected department says that it harms them, and nobody said that this is known."""

    sentence = lazy("A department says this harms it. Accept it anyway only with a public reason.")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a moderator decides."""

    decision: str
    reason: str
    revisit: str = ""
    reason_code: str = ""
    owner_id: int | None = None
    due_on: date | None = None
    override: bool = False

    @property
    def accepts(self) -> bool:
        """Whether the idea is accepted."""
        return self.decision == "accept"


def begin_review(moderator: Person, idea: Idea) -> None:
    """Take an open idea into review; already in review is the same."""
    require(policy.may_review(moderator, idea))
    if idea.stage_kind == StageKind.REVIEW:
        return
    with transaction():
        stages.move(idea, StageKind.REVIEW, by=moderator, allowed=[StageKind.OPEN])


def settle(moderator: Person, idea: Idea, verdict: Verdict) -> None:
    """Accept or decline, exactly once; an open idea passes through review on the way.

    Raises Invalid for a missing reason or owner, Conflict when settled already or when a
    department's `harms` is not overridden.
    """
    require(policy.may_decide(moderator, idea))
    _check(verdict)
    reason = richtext.compose(verdict.reason)
    revisit = richtext.compose(verdict.revisit) if verdict.revisit.strip() else None
    if idea.stage_kind not in policy.UNSETTLED:
        raise Conflict(SETTLED)
    with transaction():
        _claim(moderator, idea, verdict)
        if verdict.accepts and not verdict.override:
            _check_no_harm(idea)
        said, later = texts.store_if_any(reason), texts.store_if_any(revisit)
        for shown in filter(None, (reason, revisit)):
            claim(shown.source, "idea", idea.id, moderator)
        decision = Decision(
            idea_id=idea.id,
            decision=verdict.decision,
            by_id=moderator.id,
            reason_id=said.id if said else None,
            revisit_id=later.id if later else None,
            reason_code=verdict.reason_code[:40],
            owner_department_id=verdict.owner_id if verdict.accepts else None,
            due_on=verdict.due_on if verdict.accepts else None,
            override=verdict.override,
        )
        db.session.add(decision)
        db.session.flush()
        record(
            facts.SETTLED,
            by=moderator,
            about=("idea", idea.id),
            decision=decision.id,
            outcome=verdict.decision,
        )


def _check(verdict: Verdict) -> None:
    if verdict.decision not in ("accept", "decline"):
        raise Invalid(_("Accept or decline."), field="decision")
    if not verdict.reason.strip():
        raise Invalid(_("Give the reason; everybody will read it."), field="reason")
    if verdict.owner_id is not None and db.session.get(Department, verdict.owner_id) is None:
        raise Invalid(_("Choose a department from the list."), field="owner")
    if verdict.due_on is not None and verdict.due_on < today():
        raise Invalid(_("Choose a day from today on."), field="due")


def _claim(moderator: Person, idea: Idea, verdict: Verdict) -> None:
    """Move through review to the verdict's stage; the guarded updates let exactly one win."""
    if idea.stage_kind == StageKind.OPEN:
        stages.move(
            idea, StageKind.REVIEW, by=moderator, allowed=[StageKind.OPEN], conflict=SETTLED
        )
    values = (
        {"owner_department_id": verdict.owner_id, "due_on": verdict.due_on}
        if verdict.accepts
        else {}
    )
    stages.move(
        idea,
        StageKind.ACCEPTED if verdict.accepts else StageKind.DECLINED,
        by=moderator,
        allowed=[StageKind.REVIEW],
        conflict=SETTLED,
        settled_at=now(),
        **values,
    )


def _check_no_harm(idea: Idea) -> None:
    query = select(Answer.id).where(Answer.idea_id == idea.id, Answer.answer == AnswerKind.HARMS)
    if db.session.scalars(query.limit(1)).first() is not None:
        raise Harms


def latest_decision(idea: Idea) -> Decision | None:
    """The decision that stands. One query."""
    query = select(Decision).where(Decision.idea_id == idea.id).order_by(Decision.id.desc())
    return db.session.scalars(query.limit(1)).first()


def confirm_date(person: Person, idea: Idea) -> None:
    """The owner department agrees to carry it out by the date."""
    require(policy.owns(person, idea, answers_for(person.id)))
    decision = latest_decision(idea)
    with transaction():
        if decision is not None and decision.confirmed_at is None:
            decision.confirmed_at, decision.confirmed_by_id = now(), person.id
            record(facts.OWNER_CONFIRMED, by=person, about=("idea", idea.id))


def ask_to_move_date(person: Person, idea: Idea, *, due_on: date, reason: str) -> None:
    """The owner department asks for another day; moderators move it directly."""
    require(policy.owns(person, idea, answers_for(person.id)))
    if due_on < today():
        raise Invalid(_("Choose a day from today on."), field="due")
    decision = latest_decision(idea)
    composed = richtext.compose(reason) if reason.strip() else None
    with transaction():
        if decision is None:
            return
        text = texts.store_if_any(composed)
        decision.asked_due_on, decision.asked_reason_id = due_on, text.id if text else None
        if person.moderates:
            _move_date(idea, decision, due_on)
        record(facts.OWNER_ASKED, by=person, about=("idea", idea.id))


def agree_to_date(moderator: Person, idea: Idea) -> None:
    """A moderator agrees to the day the owner asked for."""
    require(moderator.moderates and idea.stage_kind == StageKind.ACCEPTED)
    decision = latest_decision(idea)
    if decision is None or decision.asked_due_on is None:
        raise Conflict(_("Nobody asked for another day."))
    with transaction():
        _move_date(idea, decision, decision.asked_due_on)
        record(facts.OWNER_CONFIRMED, by=moderator, about=("idea", idea.id))


def _move_date(idea: Idea, decision: Decision, due_on: date) -> None:
    decision.due_on, decision.asked_due_on = due_on, None
    decision.confirmed_at = now()
    db.session.execute(update(Idea).where(Idea.id == idea.id).values(due_on=due_on))


def mark_done(person: Person, idea: Idea, *, outcome: str) -> None:
    """Say what changed; the idea is carried out and needs no standard."""
    if idea.stage_kind != StageKind.ACCEPTED:
        raise Conflict(_("Only an accepted idea can be marked as done."))
    require(policy.owns(person, idea, answers_for(person.id)))
    if not outcome.strip():
        raise Invalid(_("Say in a line what changed."), field="outcome")
    composed = richtext.compose(outcome)
    with transaction():
        text = texts.store(composed)
        claim(composed.source, "idea", idea.id, person)
        stages.move(
            idea, StageKind.DONE, by=person, allowed=[StageKind.ACCEPTED], outcome_id=text.id
        )
        record(facts.DONE, by=person, about=("idea", idea.id))
