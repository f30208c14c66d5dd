"""Reviews that open themselves: every standard in force is looked at once a day.

What changes evidence asks for another look at once (`look_again`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from sqlalchemy import exists, or_, select, update

from forum.core.calendar import company_day
from forum.core.db import db, end_read, transaction
from forum.core.events import record
from forum.standards.models import Standard, VersionState
from forum.standards.review import evidence, facts
from forum.standards.review.closing import open_one, set_care
from forum.standards.review.evidence import Evidence
from forum.standards.review.models import Care, Review
from forum.standards.review.queries import standings

WITHIN = timedelta(days=30)
"""A review that evidence opened is due within this time."""
BATCH = 100
MOST = 10
"""Batches of one sweep; the rest waits for the next."""


def sweep() -> None:
    """Look for evidence about those standards that were not looked at today."""
    for _each in range(MOST):
        if not look(company_day()):
            return
        end_read()


def look(today: date) -> int:
    """Look at the next standards, opening reviews where there is enough; how many they were."""
    ids = _waiting(today)
    found = evidence.enough(standings(ids))
    with transaction():
        for standard_id in ids:
            set_care(standard_id, looked_on=today)
            if enough := found.get(standard_id):
                _open(standard_id, enough, today)
    return len(ids)


def _waiting(today: date) -> list[int]:
    """Standards in force that were not looked at today and have no review open by evidence."""
    opened = exists().where(Review.standard_id == Standard.id, Review.closed_at.is_(None))
    query = (
        select(Standard.id)
        .outerjoin(Care, Care.standard_id == Standard.id)
        .where(
            Standard.state == VersionState.IN_FORCE,
            or_(Care.looked_on.is_(None), Care.looked_on < today),
            ~opened,
        )
        .order_by(Standard.id)
        .limit(BATCH)
    )
    return list(db.session.scalars(query))


def _open(standard_id: int, found: Sequence[Evidence], today: date) -> None:
    """Open a review in the open write, bringing its day forward where it lies far ahead."""
    query = select(Standard).where(
        Standard.id == standard_id, Standard.state == VersionState.IN_FORCE
    )
    standard = db.session.scalars(query.execution_options(populate_existing=True)).first()
    if standard is None:
        return
    due_on = min(standard.review_on or today + WITHIN, today + WITHIN)
    kinds = sorted({each.kind for each in found})
    review = open_one(standard, kinds, due_on=due_on)
    if review is None:
        return
    standard.review_on = due_on
    # The news that it was opened stands for the first reminder.
    set_care(standard_id, reminded_for=due_on, reminded=1)
    record(
        facts.OPENED,
        by=None,
        about=("standard", standard_id),
        review=review,
        kinds=kinds,
        due=due_on.isoformat(),
        people=[standard.owner_id] if standard.owner_id else [],
    )


def look_again(numbers: Collection[str]) -> None:
    """Something about these standards changed: look at them with the next sweep. In a write."""
    ids = select(Standard.id).where(Standard.number.in_(list(numbers)))
    query = update(Care).where(Care.standard_id.in_(ids)).values(looked_on=None)
    db.session.execute(query.execution_options(synchronize_session=False))
