"""By when somebody is to confirm a version: so many working days after they are asked.

Asked is who the version is for, from the day it came into force or they came to it, whichever was
later; moving within those it is for, or with a merged department, is no coming. No day is stored:
what is late is what was asked before a moment, which the calendar gives.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from forum.accounts import facts
from forum.core.calendar import add_working_days, company_day, midnight
from forum.core.events import Event
from forum.core.site import site
from forum.departments.models import Department, Membership
from forum.standards.confirming.confirmed import bounds, has_confirmed
from forum.standards.confirming.models import VersionPeople, What
from forum.standards.models import Standard, Version, VersionDepartment

SOON = 3
"""Working days before the last one on which somebody is reminded."""

FAR = 500
"""Days to look back: more than the longest break and the most days allowed."""


def due_on(asked_at: datetime) -> date:
    """The last day to confirm what was asked at a moment."""
    return add_working_days(company_day(asked_at), site().confirm_days)


def late_before(today: date) -> datetime:
    """What was asked before this moment is overdue."""
    return _asked_before(today, lambda last: last < today)


def soon_before(today: date) -> datetime:
    """What was asked before this moment is due soon, or overdue."""
    return _asked_before(today, lambda last: add_working_days(last, -SOON) <= today)


def _asked_before(today: date, reached: Callable[[date], bool]) -> datetime:
    """The end of the last day of which the last day to confirm has come as far."""
    on, allowed = today, site().confirm_days
    for _step in range(FAR):
        if reached(add_working_days(on, allowed)):
            break
        on -= timedelta(days=1)
    return midnight(on + timedelta(days=1))


def is_asked_before(moment: datetime, person: Any) -> ColumnElement[bool]:
    """Whether what somebody has to confirm was asked before a moment, of `Standard` and `Version`:
    also what they confirmed so long ago that it had run out then."""
    return and_(
        func.coalesce(Version.asked_at, Version.published_at) < moment,
        person.created_at < moment,
        # First what most have done: one look into an index leaves the rest to a few.
        ~has_confirmed(Version.id, person.id, Standard.renew_months, bounds(moment)),
        ~_joined_since(moment, person),
    )


def _joined_since(moment: datetime, person: Any) -> ColumnElement[bool]:
    before = aliased(Membership)
    stayed = exists().where(*_went_on(before), before.since < moment).correlate_except(before)
    moved = exists().where(
        Membership.person_id == person.id,
        Membership.until.is_(None),
        Membership.since >= moment,
        ~stayed,
    )
    became = exists().where(*_became(person.id), Event.at >= moment).correlate_except(Event)
    return or_(and_(_names_departments(), moved.correlate_except(Membership)), became)


def _went_on(before: Any) -> tuple[ColumnElement[bool], ...]:
    """A stay that `Membership` went on from: in a department which `Version` names too, or in one
    that was merged into this."""
    named = exists().where(
        VersionDepartment.version_id == Version.id,
        VersionDepartment.department_id == before.department_id,
    )
    merged = exists().where(
        Department.id == before.department_id,
        Department.merged_into_id == Membership.department_id,
    )
    return (
        before.person_id == Membership.person_id,
        before.until == Membership.since,
        or_(
            named.correlate_except(VersionDepartment),
            merged.correlate_except(Department),
        ),
    )


def _became(person_id: Any) -> tuple[ColumnElement[bool], ...]:
    """Events with which somebody came to those whom the version names."""
    named = exists().where(VersionPeople.version_id == Version.id, VersionPeople.what == What.ROLE)
    given = and_(Event.type == facts.ROLE_CHANGED.name, named.correlate_except(VersionPeople))
    again = Event.type == facts.REACTIVATED.name
    return Event.object_kind == "person", Event.object_id == person_id, or_(given, again)


def _names_departments() -> ColumnElement[bool]:
    named = exists().where(VersionDepartment.version_id == Version.id)
    return named.correlate_except(VersionDepartment)


def joined(person_id: Any) -> tuple[Any, Any]:
    """Columns that say since when somebody is in a department or a role which `Version` names."""
    before = aliased(Membership)
    first = select(func.min(before.since)).where(*_went_on(before)).correlate_except(before)
    member = select(func.coalesce(first.scalar_subquery(), Membership.since)).where(
        Membership.person_id == person_id, Membership.until.is_(None)
    )
    became = select(func.max(Event.at)).where(*_became(person_id))
    return (
        case((_names_departments(), member.correlate_except(Membership).scalar_subquery())).label(
            "member_since"
        ),
        became.correlate_except(Event).scalar_subquery().label("became_at"),
    )
