"""The list of standards: what the address asks for, and one page of it, whatever the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Row, and_, bindparam, or_, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.accounts.standin import run
from forum.core.db import read_columns
from forum.core.paging import Cursor, Page, decode_cursor, page_of, read_moment
from forum.departments.models import Department
from forum.departments.queries import CARD, DepartmentCard
from forum.standards.categories.queries import NO_TREE, Tree
from forum.standards.models import NEXT, Standard, Version, VersionDepartment, VersionState
from forum.standards.review.models import Care
from forum.standards.visibility import edited_by, shown_number, visible_to, written_for

PAGE = 30
STATES = (VersionState.IN_FORCE, VersionState.COMING, VersionState.DRAFT, VersionState.RETIRED)
SORTS = ("number", "recent")
NARROWING = ("state", "department", "category")
SHAPES: dict[str, tuple[type, ...]] = {"number": (int,), "recent": (str, int)}


Shape = tuple[bool, bool, bool]


@dataclass(frozen=True, slots=True)
class StandardFilter:
    """What a list shows; `ignored` names the parameters that could not be understood."""

    state: str = ""
    department: str = ""
    category: str = ""
    sort: str = "number"
    after: str = ""
    department_id: int = 0
    category_ids: tuple[int, ...] = ()
    ignored: tuple[str, ...] = ()
    at: str = "/standards"

    def query(self, **changes: str) -> str:
        """This view's address, changed; the page starts over."""
        other = replace(self, **{"after": "", **changes})  # type: ignore[arg-type]
        pairs = [(name, getattr(other, name)) for name in NARROWING]
        pairs += [("sort", "" if other.sort == "number" else other.sort), ("after", other.after)]
        text = urlencode([(name, value) for name, value in pairs if value])
        return f"{self.at}?{text}" if text else self.at

    @property
    def narrowed(self) -> bool:
        """Whether anything but the order was chosen."""
        return bool(self.state or self.department or self.category)

    @property
    def shape(self) -> Shape:
        """Which conditions it makes."""
        return bool(self.state), bool(self.department), bool(self.category_ids)

    @property
    def values(self) -> dict[str, Any]:
        """What fills them."""
        chosen = {
            "of_state": self.state,
            "of_departments": [self.department_id],
            "of_categories": self.category_ids,
        }
        pairs = zip(chosen.items(), self.shape, strict=True)
        return {name: value for (name, value), is_made in pairs if is_made}


def read_filter(
    arguments: Mapping[str, str],
    departments: Sequence[DepartmentCard],
    categories: Tree = NO_TREE,
    *,
    at: str = "/standards",
) -> StandardFilter:
    """Understand an address; what is unknown is left out and named."""
    ids = {department.slug: department.id for department in departments}
    filed = [str(node.id) for node in categories.nodes]
    known = {"state": STATES, "department": ids, "category": filed, "sort": SORTS}
    values: dict[str, Any] = {}
    ignored = []
    for name, allowed in known.items():
        value = arguments.get(name, "").strip()
        if value in allowed:
            values[name] = str(value)
        elif value:
            ignored.append(name)
    after = arguments.get("after", "")
    if after and _position(after, values.get("sort", "number")) is None:
        ignored.append("after")
        after = ""
    values["department_id"] = ids.get(values.get("department", ""), 0)
    values["category_ids"] = categories.below(int(values.get("category", 0)))
    return StandardFilter(**values, after=after, ignored=tuple(ignored), at=at)


def _position(after: str, sort: str) -> Cursor | None:
    found = decode_cursor(after, SHAPES[sort])
    if found is None or sort != "recent":
        return found
    at = read_moment(found[0])
    return (at, found[1]) if at is not None else None


@dataclass(frozen=True, slots=True)
class ListedStandard:
    """A row of the list."""

    row: Row[Any]
    departments: list[DepartmentCard]


