"""Reading standards: one function per page, each of known cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, null, or_, select

from forum.accounts.models import Person
from forum.accounts.standin import load, run
from forum.core.db import db, read_columns
from forum.core.errors import NotFound
from forum.core.i18n import company_zone
from forum.core.texts import Text
from forum.departments.models import Department
from forum.departments.queries import CARD, DepartmentCard
from forum.ideas.models import Idea
from forum.ideas.visibility import visible_to as idea_visible_to
from forum.standards.approvals.models import Release
from forum.standards.confirming.audience import asks, may_confirm
from forum.standards.confirming.confirmed import bound_later, bounds_now, counts
from forum.standards.confirming.standing import Standing, standing_columns, standing_of
from forum.standards.models import (
    Acknowledgement,
    Standard,
    Version,
    VersionDepartment,
    VersionIdea,
    VersionState,
)
from forum.standards.tongues.there import said_of_version
from forum.standards.visibility import open_version, shown_number, visible_to

LARGEST = 2**31 - 1
"""Version numbers beyond it cannot exist and are not asked for."""
# Of the table and made once: to make it costs as much as the rest of a query.
ANY_VERSION = Version.__table__.alias("any_version").c


def standard_or_404(reader: Person, number: str) -> Standard:
    """A standard the reader may see, by its number. One query."""
    return _found(load(_by_number, reader, standard_number=number))


def by_id_or_404(reader: Person, standard_id: int) -> Standard:
    """A standard the reader may see, by its id. One query."""
    return _found(load(_by_id, reader, standard_id=standard_id))


def _found(result: Any) -> Standard:
    found: Standard | None = result.scalars().first()
    if found is None:
        raise NotFound
    return found


def _by_number(reader: Any) -> Any:
    return select(Standard).where(
        Standard.number == bindparam("standard_number"), visible_to(reader)
    )


def _by_id(reader: Any) -> Any:
    return select(Standard).where(Standard.id == bindparam("standard_id"), visible_to(reader))


@dataclass(frozen=True, slots=True)
class Shown:
    """A version as its page shows it, with what this reader has read."""

    standard: Standard
    version: Version
    html: str
    owner: str | None
    owner_erased: bool
    owner_department: DepartmentCard | None
    read_at: datetime | None
    last_read: int | None
    standing: Standing
    release: Release | None = None
    translations: str | None = None
    """What of a version that was asked for by its number is translated: see `tongues.there`."""

    @property
    def current(self) -> bool:
        """Whether this is the text in force now."""
        return self.version.state == VersionState.IN_FORCE


def shown_version(reader: Person, number: str, wanted: int | None = None) -> Shown:
    """The version in force, or another by its number; 404 unless visible. One query."""
    asked = {} if wanted is None else {"version_number": min(wanted, LARGEST)}
    found = load(_shown_query, reader, wanted is not None, standard_number=number, **asked)
    row = found.one_or_none()
    if row is None:
        raise NotFound
    card = DepartmentCard(*row[5:10]) if row[5] is not None else None
    standing = standing_of(reader, row[0], row[1], row[10], row[14:])
    owner = (row[3], row[4] is not None, card)
    return Shown(row[0], row[1], row[2] or "", *owner, row[10], row[11], standing, *row[12:14])


def _shown_query(reader: Any, by_number: bool) -> Any:
    read_at = (
        select(Acknowledgement.at)
        .where(Acknowledgement.version_id == Version.id, Acknowledgement.person_id == reader.id)
        .scalar_subquery()
    )
    return (
        select(
            Standard,
            Version,
            Text.html,
            Person.name,
            Person.erased_at,
            *CARD,
            read_at.label("read_at"),
            _last_read(reader).label("last_read"),
            Release,
            (said_of_version() if by_number else null()).label("translations"),
            *standing_columns(reader),
        )
        .join(Version, Version.standard_id == Standard.id)
        .outerjoin(Text, Text.id == Version.text_id)
        .outerjoin(Person, Person.id == Version.owner_id)
        .outerjoin(Department, Department.id == Version.owner_department_id)
        .outerjoin(Release, Release.version_id == Version.id)
        .where(
            Standard.number == bindparam("standard_number"),
            Version.number == (bindparam("version_number") if by_number else shown_number()),
            visible_to(reader),
            open_version(reader),
        )
    )


def _last_read(reader: Any) -> Any:
    """The newest version of the standard that the reader has acknowledged."""
    return (
        select(func.max(ANY_VERSION.number))
        .join(Acknowledgement, Acknowledgement.version_id == ANY_VERSION.id)
        .where(ANY_VERSION.standard_id == Standard.id, Acknowledgement.person_id == reader.id)
        .correlate(Standard)
        .scalar_subquery()
    )


def number_as_of(standard: Standard, day: date) -> int | None:
    """The version in force at the end of the company's day, None if there was none. One query."""
    if not 1900 < day.year < 9999:
        return None
    midnight = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(company_zone()))
    query = select(Version.number).where(
        Version.standard_id == standard.id,
        Version.published_at < midnight,
        or_(Version.superseded_at.is_(None), Version.superseded_at >= midnight),
    )
    return db.session.scalar(query.order_by(Version.number.desc()).limit(1))


