"""Reading what editors and comparisons need of a standard's versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, or_, select

from forum.accounts.models import Kind, Person, Role
from forum.accounts.standin import run
from forum.core.db import db, read_columns
from forum.core.texts import Text
from forum.departments.models import Department
from forum.standards.clauses.known import keys_of
from forum.standards.document import Document, lay_out
from forum.standards.models import (
    NEXT,
    Standard,
    Version,
    VersionDepartment,
    VersionIdea,
    VersionState,
)
from forum.standards.queries import LARGEST
from forum.standards.visibility import open_version


@dataclass(frozen=True, slots=True)
class Editable:
    """What an edit page starts from: the draft, or the text in force as the next version."""

    standard: Standard
    version: Version
    source: str
    plain: str
    html: str
    departments: list[int]
    fed_by: int

    @property
    def number(self) -> int:
        """The number the saved draft has or will have."""
        return self.version.number if self.is_draft else self.version.number + 1

    @property
    def is_draft(self) -> bool:
        """Whether the draft exists already, perhaps in approval."""
        return self.version.state in NEXT

    @property
    def waits(self) -> bool:
        """Whether the next version waits for its day, and cannot be changed until taken back."""
        return self.version.state == VersionState.COMING


def editable(standard: Standard) -> Editable:
    """The standard's newest version, its typed text and its audience. Two queries."""
    row = db.session.execute(_NEWEST, {"of_standard": standard.id}).one()
    departments = [one[0] for one in read_columns(_CHOSEN, {"of_version": row[1].id})]
    return Editable(row[0], row[1], row[2] or "", row[3] or "", row[4] or "", departments, row[5])


# Made once: to make a statement costs more than to run it.
_NEWEST = (
    select(
        Standard,
        Version,
        Text.source,
        Text.plain,
        Text.html,
        select(func.count(VersionIdea.idea_id))
        .where(VersionIdea.version_id == Version.id)
        .scalar_subquery(),
    )
    .join(Version, Version.standard_id == Standard.id)
    .outerjoin(Text, Text.id == Version.text_id)
    .where(Standard.id == bindparam("of_standard"))
    .order_by(Version.number.desc())
    .limit(1)
    .execution_options(populate_existing=True)
)
_CHOSEN = select(VersionDepartment.department_id).where(
    VersionDepartment.version_id == bindparam("of_version")
)


def owner_choices(current: int | None) -> list[tuple[int, str]]:
    """Moderators, heads of departments and the present owner, as (id, name). One query."""
    return [(row[0], row[1]) for row in read_columns(_owners(), {"present": current})]


@cache
def _owners() -> Any:
    heads = select(Department.head_id).where(Department.archived_at.is_(None))
    keeps = or_(Person.role != Role.EMPLOYEE, Person.id.in_(heads))
    return (
        select(Person.id, Person.name)
        .where(or_(Person.id == bindparam("present", type_=Person.id.type), may_own() & keeps))
        .order_by(Person.name, Person.id)
    )


def may_own() -> Any:
    """Staff and moderators who can sign in may own a standard."""
    return (
        or_(Person.kind == Kind.STAFF, Person.role != Role.EMPLOYEE)
        & Person.deactivated_at.is_(None)
        & Person.erased_at.is_(None)
    )


class Compared(NamedTuple):
    """One side of a comparison."""

    id: int
    number: int
    state: str
    title: str
    plain: str
    html: str
    owner: str | None
    departments: frozenset[str]
    keys: tuple[int, ...]

    @property
    def document(self) -> Document:
        """The text with the clauses' own keys."""
        return lay_out(self.html).keyed(self.keys)

    @property
    def is_keyed(self) -> bool:
        """Whether it is known which clauses it has."""
        return len(self.keys) == len(lay_out(self.html).clauses)


def compared(reader: Person, standard: Standard, numbers: Sequence[int]) -> dict[int, Compared]:
    """Versions to compare, by number, without those the reader may not see. Three queries."""
    wanted = {"of_standard": standard.id, "of_numbers": [n for n in numbers if n <= LARGEST]}
    rows = run(_sides, reader, **wanted).all()
    audiences = _audience_names([row.id for row in rows])
    keys = keys_of([row.id for row in rows])
    return {
        row.number: Compared(
            *(row.id, row.number, row.state, row.title),
            row.plain or "",
            row.html or "",
            row.name,
            frozenset(audiences.get(row.id, ())),
            tuple(keys.get(row.id, ())),
        )
        for row in rows
    }


def _sides(reader: Any) -> Any:
    return (
        select(Version.id, Version.number, Version.state, Version.title)
        .add_columns(Text.plain, Text.html, Person.name)
        .join(Standard, Standard.id == Version.standard_id)
        .outerjoin(Text, Text.id == Version.text_id)
        .outerjoin(Person, Person.id == Version.owner_id)
        .where(
            Standard.id == bindparam("of_standard"),
            Version.number.in_(bindparam("of_numbers", expanding=True)),
            open_version(reader),
        )
    )


def _audience_names(version_ids: Sequence[int]) -> dict[int, list[str]]:
    query = (
        select(VersionDepartment.version_id, Department.name)
        .join(Department, Department.id == VersionDepartment.department_id)
        .where(VersionDepartment.version_id.in_(list(version_ids)))
    )
    names: dict[int, list[str]] = {}
    for version_id, name in db.session.execute(query):
        names.setdefault(version_id, []).append(name)
    return names
