"""Entering confirmations of paper, and saying how often a standard is confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.calendar import company_day
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import record
from forum.core.i18n import _
from forum.core.site import site
from forum.standards import facts
from forum.standards.confirming.audience import asks, may_confirm
from forum.standards.confirming.confirmed import MONTHS
from forum.standards.confirming.giving import NOT_IN_FORCE, give, hold
from forum.standards.confirming.models import Way
from forum.standards.models import Acknowledgement, Standard, Version, VersionState

MOST = 200
"""People entered at once."""


def enter_paper(
    clerk: Person, standard: Standard, version: Version, people: Sequence[int], *, on: date | None
) -> list[int]:
    """Note who has signed a version in force on paper on a day; those of whom it was new.

    Raises Conflict when it is not in force any more, Invalid for nobody, a day that cannot be, or
    somebody whom the version does not ask.
    """
    require(clerk.moderates)
    if version.state != VersionState.IN_FORCE:
        raise Conflict(str(NOT_IN_FORCE))
    at = _moment(version, on)
    wanted = sorted(set(people))
    if not wanted:
        raise Invalid(_("Choose who has signed."), field="people")
    _check_asked(version, wanted)
    with transaction():
        new = give(standard, version, wanted, way=Way.PAPER, at=at, by_id=clerk.id)
        if new:
            record(
                facts.PAPER_CONFIRMED,
                by=clerk,
                about=("standard", standard.id),
                version=version.number,
                people=new,
                day=company_day(at).isoformat(),
            )
    return new


def take_back_paper(clerk: Person, standard: Standard, version: Version, person_id: int) -> None:
    """Remove a confirmation that was entered by mistake.

    Raises Conflict when there is none of paper, or the version is not in force any more.
    """
    require(clerk.moderates)
    gone = (
        delete(Acknowledgement)
        .where(
            Acknowledgement.version_id == version.id,
            Acknowledgement.person_id == person_id,
            Acknowledgement.way == Way.PAPER,
        )
        .execution_options(synchronize_session=False)
    )
    with transaction():
        hold(version)
        if not db.session.execute(gone).rowcount:  # type: ignore[attr-defined]
            raise Conflict(_("This person has no confirmation on paper any more."))
        record(
            facts.PAPER_TAKEN_BACK,
            by=clerk,
            about=("standard", standard.id),
            version=version.number,
            person=person_id,
        )


def _moment(version: Version, on: date | None) -> datetime:
    """A day's noon, but not before the version was in force nor later than now."""
    if on is None:
        raise Invalid(_("Give the day on which it was signed."), field="on")
    first = company_day(version.published_at)
    if not first <= on <= company_day():
        raise Invalid(
            _("It can only be signed from the day it was in force until today."), field="on"
        )
    noon = datetime.combine(on, time(12), ZoneInfo(site().time_zone)).astimezone(UTC)
    return min(max(noon, version.published_at or noon), now())


def _check_asked(version: Version, people: Sequence[int]) -> None:
    if len(people) > MOST:
        raise Invalid(_("Enter %(num)d people at once at most.", num=MOST), field="people")
    query = select(Person.id).where(Person.id.in_(people), may_confirm(), asks(version.id, Person))
    if set(db.session.scalars(query)) != set(people):
        raise Invalid(_("Somebody of these is not asked to confirm it."), field="people")


def set_renewal(moderator: Person, standard: Standard, months: int | None) -> bool:
    """Let confirmations of a standard run out after some months, or never; False if it was so."""
    require(moderator.moderates)
    if months is not None and months not in MONTHS:
        raise Invalid(_("Choose one from the list."), field="months")
    if standard.state == VersionState.RETIRED:
        raise Conflict(_("This standard is retired and does not change any more."))
    with transaction():
        changed = db.session.execute(
            update(Standard)
            .where(Standard.id == standard.id, Standard.renew_months.is_distinct_from(months))
            .values(renew_months=months)
        )
        if not changed.rowcount:  # type: ignore[attr-defined]
            return False
        about = ("standard", standard.id)
        record(facts.RENEWAL_CHANGED, by=moderator, about=about, months=months)
    return True
