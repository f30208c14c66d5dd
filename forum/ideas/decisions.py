"""Review, decision, and what the owner makes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, exists, select

from forum.accounts.models import Person
from forum.core import richtext, texts
from forum.core.access import require
from forum.core.clock import now, today
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import Event, record
from forum.core.i18n import _, lazy
from forum.departments.holding import hold_open
from forum.departments.queries import answers_for
from forum.files import actions as files
from forum.files.uses import claim
from forum.ideas import facts, policy, stages
from forum.ideas.again import actions as again
from forum.ideas.models import Answer, AnswerKind, Decision, Idea, StageKind
from forum.ideas.together.queries import co_authors_of

PAST = lazy("Choose a day from today on.")
NO_OWNER = lazy("Choose a department from the list.")
NOT_ACCEPTED = lazy("Only an accepted idea can be marked as done.")
TOO_LATE_TO_UNDO = lazy("This decision stands; it can no longer be taken back.")
UNDO_WITHIN = timedelta(minutes=10)
"""How long a decision can be undone by who made it."""
OWNED_SINCE = (
    facts.OWNER_CHANGED.name,
    facts.OWNER_CONFIRMED.name,
    facts.OWNER_ASKED.name,
    facts.DATE_MOVED.name,
)
FOLLOWED: dict[str, Callable[[int], bool]] = {}
"""What features above know to have followed from an idea's acceptance, by their names."""
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
    again_on: date | None = None
    again_departments: int | None = None

    @property
    def accepts(self) -> bool:
        """Whether the idea is accepted."""
        return self.decision == "accept"


def begin_review(moderator: Person, idea: Idea) -> None:
    """Take an open idea into review; already in review is the same."""
    require(policy.may_decide(moderator, idea, co_authors_of(moderator, idea)))
    if idea.stage_kind == StageKind.REVIEW:
        return
    with transaction():
        stages.move(idea, StageKind.REVIEW, by=moderator, allowed=[StageKind.OPEN])


def end_review(moderator: Person, idea: Idea) -> None:
    """Undo: an idea in review is open again; already open is the same."""
    require(policy.may_decide(moderator, idea, co_authors_of(moderator, idea)))
    if idea.stage_kind == StageKind.OPEN:
        return
    with transaction():
        stages.move(idea, StageKind.OPEN, by=moderator, allowed=[StageKind.REVIEW])


def settle(moderator: Person, idea: Idea, verdict: Verdict) -> None:
    """Accept or decline, exactly once; an open idea passes through review on the way.

    Raises Invalid for a missing reason or owner, Conflict when settled already or when a
    department's `harms` is not overridden.
    """
    require(policy.may_decide(moderator, idea, co_authors_of(moderator, idea)))
    _check(verdict)
    reason = richtext.compose(verdict.reason)
    later_on = "" if verdict.accepts else verdict.revisit.strip()
    revisit = richtext.compose(verdict.revisit) if later_on else None
    if idea.stage_kind not in policy.UNSETTLED:
        raise Conflict(SETTLED)
    with transaction():
        _hold_owner(verdict)
        _claim(moderator, idea, verdict)
        overridden = verdict.accepts and _harms_somebody(idea)
        if overridden and not verdict.override:
            raise Harms
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
            override=overridden,
        )
        db.session.add(decision)
        db.session.flush()
        record(
            facts.SETTLED,
            by=moderator,
            about=("idea", idea.id),
            decision=decision.id,
            outcome=verdict.decision,
            department=decision.owner_department_id,
        )
        if not verdict.accepts:
            again.watch(idea.id, decision.id, verdict.again_on, verdict.again_departments)


