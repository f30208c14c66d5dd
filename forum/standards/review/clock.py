"""Reviews in time: three reminders before the day, then the head, then the moderators' queue.

Each is sent once: the row that counts them is written with the event. After a long stop only the
last that was due is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, or_, select

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db, end_read, transaction
from forum.core.events import record
from forum.core.site import site
from forum.departments.models import Department
from forum.departments.queries import heads_of
from forum.standards.models import Standard, VersionState
from forum.standards.review import facts
from forum.standards.review.closing import open_one, upsert
from forum.standards.review.models import Care

BEFORE = (30, 14, 7)
"""Days before a review on which its owner is reminded."""
TO_THE_HEAD = len(BEFORE) + 1
"""How many reminders there were once the owner's head was told."""
TO_MODERATORS = timedelta(days=14)
"""How long a review may be late before it waits for moderators too."""
MORNING = 8
"""The company's hour before which nobody is reminded of anything."""
BATCH = 100
DUE = "due"
"""The kind of evidence that is no more than the day."""


def sweep() -> None:
    """Send what is due, in the company's daytime."""
    here = now().astimezone(ZoneInfo(site().time_zone))
    if here.hour >= MORNING:
        remind(here.date())


def reached(due_on: date, today: date) -> int:
    """How many reminders are due by a day."""
    left = (due_on - today).days
    return sum(left <= days for days in BEFORE) + (left < 0)


def waits_for_moderators(today: date) -> ColumnElement[bool]:
    """Reviews that are late for so long, or late with nobody to ask."""
    asked = select(Person.id).where(Person.deactivated_at.is_(None), Person.erased_at.is_(None))
    nobody = or_(Standard.owner_id.is_(None), Standard.owner_id.not_in(asked))
    late = or_(Standard.review_on < today - TO_MODERATORS, and_(Standard.review_on < today, nobody))
    return and_(Standard.state == VersionState.IN_FORCE, late)


class _Due(NamedTuple):
    """A standard of which somebody is to be reminded."""

    id: int
    due_on: date
    owner_id: int | None
    owner_here: bool
    department_id: int | None


def remind(today: date) -> int:
    """Send every reminder due up to a day; how many were sent."""
    sent = 0
    while batch := _due(today):
        asked = _asked(batch, today)
        with transaction():
            sent += sum(_send(each, today, asked.get(each.id, [])) for each in batch)
        end_read()
    return sent


def _due(today: date) -> Sequence[_Due]:
    count = case(
        (Standard.review_on < today, TO_THE_HEAD),
        *(
            (Standard.review_on <= today + timedelta(days=days), place)
            for place, days in reversed(list(enumerate(BEFORE, 1)))
        ),
        else_=0,
    )
    counted = and_(Care.reminded_for == Standard.review_on, Care.reminded >= count)
    here = and_(Person.deactivated_at.is_(None), Person.erased_at.is_(None))
    query = (
        select(Standard.id, Standard.review_on, Standard.owner_id)
        .add_columns(here.label("here"), Standard.owner_department_id)
        .outerjoin(Care, Care.standard_id == Standard.id)
        .outerjoin(Person, Person.id == Standard.owner_id)
        .where(
            Standard.state == VersionState.IN_FORCE,
            Standard.review_on <= today + timedelta(days=BEFORE[0]),
            or_(Care.standard_id.is_(None), Care.reminded_for.is_(None), ~counted),
        )
        .order_by(Standard.review_on, Standard.id)
        .limit(BATCH)
    )
    return [
        _Due._make((*row[:3], bool(row[3]) and row[2] is not None, row[4])) for row in _rows(query)
    ]


def _rows(query: Any) -> Sequence[Any]:
    return db.session.execute(query).all()


def _asked(batch: Sequence[_Due], today: date) -> dict[int, list[int]]:
    """Whom each is a matter of: the owner before the day, the owner's head after it, and the head
    too where the owner has left. Three queries at most."""
    above = _heads_above({each.department_id for each in batch if each.department_id})
    found: dict[int, list[int]] = {}
    for each in batch:
        heads = [head for head in above.get(each.department_id or 0, ()) if head != each.owner_id]
        late = each.due_on < today
        owner = [each.owner_id] if each.owner_here and each.owner_id and not late else []
        found[each.id] = owner or heads[:1]
    return found


def _heads_above(department_ids: set[int]) -> dict[int, list[int]]:
    """The head of each department, then of the one above it."""
    if not department_ids:
        return {}
    query = select(Department.id, Department.parent_id).where(Department.id.in_(department_ids))
    parents: dict[int, int | None] = {row[0]: row[1] for row in _rows(query)}
    heads = heads_of({*department_ids, *(each for each in parents.values() if each)})
    return {
        each: [heads[place] for place in (each, parent) if place is not None and place in heads]
        for each, parent in parents.items()
    }


def _send(each: _Due, today: date, people: Sequence[int]) -> bool:
    """Claim one standard's reminder in the open write; False when it moved meanwhile."""
    query = select(Standard).where(
        Standard.id == each.id,
        Standard.state == VersionState.IN_FORCE,
        Standard.review_on == each.due_on,
    )
    standard = db.session.scalars(query.execution_options(populate_existing=True)).first()
    count = reached(each.due_on, today)
    if standard is None or not _count(each, count):
        return False
    open_one(standard, [DUE], due_on=each.due_on)
    record(
        facts.REMINDED if count < TO_THE_HEAD else facts.OVERDUE,
        by=None,
        about=("standard", each.id),
        due=each.due_on.isoformat(),
        people=list(people),
    )
    return True


def _count(each: _Due, count: int) -> bool:
    values = {"reminded_for": each.due_on, "reminded": count}
    fewer = or_(Care.reminded_for.is_distinct_from(each.due_on), Care.reminded < count)
    query = (
        upsert(Care)
        .values(standard_id=each.id, **values)
        .on_conflict_do_update(index_elements=["standard_id"], set_=values, where=fewer)
        .returning(Care.standard_id)
    )
    return db.session.scalar(query) is not None
