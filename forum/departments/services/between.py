"""Services as others name them: which there are between departments, and what they are called."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from forum.core.db import db
from forum.departments.models import Department, Service, ServiceState

PROVIDER, CUSTOMER = aliased(Department), aliased(Department)


class ServiceCard(NamedTuple):
    """A service by its name and its sides."""

    id: int
    name: str
    provider: str | None
    customer: str | None

    @property
    def label(self) -> str:
        """`IT → Finance: accounts`."""
        return f"{self.provider or '–'} → {self.customer or '–'}: {self.name}"


_CARD = (
    select(Service.id, Service.name, PROVIDER.name, CUSTOMER.name)
    .outerjoin(PROVIDER, PROVIDER.id == Service.provider_id)
    .outerjoin(CUSTOMER, CUSTOMER.id == Service.customer_id)
    .order_by(PROVIDER.name, CUSTOMER.name, Service.name, Service.id)
)
MOST = 100
"""Services in one choice; a pair of departments has a few."""


def among(department_ids: Collection[int], *, also: Collection[int] = ()) -> list[ServiceCard]:
    """The services of which both sides are among these departments, and some by id. One query."""
    ids = list(department_ids)
    both = Service.provider_id.in_(ids) & Service.customer_id.in_(ids)
    both = both & (Service.state != ServiceState.ENDED)
    query = _CARD.where(or_(both, Service.id.in_(list(also)))).limit(MOST)
    return [ServiceCard._make(row) for row in db.session.execute(query)]


def cards_of(service_ids: Collection[int]) -> list[ServiceCard]:
    """Services by id. One query, none for none."""
    if not service_ids:
        return []
    query = _CARD.where(Service.id.in_(list(service_ids)))
    return [ServiceCard._make(row) for row in db.session.execute(query)]
