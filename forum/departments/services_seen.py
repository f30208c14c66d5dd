"""Services as features above name them: to whom they are visible, what they are called."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, exists, func, or_, select, true

from forum.accounts.models import Person
from forum.core.db import db
from forum.departments.models import Department, Service
from forum.departments.scope import scope_of


class ServiceName(NamedTuple):
    """A service in a line, and where it is shown: on the page of who provides it."""

    id: int
    name: str
    provider_id: int | None
    slug: str | None

    @property
    def url(self) -> str:
        """The place on that page."""
        return f"/departments/{self.slug}#services" if self.slug else ""


def _visible(reader: Person) -> ColumnElement[bool]:
    """All, or for a consultant those that one of their departments provides or receives."""
    scope = scope_of(reader)
    if scope.departments is None:
        return true()
    ids = sorted(scope.departments)
    return or_(Service.provider_id.in_(ids), Service.customer_id.in_(ids))


def service_is_visible(reader: Person, number: Any) -> ColumnElement[bool]:
    """Whether the reader sees the service with that number, as SQL over the query that asks."""
    return exists().where(Service.id == number, _visible(reader))


def services_named(reader: Person, ids: Collection[int]) -> list[ServiceName]:
    """Those of some services that the reader sees. One query, and one for a consultant's scope."""
    place = func.coalesce(Service.provider_id, Service.customer_id)
    query = (
        select(Service.id, Service.name, Service.provider_id, Department.slug)
        .outerjoin(Department, Department.id == place)
        .where(Service.id.in_(ids), _visible(reader))
    )
    return [ServiceName(*row) for row in db.session.execute(query)]
