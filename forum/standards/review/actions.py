"""Saying what a review found, taking that back, and planning when the next one is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, update

from forum.accounts.models import Person
from forum.core import limits
from forum.core.access import require
from forum.core.calendar import company_day
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, DomainError, Forbidden, Invalid
from forum.core.events import record
from forum.core.i18n import lazy
from forum.standards import drafts
from forum.standards import facts as of_standards
from forum.standards.drafts import Wording
from forum.standards.editing import editable
from forum.standards.models import Standard, Version, VersionState
from forum.standards.review import facts, policy, queries
from forum.standards.review.closing import drop_open, set_care, the_open_one
from forum.standards.review.intervals import MONTHS, SOON, add_months, months_of
from forum.standards.review.models import Care, Outcome, Review
from forum.standards.rewording import reworded

UNDO_WITHIN = timedelta(minutes=10)
ALONE = lazy("You alone wrote this version. Somebody else has to look at it.")
NOT_IN_FORCE = lazy("Only a standard in force is reviewed.")
REVIEWED = lazy("Somebody has just reviewed this standard, or its day was moved. Look again.")
STANDS = lazy("This review stands; it can no longer be taken back.")
CHOOSE = lazy("Say what the review found.")
SAY_WHAT = lazy("Say in a line what has to change, or name the idea that asks for it.")
NO_IDEA = lazy("There is no idea with this number.")
ONE_LINE = lazy("Say it in one line.")
WRONG_MONTHS = lazy("Between 1 and 120 months.")
SAID = (Outcome.VALID, Outcome.UPDATED, Outcome.CHANGES)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: `seen` is the day of the review as the form showed it."""

    outcome: str
    note: str = ""
    idea_id: int | None = None
    seen: date | None = None


def conclude(
    person: Person, standard: Standard, verdict: Verdict, *, batch: int | None = None
) -> Review:
    """Close the review with what it found, exactly once, and set the day of the next.

    Updates and changes begin the next draft where there is none, unless an idea is named. Raises
    Forbidden for the only author where somebody else could look, Conflict when it moved on.
    """
    version = _reviewable(person, standard)
    _check(person, verdict)
    due_after = _due_after(standard, verdict.outcome)
    wording = _next_text(standard) if _begins(verdict) else None
    with transaction():
        _move(standard, verdict.seen, due_after)
        review = the_open_one(standard)
        _close(person, review, version, verdict, due_after, batch)
        if wording is not None:
            _begin_draft(person, standard, wording)
        record(
            facts.REVIEWED,
            by=person,
            about=("standard", standard.id),
            version=version.number,
            review=review.id,
            outcome=verdict.outcome,
        )
    return review


def _reviewable(person: Person, standard: Standard) -> Version:
    """The version that somebody may look at, or a refusal."""
    require(policy.may_review(person, standard, stands_in=queries.stands_in(person, standard)))
    if not policy.is_due(standard):
        raise Conflict(NOT_IN_FORCE)
    version = queries.version_in_force(standard)
    if policy.alone_wrote(person, version) and queries.another_may(person, standard):
        raise Forbidden(ALONE)
    return version


def _check(person: Person, verdict: Verdict) -> None:
    if verdict.outcome not in SAID:
        raise Invalid(CHOOSE, field="outcome")
    if not limits.NOTE.allows(verdict.note):
        raise Invalid(ONE_LINE, field="note")
    if verdict.idea_id is not None and queries.idea_named(person, verdict.idea_id) is None:
        raise Invalid(NO_IDEA, field="idea")
    silent = not verdict.note.strip() and verdict.idea_id is None
    if verdict.outcome != Outcome.VALID and silent:
        raise Invalid(SAY_WHAT, field="note")


def _due_after(standard: Standard, outcome: str) -> date:
    """One interval from today; sooner where changes are needed and may never be made."""
    months = months_of([standard.id])[standard.id]
    if outcome == Outcome.CHANGES:
        months = min(months, SOON)
    return add_months(company_day(), months)


def _begins(verdict: Verdict) -> bool:
    return verdict.outcome != Outcome.VALID and verdict.idea_id is None


def _next_text(standard: Standard) -> Wording | None:
    """The text in force as the beginning of the next version; None where a draft has begun."""
    base = editable(standard)
    return None if base.is_draft else reworded(base)


def _move(standard: Standard, seen: date | None, due_after: date) -> None:
    """Claim the review in the open write: the day of the next is moved once."""
    moved = db.session.execute(
        update(Standard)
        .where(
            Standard.id == standard.id,
            Standard.state == VersionState.IN_FORCE,
            Standard.review_on.is_not_distinct_from(seen),
        )
        .values(review_on=due_after)
    )
    if not moved.rowcount:  # type: ignore[attr-defined]
        raise Conflict(REVIEWED)