def take_back(moderator: Person, idea: Idea) -> None:
    """Undo one's own decision within minutes; the idea is in review again.

    Conflict once it is older, or something has followed from it.
    """
    require(policy.may_decide(moderator, idea, co_authors_of(moderator, idea)))
    decision = latest_decision(idea)
    if decision is None or decision.by_id != moderator.id or decision.at < now() - UNDO_WITHIN:
        raise Conflict(TOO_LATE_TO_UNDO)
    with transaction():
        stages.move(
            idea,
            StageKind.REVIEW,
            by=moderator,
            allowed=[StageKind.ACCEPTED, StageKind.DECLINED],
            conflict=TOO_LATE_TO_UNDO,
            settled_at=None,
            owner_department_id=None,
            due_on=None,
        )
        if _something_followed(idea, decision):
            raise Conflict(TOO_LATE_TO_UNDO)
        again.forget(decision.id)
        untouched = (Decision.confirmed_at.is_(None), Decision.asked_due_on.is_(None))
        gone = db.session.execute(delete(Decision).where(Decision.id == decision.id, *untouched))
        if not gone.rowcount:  # type: ignore[attr-defined]
            raise Conflict(TOO_LATE_TO_UNDO)
        about = ("idea", idea.id)
        record(facts.DECISION_UNDONE, by=moderator, about=about, decision=decision.id)


def _something_followed(idea: Idea, decision: Decision) -> bool:
    """Whether its owner or date moved since, or a feature above built on it."""
    since = exists().where(
        Event.object_kind == "idea",
        Event.object_id == idea.id,
        Event.type.in_(OWNED_SINCE),
        Event.at >= decision.at,
    )
    return bool(db.session.scalar(select(since))) or any(f(idea.id) for f in FOLLOWED.values())


def _check(verdict: Verdict) -> None:
    if verdict.decision not in ("accept", "decline"):
        raise Invalid(_("Accept or decline."), field="decision")
    if not verdict.reason.strip():
        raise Invalid(_("Give the reason; everybody will read it."), field="reason")
    if verdict.accepts and verdict.due_on is not None and verdict.due_on < today():
        raise Invalid(PAST, field="due")
    if not verdict.accepts:
        again.check(verdict.again_on, verdict.again_departments)


def _hold_owner(verdict: Verdict) -> None:
    """Keep the owner from being archived until the decision is written; first of all locks."""
    if verdict.accepts and verdict.owner_id is not None and not hold_open([verdict.owner_id]):
        raise Invalid(NO_OWNER, field="owner")


def _claim(moderator: Person, idea: Idea, verdict: Verdict) -> None:
    """Move through review to the verdict's stage; the guarded updates let exactly one win."""
    if idea.stage_kind == StageKind.OPEN:
        stages.move(
            idea, StageKind.REVIEW, by=moderator, allowed=[StageKind.OPEN], conflict=SETTLED
        )
    values: dict[str, Any] = (
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


def _harms_somebody(idea: Idea) -> bool:
    query = select(Answer.id).where(Answer.idea_id == idea.id, Answer.answer == AnswerKind.HARMS)
    return db.session.scalars(query.limit(1)).first() is not None


def latest_decision(idea: Idea) -> Decision | None:
    """The decision that stands. One query."""
    query = select(Decision).where(Decision.idea_id == idea.id).order_by(Decision.id.desc())
    return db.session.scalars(query.limit(1)).first()


def mark_done(person: Person, idea: Idea, *, outcome: str, photo: bytes = b"") -> None:
    """Say what changed, with a photo if there is one; the idea is carried out."""
    if idea.stage_kind != StageKind.ACCEPTED:
        raise Conflict(NOT_ACCEPTED)
    require(policy.owns(person, idea, answers_for(person.id)))
    if not outcome.strip():
        raise Invalid(_("Say in a line what changed."), field="outcome")
    picture = files.prepare(photo) if photo else None
    shown = "\n\n" + picture.shown(_("What changed")) if picture is not None else ""
    composed = richtext.compose(outcome + shown)
    still = [stages.same_owner(idea)]
    with transaction():
        if picture is not None:
            files.register(person, picture)
        text = texts.store(composed)
        claim(composed.source, "idea", idea.id, person)
        stages.move(
            idea,
            StageKind.DONE,
            by=person,
            allowed=[StageKind.ACCEPTED],
            conflict=NOT_ACCEPTED,
            still=still,
            outcome_id=text.id,
        )
        record(facts.DONE, by=person, about=("idea", idea.id))
