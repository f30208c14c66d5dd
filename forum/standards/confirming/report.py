"""Who has confirmed a version and who has not, for its editors. No query grows with the people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.core.calendar import company_day
from forum.core.db import db
from forum.core.paging import Cursor, Page, decode_cursor, page_of
from forum.departments.models import Department
from forum.departments.queries import CARD, DepartmentCard
from forum.standards.confirming import due
from forum.standards.confirming.audience import asks, may_confirm
from forum.standards.confirming.confirmed import counts
from forum.standards.confirming.standing import asked_at, ran_out_at
from forum.standards.models import Acknowledgement, Standard, Version

PAGE = 50
AT_A_TIME = 500
"""Rows in memory at once where all are written out."""
UNHEARD_OF = re.compile("[\x00\ud800-\udfff]")
SHOWS = ("open", "late", "confirmed")
Clerk = aliased(Person)


@dataclass(frozen=True, slots=True)
class ReportFilter:
    """Which people a report names; `ignored` are the parameters that could not be understood."""

    number: str
    show: str = ""
    department: str = ""
    after: str = ""
    department_id: int = 0
    ignored: tuple[str, ...] = ()

    def query(self, path: str = "", **changes: str) -> str:
        """This view's address, or that of another form of it, changed; the page starts over."""
        other = replace(self, **{"after": "", **changes})  # type: ignore[arg-type]
        pairs = [(name, getattr(other, name)) for name in ("show", "department", "after")]
        text = urlencode([(name, value) for name, value in pairs if value])
        address = f"/standards/{self.number}/confirmations{path}"
        return f"{address}?{text}" if text else address


def read_filter(
    number: str, arguments: Mapping[str, str], departments: Sequence[DepartmentCard]
) -> ReportFilter:
    """Understand an address; what is unknown is left out and named."""
    ids = {department.slug: department.id for department in departments}
    known: dict[str, Any] = {"show": SHOWS, "department": ids}
    values = {name: arguments.get(name, "").strip() for name in known}
    ignored = [name for name, value in values.items() if value and value not in known[name]]
    values.update(dict.fromkeys(ignored, ""))
    after = arguments.get("after", "")
    if after and _position(after) is None:
        ignored.append("after")
        after = ""
    place = ids.get(values["department"], 0)
    return ReportFilter(number, **values, after=after, department_id=place, ignored=tuple(ignored))


def _position(after: str) -> Cursor | None:
    """Behind whom to go on; None for a name that no database takes."""
    found = decode_cursor(after, (str, int))
    return found if found is not None and not UNHEARD_OF.search(found[0]) else None


class OfDepartment(NamedTuple):
    """How many of a department are asked, have confirmed, and are late; None for no department."""

    card: DepartmentCard | None
    people: int
    confirmed: int
    late: int


def by_department(version: Version) -> list[OfDepartment]:
    """The departments of those whom a version asks, by name. One query."""
    late = due.is_asked_before(due.late_before(company_day()), Person)
    query = (
        _people(version)
        .with_only_columns(
            *CARD,
            func.count(Person.id),
            func.count(case((_confirmed(), 1))),
            func.count(case((late, 1))),
        )
        .group_by(*CARD)
        .order_by(Department.name)
    )
    rows = db.session.execute(query)
    return [OfDepartment(DepartmentCard(*r[:5]) if r[0] else None, *r[5:8]) for r in rows]


class Asked(NamedTuple):
    """Somebody whom a version asks: when and how they confirmed it, or by when they are to."""

    id: int
    name: str
    handle: str
    job_title: str
    department: str
    confirmed_at: datetime | None
    way: str
    entered_by: str
    due_on: date

    @property
    def late(self) -> bool:
        """Whether they have not, and the last day has passed."""
        return self.confirmed_at is None and self.due_on < company_day()


def named(version: Version, wanted: ReportFilter, *, size: int = PAGE) -> Page[Asked]:
    """A page of the people a report names, by name. One query."""
    query = _rows(version, wanted)
    position = _position(wanted.after)
    if position is not None:
        key, last = position
        same = and_(Person.name_key == key, Person.id > last)
        query = query.where(or_(Person.name_key > key, same))
    rows = db.session.execute(query.limit(size + 1)).all()
    page = page_of(rows, size, lambda row: (row.name_key, row.id))
    dues = Dues(version)
    return Page([dues.asked(row) for row in page.rows], page.next)


def everybody(
    version: Version, wanted: ReportFilter, *, most: int | None = None
) -> Iterator[Asked]:
    """All of them, some in memory at a time. One query, asked with the first: a write that ends the
    request before the answer is written out would end it too."""
    query = _rows(version, wanted).limit(most)
    dues = Dues(version)
    for row in db.session.execute(query.execution_options(yield_per=AT_A_TIME)):
        yield dues.asked(row)


class Dues:
    """By when each of many people is to confirm a version; every day is reckoned once."""

    def __init__(self, version: Version) -> None:
        self._version = version.asked_at or version.published_at
        self._known: dict[date, date] = {}

    def asked(self, row: Any) -> Asked:
        """A person of the report."""
        gone = ran_out_at(row.renew_months, row.at)
        since = asked_at(self._version, row, (row.member_since, row.became_at), gone)
        confirmed = row.at if gone is None else None
        return Asked(
            row.id,
            row.name,
            row.email or row.login or "",
            row.job_title,
            row.department or "",
            confirmed,
            row.way if confirmed else "",
            row.entered_by or "" if confirmed else "",
            self._due_on(since),
        )

    def _due_on(self, since: datetime) -> date:
        on = company_day(since)
        if on not in self._known:
            self._known[on] = due.due_on(since)
        return self._known[on]


def _people(version: Version) -> Any:
    """Everybody a version asks, with their confirmation if there is one."""
    mine = and_(Acknowledgement.version_id == Version.id, Acknowledgement.person_id == Person.id)
    return (
        select(Person.id)
        .select_from(Person)
        .join(Version, Version.id == version.id)
        .join(Standard, Standard.id == Version.standard_id)
        .outerjoin(Acknowledgement, mine)
        .outerjoin(Department, Department.id == Person.department_id)
        .where(may_confirm(), asks(version.id, Person))
    )


def _confirmed() -> ColumnElement[bool]:
    return and_(Acknowledgement.at.is_not(None), counts(Standard.renew_months))


def _rows(version: Version, wanted: ReportFilter) -> Any:
    query = (
        _people(version)
        .add_columns(
            Person.name,
            Person.name_key,
            Person.email,
            Person.login,
            Person.job_title,
            Person.created_at,
            Department.name.label("department"),
            Standard.renew_months,
            Acknowledgement.at,
            Acknowledgement.way,
            Clerk.name.label("entered_by"),
            *due.joined(Person.id),
        )
        .outerjoin(Clerk, Clerk.id == Acknowledgement.by_id)
        .where(*_conditions(wanted))
    )
    return query.order_by(Person.name_key, Person.id)


def _conditions(wanted: ReportFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.department:
        found.append(Person.department_id == wanted.department_id)
    if wanted.show == "confirmed":
        found.append(_confirmed())
    elif wanted.show == "open":
        found.append(or_(Acknowledgement.at.is_(None), ~counts(Standard.renew_months)))
    elif wanted.show == "late":
        found.append(due.is_asked_before(due.late_before(company_day()), Person))
    return found
