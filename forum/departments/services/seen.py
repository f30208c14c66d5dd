"""Services as features above name them: to whom they are visible, what they are called."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, exists, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.modules import is_on
from forum.departments.models import Service
from forum.departments.services.queries import visible_to


class ServiceName(NamedTuple):
    """A service in a line, and who provides it."""

    id: int
    name: str
    provider_id: int | None

    @property
    def url(self) -> str:
        """Its page, while there is one."""
        return f"/map/services/{self.id}" if is_on("map") else ""


def service_is_visible(reader: Person, number: Any) -> ColumnElement[bool]:
    """Whether the reader sees the service with that number, as SQL over the query that asks."""
    return exists().where(Service.id == number, visible_to(reader))


def services_named(reader: Person, ids: Collection[int]) -> list[ServiceName]:
    """Those of some services that the reader sees. One query, and one for a consultant's scope."""
    query = select(Service.id, Service.name, Service.provider_id)
    query = query.where(Service.id.in_(ids), visible_to(reader))
    return [ServiceName(*row) for row in db.session.execute(query)]