def audience_of(version_id: int) -> list[DepartmentCard]:
    """The departments a version is written for; none means the whole company. One query."""
    return [DepartmentCard(*row) for row in read_columns(_AUDIENCE, {"version_id": version_id})]


_AUDIENCE = (
    select(*CARD)
    .join(VersionDepartment, VersionDepartment.department_id == Department.id)
    .where(VersionDepartment.version_id == bindparam("version_id"))
    .order_by(Department.name)
)


class VersionLine(NamedTuple):
    """A version in the list beside a standard."""

    id: int
    number: int
    state: str
    change: str
    created_at: datetime
    published_at: datetime | None
    superseded_at: datetime | None
    effective_on: date | None


def versions_of(
    reader: Person, standard: Standard, *, most: int | None = None
) -> list[VersionLine]:
    """Every version the reader may see, newest first, or the first of them. One query."""
    return [VersionLine(*row) for row in run(version_lines, reader, most, of_standard=standard.id)]


def version_lines(reader: Any, most: int | None) -> Any:
    """The columns of a line for each version of the standard `of_standard`."""
    return (
        select(
            Version.id,
            Version.number,
            Version.state,
            Version.change,
            Version.created_at,
            Version.published_at,
            Version.superseded_at,
            Release.effective_on,
        )
        .join(Standard, Standard.id == Version.standard_id)
        .outerjoin(Release, Release.version_id == Version.id)
        .where(Standard.id == bindparam("of_standard"), open_version(reader))
        .order_by(Version.number.desc())
        .limit(most)
    )


class SourceIdea(NamedTuple):
    """An idea that fed a version."""

    version: int
    id: int
    title: str
    lang: str
    stage: str


def ideas_behind(reader: Person, standard: Standard) -> list[SourceIdea]:
    """The ideas the standard came from, as far as the reader sees them. One query."""
    return [SourceIdea(*row) for row in run(_ideas_behind, reader, of_standard=standard.id)]


def _ideas_behind(reader: Any) -> Any:
    return (
        select(Version.number, Idea.id, Idea.title, Idea.lang, Idea.stage_kind)
        .join(VersionIdea, VersionIdea.version_id == Version.id)
        .join(Idea, Idea.id == VersionIdea.idea_id)
        .join(Standard, Standard.id == Version.standard_id)
        .where(
            Standard.id == bindparam("of_standard"), open_version(reader), idea_visible_to(reader)
        )
        .order_by(Version.number.desc(), Idea.id)
    )


class ReadFigures(NamedTuple):
    """How many of the audience there are, and how many of them have read a version."""

    people: int
    read: int


def read_figures(version: Version) -> ReadFigures:
    """Counts over those it asks, and whose confirmation counts still. One query."""
    ids = {"of_version": version.id, "of_standard": version.standard_id}
    return ReadFigures(*read_columns(_read_figures(), {**ids, **bounds_now()}).one())


@cache
def _read_figures() -> Any:
    version_id = bindparam("of_version", type_=Version.id.type)
    theirs = (Acknowledgement.person_id == Person.id) & (Acknowledgement.version_id == version_id)
    return (
        select(func.count(Person.id), func.count(Acknowledgement.person_id))
        .select_from(Person)
        .join(Standard, Standard.id == bindparam("of_standard"))
        .outerjoin(Acknowledgement, theirs & counts(Standard.renew_months, bound_later()))
        .where(may_confirm(), asks(version_id, Person))
    )


class Indexable(NamedTuple):
    """What the search keeps of a standard in force."""

    id: int
    number: str
    title: str
    plain: str
    html: str
    lang: str
    department_ids: list[int]
    owner_department_id: int | None
    owner: str
    published_at: datetime | None
    version: int


def indexable(ids: Sequence[int]) -> list[Indexable]:
    """Those of the standards that are in force, for the index; all others must not be in it.

    `department_ids` are the audience and the owner's department: one of them in a consultant's
    scope makes the standard visible to that consultant. Two queries.
    """
    query = (
        select(
            Standard.id,
            Standard.number,
            Version.title,
            Text.plain,
            Text.html,
            Version.lang,
            Standard.owner_department_id,
            Person.name,
            Person.erased_at,
            Version.published_at,
            Version.number,
            Version.id,
        )
        .join(Version, (Version.standard_id == Standard.id))
        .outerjoin(Text, Text.id == Version.text_id)
        .outerjoin(Person, Person.id == Standard.owner_id)
        .where(Standard.id.in_(list(ids)), Version.state == VersionState.IN_FORCE)
        .order_by(Standard.id)
    )
    rows = db.session.execute(query).all()
    audiences = audience_ids([row[11] for row in rows])
    return [
        Indexable(
            *row[:3],
            row[3] or "",
            row[4] or "",
            row[5],
            sorted({*audiences.get(row[11], ()), *([row[6]] if row[6] else [])}),
            row[6],
            "" if row[8] else row[7] or "",
            row[9],
            row[10],
        )
        for row in rows
    ]


def audience_ids(version_ids: Sequence[int]) -> dict[int, list[int]]:
    """The departments that each version is written for. One query."""
    query = select(VersionDepartment.version_id, VersionDepartment.department_id).where(
        VersionDepartment.version_id.in_(list(version_ids))
    )
    found: dict[int, list[int]] = {}
    for version_id, department_id in db.session.execute(query):
        found.setdefault(version_id, []).append(department_id)
    return found
