"""Who can be asked about services: the confirmed edges of the map, and the people who are served.

Whoever belongs to the customer's department, or to what lies below it, is served; for a team or a
role of it too, since nobody keeps who is in one. A person alone is neither asked nor asked about:
that would be a figure of one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Kind, Person
from forum.core.db import db, read_columns
from forum.departments.models import Department, Service, Side, SideKind
from forum.departments.services.queries import COUNTED


class Edge(NamedTuple):
    """A service with the departments of its sides, and how they are called."""

    id: int
    name: str
    provider_id: int
    provider_name: str
    customer_id: int
    customer_name: str


def confirmed_edges(
    ids: Collection[int] | None = None, *, departments: Collection[int] = ()
) -> list[Edge]:
    """Services that can be asked about, by provider and name: some of them, or those on which a
    department stands on either side. One query."""
    provider, customer = aliased(Department), aliased(Department)
    columns: tuple[Any, ...] = (
        *(Service.id, Service.name, Service.provider_id, provider.name),
        *(Service.customer_id, customer.name),
    )
    query = (
        select(*columns)
        .join(provider, provider.id == Service.provider_id)
        .join(customer, customer.id == Service.customer_id)
        .where(Service.state.in_(COUNTED), _of_many(Service.provider_side_id))
        .where(_of_many(Service.customer_side_id))
        .where(provider.archived_at.is_(None), customer.archived_at.is_(None))
        .order_by(provider.name, Service.name, customer.name, Service.id)
    )
    if ids is not None:
        query = query.where(Service.id.in_(ids))
    if departments:
        sides = (Service.provider_id.in_(departments), Service.customer_id.in_(departments))
        query = query.where(or_(*sides))
    return [Edge._make(row) for row in read_columns(query)]


def _of_many(side: Any) -> ColumnElement[bool]:
    """Whether an end is a department, a team or a role."""
    people = select(Side.id).where(Side.kind == SideKind.PERSON)
    return or_(side.is_(None), side.not_in(people))


class Served(NamedTuple):
    """Which services serve whoever belongs to a department."""

    by_department: Mapping[int, tuple[int, ...]]

    def services_of(self, department_id: int | None) -> tuple[int, ...]:
        """The services that serve somebody of a department."""
        return self.by_department.get(department_id or 0, ())

    def people(self) -> ColumnElement[bool]:
        """Who may come in, is no guest and is served by any of them, of `Person`."""
        return and_(
            Person.deactivated_at.is_(None),
            Person.erased_at.is_(None),
            Person.kind != Kind.CONSULTANT,
            Person.department_id.in_(sorted(self.by_department)),
        )


def served_by(edges: Iterable[Edge], tree: Mapping[int, int | None] | None = None) -> Served:
    """Whom services serve: the customer's people and those below it, but for the provider's own; by
    the tree of today, or another. One query, none for another."""
    above = _above(_tree() if tree is None else tree)
    found: dict[int, list[int]] = defaultdict(list)
    for edge in edges:
        inner = edge.provider_id in above.get(edge.customer_id, ())
        for department, path in above.items():
            own = edge.provider_id in path and not inner
            if edge.customer_id in path and not own:
                found[department].append(edge.id)
    return Served({department: tuple(ids) for department, ids in found.items()})


def _tree() -> dict[int, int | None]:
    rows = db.session.execute(select(Department.id, Department.parent_id))
    return {row[0]: row[1] for row in rows}


def _above(parents: Mapping[int, int | None]) -> dict[int, tuple[int, ...]]:
    """For each department, itself and all it belongs to."""
    return {number: tuple(_path(number, parents)) for number in parents}


def _path(number: int | None, parents: Mapping[int, int | None]) -> Iterable[int]:
    seen: set[int] = set()
    while number is not None and number not in seen:
        seen.add(number)
        yield number
        number = parents.get(number)
