"""Asking what services go by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.site import site
from forum.departments.models import Department, Service, ServiceState
from forum.standards.models import Standard
from forum.standards.serving.models import ServiceStandard
from forum.standards.visibility import in_force_for

MOST = 300
"""Services to choose from on one page."""


class GoneBy(NamedTuple):
    """A standard in force that services go by, and which; none is all that have no other."""

    number: str
    title: str
    lang: str
    services: str | None = None


def are_shown() -> bool:
    """Whether the company has its services on a map."""
    return "map" in site().modules


def by_departments(reader: Person, departments: Sequence[Any]) -> dict[int, list[GoneBy]]:
    """What the services of departments go by: their own first, then the general one. At most two
    queries; none without the map."""
    if not are_shown():
        return {}
    found = _own(reader, [each.id for each in departments])
    general = general_one(reader)
    for each in departments if general else ():
        found.setdefault(each.id, []).append(general)  # type: ignore[arg-type]
    return found


def _own(reader: Person, department_ids: list[int]) -> dict[int, list[GoneBy]]:
    names = func.aggregate_strings(Service.name, ", ")
    query = (
        select(Department.id, Standard.number, Standard.title, Standard.lang, names)
        .join(
            Service,
            or_(Service.provider_id == Department.id, Service.customer_id == Department.id),
        )
        .join(ServiceStandard, ServiceStandard.service_id == Service.id)
        .join(Standard, Standard.id == ServiceStandard.standard_id)
        .where(
            Department.id.in_(department_ids),
            Service.state != ServiceState.ENDED,
            in_force_for(reader),
        )
        .group_by(Department.id, Standard.id)
        .order_by(Standard.sequence)
    )
    found: dict[int, list[GoneBy]] = {}
    for department_id, *gone_by in db.session.execute(query):
        found.setdefault(department_id, []).append(GoneBy(*gone_by))
    return found


def of_service(reader: Person, service_id: int) -> GoneBy | None:
    """What a service goes by: its own standard, else the general one. At most two queries."""
    query = (
        select(Standard.number, Standard.title, Standard.lang)
        .join(ServiceStandard, ServiceStandard.standard_id == Standard.id)
        .where(
            ServiceStandard.service_id == service_id,
            in_force_for(reader),
        )
    )
    row = db.session.execute(query).first()
    return GoneBy(*row) if row is not None else general_one(reader)


def own_number(reader: Person, service_id: Any) -> Any:
    """The number of a service's own standard, as a column beside the one that names the service."""
    return (
        select(Standard.number)
        .join(ServiceStandard, ServiceStandard.standard_id == Standard.id)
        .where(
            ServiceStandard.service_id == service_id,
            in_force_for(reader),
        )
        .scalar_subquery()
    )


def general_one(reader: Person) -> GoneBy | None:
    """The standard that services without their own go by, where it is in force. One query, none
    where none was named."""
    if not site().serving_standard:
        return None
    query = select(Standard.number, Standard.title, Standard.lang).where(
        Standard.id == site().serving_standard,
        in_force_for(reader),
    )
    row = db.session.execute(query).first()
    return GoneBy(*row) if row is not None else None


def to_choose(standard: Standard) -> Sequence[Any]:
    """The services that may be given a standard: those that have it, and those that the owner's
    department provides; all where nobody's department owns it. One query."""
    provider, customer = aliased(Department), aliased(Department)
    query = (
        select(Service.id, Service.name, provider.name, customer.name, ServiceStandard.standard_id)
        .outerjoin(provider, provider.id == Service.provider_id)
        .outerjoin(customer, customer.id == Service.customer_id)
        .outerjoin(ServiceStandard, ServiceStandard.service_id == Service.id)
        .where(Service.state != ServiceState.ENDED)
        .order_by(provider.name, Service.name, customer.name, Service.id)
        .limit(MOST)
    )
    if standard.owner_department_id is not None:
        provided = Service.provider_id == standard.owner_department_id
        query = query.where(or_(provided, ServiceStandard.standard_id == standard.id))
    return db.session.execute(query).all()