def _close(
    person: Person,
    review: Review,
    version: Version,
    verdict: Verdict,
    due_after: date,
    batch: int | None,
) -> None:
    closed = db.session.execute(
        update(Review)
        .where(Review.id == review.id, Review.closed_at.is_(None))
        .values(
            version=version.number,
            outcome=verdict.outcome,
            note=verdict.note.strip(),
            idea_id=verdict.idea_id,
            by_id=person.id,
            closed_at=now(),
            due_before=verdict.seen,
            due_after=due_after,
            batch=batch or review.id,
        )
    )
    if not closed.rowcount:  # type: ignore[attr-defined]
        raise Conflict(REVIEWED)
    db.session.refresh(review)


def _begin_draft(person: Person, standard: Standard, wording: Wording) -> None:
    drafts.claim(standard, standard.lock)
    draft = drafts.draft_for(standard, person)
    drafts.write_version(standard, draft, wording, by=person)
    about = ("standard", standard.id)
    record(of_standards.DRAFTED, by=person, about=about, version=draft.number)


@dataclass(frozen=True, slots=True)
class Done:
    """What came of reviewing several at once: the batch to take back, and who was left out why."""

    reviewed: list[int]
    left_out: list[tuple[str, str]]
    batch: int | None = None


def conclude_all(
    moderator: Person, standards: Sequence[Standard], *, seen: Mapping[int, date | None]
) -> Done:
    """Say of several standards that they are valid as they are; each by itself, in small writes.

    One whose day is another than was `seen` is left out; one of which nothing was is taken as is.
    """
    require(policy.may_plan(moderator))
    done = Done([], [])
    batch: int | None = None
    for standard in standards:
        number = standard.number
        try:
            due = seen.get(standard.id, standard.review_on)
            verdict = Verdict(Outcome.VALID, seen=due)
            review = conclude(moderator, standard, verdict, batch=batch)
        except DomainError as refusal:
            done.left_out.append((number, str(refusal.message)))
            continue
        batch = batch or review.id
        done.reviewed.append(review.id)
    return Done(done.reviewed, done.left_out, batch)


def take_back(person: Person, reviews: Sequence[Review]) -> int:
    """Undo one's own “valid as it is” within minutes; how many there were.

    Conflict when none can be taken back any more.
    """
    since = now() - UNDO_WITHIN
    mine = [
        review
        for review in reviews
        if review.by_id == person.id
        and review.outcome == Outcome.VALID
        and review.closed_at is not None
        and review.closed_at >= since
    ]
    with transaction():
        undone = sum(_take_back(person, review) for review in mine)
        if not undone:
            raise Conflict(STANDS)
    return undone


def _take_back(person: Person, review: Review) -> bool:
    moved = db.session.execute(
        update(Standard)
        .where(
            Standard.id == review.standard_id,
            Standard.state == VersionState.IN_FORCE,
            Standard.review_on.is_not_distinct_from(review.due_after),
        )
        .values(review_on=review.due_before)
    )
    if not moved.rowcount:  # type: ignore[attr-defined]
        return False
    standard_id, number = review.standard_id, review.id
    drop_open(standard_id)
    if review.evidence:
        reopened = {"outcome": "", "note": "", "by_id": None, "closed_at": None, "batch": None}
        db.session.execute(update(Review).where(Review.id == number).values(**reopened))
    else:
        db.session.execute(delete(Review).where(Review.id == number))
    db.session.expire_all()
    record(facts.UNDONE, by=person, about=("standard", standard_id), review=number)
    return True


def plan(
    moderator: Person, standard: Standard, *, due_on: date | None, every_months: int | None
) -> None:
    """Say when a standard is looked at next, and how often from then on; None is the company's."""
    require(policy.may_plan(moderator))
    if not policy.is_due(standard):
        raise Conflict(NOT_IN_FORCE)
    if every_months is not None and every_months not in MONTHS:
        raise Invalid(WRONG_MONTHS, field="every_months")
    with transaction():
        set_care(standard.id, every_months=every_months)
        if not move_day(standard.id, due_on, was=standard.review_on):
            raise Conflict(REVIEWED)
        record(facts.PLANNED, by=moderator, about=("standard", standard.id))


def move_day(standard_id: int, due_on: date | None, *, was: date | None) -> bool:
    """Set the day of the next review in the open write; False where it is another than it was by
    now, or the standard not in force."""
    moved = db.session.execute(
        update(Standard)
        .where(
            Standard.id == standard_id,
            Standard.state == VersionState.IN_FORCE,
            Standard.review_on.is_not_distinct_from(was),
        )
        .values(review_on=due_on)
    )
    return bool(moved.rowcount)  # type: ignore[attr-defined]


def care_of(standard_id: int) -> Care | None:
    """How a standard is looked after, if anything was said of it. One query."""
    return db.session.get(Care, standard_id)
