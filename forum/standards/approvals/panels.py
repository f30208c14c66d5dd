"""What waits for somebody's approval: on Home, on a page of its own, and for moderators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Date, and_, bindparam, or_, select

from forum.accounts.models import Person
from forum.accounts.standin import run
from forum.core.calendar import company_day
from forum.core.paging import Page, decode_cursor, page_of
from forum.departments.models import Department
from forum.standards.approvals import phrases
from forum.standards.approvals.models import Approval, Release, Said, Side
from forum.standards.approvals.visibility import asked_of
from forum.standards.models import Standard, Version, VersionState

ON_HOME = 5
"""Approvals on Home; the rest is one link away."""
PAGE = 20
EMERGENCY_ID, APPROVAL_ID = Version.id, Approval.id
"""What is counted where only the number of what waits is asked."""


class Waiting(NamedTuple):
    """A version that waits for an approval."""

    id: int
    side: str
    due_on: date
    number: str
    version: int
    title: str
    lang: str
    sent: int
    department: str | None

    @property
    def url(self) -> str:
        """The version, at its approvals."""
        return f"/standards/{self.number}/versions/{self.version}#approvals"

    @property
    def post(self) -> str:
        """Where it is answered with one tap."""
        return f"/standards/{self.number}/approvals/{self.id}?sent={self.sent}&from=queue"

    @property
    def why(self) -> str:
        """Nothing more is to be said of it."""
        return ""

    @property
    def due(self) -> str:
        """By when, in words."""
        return phrases.due(self.due_on)

    @property
    def late(self) -> bool:
        """Whether the day has passed."""
        return self.due_on < company_day()


def home(reader: Person, columns: Sequence[Any]) -> dict[int, list[Waiting]]:
    """What waits for the reader's approval. One query, none for those who give none."""
    found = waiting_for(reader, most=ON_HOME + 1)
    return {column.id: found for column in columns} if found else {}


def waiting_for(
    reader: Person, *, most: int, after: tuple[date, int] | None = None
) -> list[Waiting]:
    """Approvals that the reader owes, by their day. One query, none for those who give none."""
    if reader.is_consultant:
        return []
    on, last = after or (None, None)
    rows = run(_owed, reader, after is not None, most=most, on=on, last=last)
    return [Waiting._make(row) for row in rows]


def _owed(reader: Person, later: bool) -> Any:
    query = _waiting().where(_for(reader))
    if later:
        on, last = bindparam("on", type_=Date), bindparam("last", type_=Approval.id.type)
        query = query.where(
            or_(Approval.due_on > on, and_(Approval.due_on == on, Approval.id > last))
        )
    return query.order_by(Approval.due_on, Approval.id).limit(bindparam("most"))


def _waiting() -> Any:
    return (
        select(
            Approval.id,
            Approval.side,
            Approval.due_on,
            Standard.number,
            Version.number,
            Version.title,
            Version.lang,
            Release.sent,
            Department.name,
        )
        .join(Version, Version.id == Approval.version_id)
        .join(Standard, Standard.id == Version.standard_id)
        .join(Release, Release.version_id == Version.id)
        .outerjoin(Department, Department.id == Approval.department_id)
        .where(
            Approval.state == Said.WAITING,
            Version.state == VersionState.APPROVAL,
            Standard.state != VersionState.RETIRED,
        )
    )


def _for(reader: Person) -> Any:
    """What the reader answers; moderators also what they did not write themselves."""
    mine = asked_of(reader)
    return or_(mine, _reviewed_by(reader)) if reader.moderates else mine


def _reviewed_by(moderator: Person) -> Any:
    others = (
        column.is_distinct_from(moderator.id)
        for column in (Version.created_by_id, Version.edited_by_id)
    )
    return and_(Approval.side == Side.MODERATOR, *others)


def for_moderator(moderator: Person) -> Any:
    """What waits for a moderator who did not write it, by its day."""
    query = _waiting().where(_reviewed_by(moderator))
    return query.order_by(Approval.due_on, Approval.id)


def queue(reader: Person, *, after: str = "") -> Page[Waiting]:
    """A page of them. One query."""
    found = waiting_for(reader, most=PAGE + 1, after=_place(after))
    return page_of(found, PAGE, lambda each: (each.due_on.isoformat(), each.id))


def _place(after: str) -> tuple[date, int] | None:
    """The place a cursor names, None for none or a damaged one."""
    found = decode_cursor(after, (str, int))
    if found is None:
        return None
    try:
        return date.fromisoformat(found[0]), found[1]
    except ValueError:
        return None


class Emergency(NamedTuple):
    """An emergency publication that nobody has looked at."""

    version_id: int
    number: str
    version: int
    title: str
    lang: str
    why: str
    review_on: date

    @property
    def url(self) -> str:
        """The standard."""
        return f"/standards/{self.number}"

    @property
    def due(self) -> str:
        """By when it is to be looked at, in words."""
        return phrases.due(self.review_on)

    @property
    def late(self) -> bool:
        """Whether the day has passed."""
        return self.review_on < company_day()


def emergencies() -> Any:
    """Emergency publications in force that wait to be looked at, by their day."""
    return (
        select(
            Version.id,
            Standard.number,
            Version.number,
            Version.title,
            Version.lang,
            Release.emergency_why,
            Release.review_on,
        )
        .join(Version, Version.id == Release.version_id)
        .join(Standard, Standard.id == Version.standard_id)
        .where(
            Release.review_on.is_not(None),
            Release.reviewed_at.is_(None),
            Version.state == VersionState.IN_FORCE,
        )
        .order_by(Release.review_on, Version.id)
    )
