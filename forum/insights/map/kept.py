"""What a process keeps of the map, and the mark by which it knows that it may still be shown.

Counting thousands of services and drawing hundreds of cells costs ten times what showing them does.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from forum.core.db import read_columns
from forum.core.kept import Keeper, lines
from forum.departments.models import Department, Service, ServiceChange

kept = Keeper("map", most=64)
"""Parts of some ten to a hundred kilobytes each."""


_DEPARTMENTS = select(
    lines(
        *(Department.id, Department.name, Department.slug, Department.code, Department.hue),
        *(Department.parent_id, Department.archived_at),
    )
).scalar_subquery()
_NEWEST = select(func.max(ServiceChange.id)).scalar_subquery()
MARK = select(func.count(), func.max(Service.id), func.sum(Service.revision), _NEWEST, _DEPARTMENTS)


def mark() -> tuple[Any, ...]:
    """What is another whenever a service or a department is. One query."""
    return tuple(read_columns(MARK).one())
