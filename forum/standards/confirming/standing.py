"""Where one reader stands with the version before them, read along with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, false, func, select

from forum.accounts.models import Kind, Person
from forum.core.calendar import company_day
from forum.core.clock import now
from forum.standards.confirming import due
from forum.standards.confirming.audience import asks
from forum.standards.confirming.confirmed import bounds, months_from
from forum.standards.confirming.models import VersionPeople
from forum.standards.models import Acknowledgement, Standard, Version, VersionState


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a version asks its reader, how they confirmed it, if that counts, and by when not.

    `ran_out_at` is when their confirmation ceased to count; `people` are the roles and kinds it is
    for.
    """

    asked: bool
    way: str | None
    confirmed: bool
    ran_out_at: datetime | None
    due_on: date | None
    people: tuple[str, ...] = ()

    @property
    def late(self) -> bool:
        """Whether the last day has passed."""
        return self.due_on is not None and self.due_on < company_day()


def standing_columns(reader: Person) -> tuple[Any, ...]:
    """What `standing_of` is made of, of `Version`."""
    mine = and_(Acknowledgement.version_id == Version.id, Acknowledgement.person_id == reader.id)
    way = select(Acknowledgement.way).where(mine).scalar_subquery()
    is_for = asks(Version.id, reader) if reader.kind != Kind.CONSULTANT else false()
    named = select(func.aggregate_strings(VersionPeople.value, ",")).where(
        VersionPeople.version_id == Version.id
    )
    people = named.scalar_subquery()
    return way.label("way"), is_for.label("asked"), people.label("named"), *due.joined(reader.id)


def standing_of(
    reader: Person,
    standard: Standard,
    version: Version,
    read_at: datetime | None,
    found: Sequence[Any],
) -> Standing:
    """How the reader stands, from what `standing_columns` read."""
    way, asked, named, *joined = found
    gone = ran_out_at(standard.renew_months, read_at)
    confirmed = read_at is not None and gone is None
    waits = asked and not confirmed and version.state == VersionState.IN_FORCE
    since = asked_at(version.asked_at or version.published_at, reader, joined, gone)
    people = tuple(sorted(named.split(","))) if named else ()
    last = due.due_on(since) if waits else None
    return Standing(bool(asked), way, confirmed, gone, last, people)


def ran_out_at(renew_months: int | None, read_at: datetime | None) -> datetime | None:
    """When a confirmation ceased to count, None while it does."""
    until = bounds().get(renew_months or 0)
    if until is None or read_at is None or read_at > until:
        return None
    return months_from(read_at, renew_months or 0)


def asked_at(
    version: datetime | None, person: Any, joined: Sequence[Any], gone: datetime | None
) -> datetime:
    """Since when somebody is to confirm: the last of all that has to be so."""
    known = (version, person.created_at, *joined, gone)
    return max((at for at in known if at is not None), default=now())
