"""Reading the register: a page of it, or all of it in pieces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.accounts.standin import ready
from forum.core.db import end_read, read_columns
from forum.core.paging import Page, decode_cursor, page_of
from forum.departments.models import Department
from forum.departments.queries import DepartmentCard
from forum.standards.categories.models import Category
from forum.standards.listing import Shape, StandardFilter, audiences, conditions
from forum.standards.models import Standard, Version, VersionState
from forum.standards.review.models import Care
from forum.standards.visibility import shown_number, visible_to

PAGE = 100
PIECE = 500
"""Rows read at once for the file."""
BEFORE_ALL = -1


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the register."""

    row: Row[Any]
    audience: list[DepartmentCard]


def register_page(reader: Person, wanted: StandardFilter, *, size: int = PAGE) -> Page[Entry]:
    """One page of the register by number. Two queries, whatever the rows."""
    ready_for = ready(_entries, reader, (wanted.shape, size + 1), wanted.values)
    return _page(*ready_for, wanted.after, size)


def whole_register(reader: Person, wanted: StandardFilter) -> Iterator[Entry]:
    """All of it, two queries a piece; reads nothing of the reader once it has begun."""
    return _pieces(*ready(_entries, reader, (wanted.shape, PIECE + 1), wanted.values))


def _pieces(query: Any, values: dict[str, Any]) -> Iterator[Entry]:
    after: str | None = ""
    while after is not None:
        page = _page(query, values, after, PIECE)
        yield from page.rows
        after = page.next
        end_read()


def _page(query: Any, values: dict[str, Any], after: str, size: int) -> Page[Entry]:
    (behind,) = decode_cursor(after, (int,)) or (BEFORE_ALL,)
    rows = read_columns(query, {**values, "after_sequence": behind}).all()
    written = audiences([row.version_id for row in rows[:size]])
    page = page_of(rows, size, lambda row: (row.sequence,))
    return Page([Entry(row, written.get(row.version_id, [])) for row in page.rows], page.next)


def _entries(reader: Any, shape: Shape, most: int) -> Any:
    older = aliased(Version)
    obsolete = (
        select(func.count(older.id))
        .where(older.standard_id == Standard.id, older.state == VersionState.SUPERSEDED)
        .correlate(Standard)
        .scalar_subquery()
    )
    return (
        select(
            Standard.number,
            Standard.sequence,
            Standard.title,
            Standard.lang,
            Standard.state,
            Standard.review_on,
            Version.id.label("version_id"),
            Version.number.label("version"),
            Version.published_at,
            Person.name.label("owner"),
            Person.id.label("owner_id"),
            Department.name.label("owner_department"),
            Category.name_en,
            Category.name_ru,
            obsolete.label("obsolete"),
        )
        .join(Version, (Version.standard_id == Standard.id) & (Version.number == shown_number()))
        .outerjoin(Person, Person.id == Standard.owner_id)
        .outerjoin(Department, Department.id == Standard.owner_department_id)
        .outerjoin(Care, Care.standard_id == Standard.id)
        .outerjoin(Category, Category.id == Care.category_id)
        .where(
            visible_to(reader),
            *conditions(shape),
            Standard.sequence > bindparam("after_sequence"),
        )
        .order_by(Standard.sequence)
        .limit(most)
    )