def list_standards(
    reader: Person, wanted: StandardFilter, *, size: int = PAGE
) -> Page[ListedStandard]:
    """One page of standards as the filter asks. Two queries, whatever the rows."""
    position = _position(wanted.after, wanted.sort) if wanted.after else None
    shape = (wanted.shape, wanted.sort, position is not None, size + 1)
    values = {**wanted.values, **dict(zip(_KEYS[wanted.sort], position or (), strict=False))}
    rows = run(_rows, reader, *shape, **values).all()
    written = audiences([row.version_id for row in rows[:size]])
    page = page_of(rows, size, lambda row: _key(row, wanted.sort))
    shown = [ListedStandard(row, written.get(row.version_id, [])) for row in page.rows]
    return Page(shown, page.next)


_KEYS = {"number": ("after_sequence",), "recent": ("after_at", "after_id")}
"""What fills the place behind which a page goes on."""


def _rows(reader: Any, shape: Shape, sort: str, goes_on: bool, most: int) -> Any:
    upcoming = aliased(Version)
    next_state = (
        select(upcoming.state)
        .where(
            upcoming.standard_id == Standard.id,
            upcoming.state.in_(NEXT),
            or_(upcoming.state == VersionState.COMING, edited_by(reader)),
        )
        .correlate(Standard)
        .scalar_subquery()
    )
    shown = and_(Version.standard_id == Standard.id, Version.number == shown_number())
    query = (
        select(
            Standard.id,
            Standard.number,
            Standard.sequence,
            Standard.title,
            Standard.excerpt,
            Standard.lang,
            Standard.state,
            Standard.in_force_since,
            Standard.retired_at,
            Standard.review_on,
            Standard.updated_at,
            Standard.comment_count,
            Version.id.label("version_id"),
            Version.number.label("version"),
            Department.name.label("owner_department"),
            next_state.label("next_state"),
        )
        .join(Version, shown)
        .outerjoin(Department, Department.id == Standard.owner_department_id)
        .where(visible_to(reader), *conditions(shape))
    )
    return _ordered(query, sort, goes_on=goes_on).limit(most)


def conditions(shape: Shape) -> list[ColumnElement[bool]]:
    """What a filter of a shape asks of a standard; its `values` fill them."""
    by_state, by_department, by_category = shape
    found: list[ColumnElement[bool]] = []
    if by_state:
        found.append(Standard.state == bindparam("of_state"))
    else:
        found.append(Standard.state != VersionState.RETIRED)
    if by_department:
        named: Any = bindparam("of_departments", expanding=True)
        found.append(or_(Standard.owner_department_id.in_(named), written_for(named)))
    if by_category:
        below: Any = bindparam("of_categories", expanding=True)
        filed = select(Care.standard_id).where(Care.category_id.in_(below))
        found.append(Standard.id.in_(filed))
    return found


def _ordered(query: Any, sort: str, *, goes_on: bool) -> Any:
    if sort == "recent":
        if goes_on:
            at: Any = bindparam("after_at", type_=Standard.updated_at.type)
            earlier = and_(Standard.updated_at == at, Standard.id < bindparam("after_id"))
            query = query.where(or_(Standard.updated_at < at, earlier))
        return query.order_by(Standard.updated_at.desc(), Standard.id.desc())
    if goes_on:
        query = query.where(Standard.sequence > bindparam("after_sequence"))
    return query.order_by(Standard.sequence)


def _key(row: Row[Any], sort: str) -> tuple[Any, ...]:
    return (row.updated_at.isoformat(), row.id) if sort == "recent" else (row.sequence,)


def audiences(version_ids: Sequence[int]) -> dict[int, list[DepartmentCard]]:
    """The departments each version is written for. One query."""
    shown: dict[int, list[DepartmentCard]] = {}
    for row in read_columns(_AUDIENCES, {"version_ids": list(version_ids)}):
        shown.setdefault(row[0], []).append(DepartmentCard(*row[1:]))
    return shown


_AUDIENCES = (
    select(VersionDepartment.version_id, *CARD)
    .join(Department, Department.id == VersionDepartment.department_id)
    .where(VersionDepartment.version_id.in_(bindparam("version_ids", expanding=True)))
    .order_by(Department.name)
)
