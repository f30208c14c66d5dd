"""A dispute of a service that both sides have closed, as the beginning of a case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from forum.accounts.models import Person
from forum.core import slots
from forum.core.calendar import company_day
from forum.core.db import db
from forum.core.modules import is_on
from forum.departments.models import Service, ServiceChange, ServiceState
from forum.departments.services.between import among
from forum.departments.services.queries import visible_to
from forum.training.cases.origins import Beginning, register
from forum.training.cases.queries import may_draft

KIND = "dispute"
CLOSED = (ServiceState.CONFIRMED, ServiceState.ENDED)
"""How a service stands once nobody disputes it any more."""


def install() -> None:
    """Register the kind, and fill the slot of the page of a service."""
    register(KIND, find)
    slots.fill("service", slots.Panel("training", "training/_make_case.html", on_services))


def on_services(reader: Person, services: Sequence[Any]) -> dict[int, str]:
    """The address at which a case is made of the last dispute. Three queries at most."""
    closed = [service.id for service in services if service.state in CLOSED]
    if not closed or not is_on("training") or not may_draft(reader):
        return {}
    query = select(ServiceChange.service_id, func.max(ServiceChange.id)).where(
        ServiceChange.service_id.in_(closed), ServiceChange.state == ServiceState.DISPUTED
    )
    rows = db.session.execute(query.group_by(ServiceChange.service_id))
    return {row[0]: f"{KIND}:{row[1]}" for row in rows}


def find(reader: Person, change_id: int) -> Beginning | None:
    """The service, its sides and why it was denied, without by whom. Two queries."""
    if not is_on("map"):
        return None
    query = (
        select(Service, ServiceChange)
        .join(ServiceChange, ServiceChange.service_id == Service.id)
        .where(
            ServiceChange.id == change_id,
            ServiceChange.state == ServiceState.DISPUTED,
            Service.state.in_(CLOSED),
            visible_to(reader),
        )
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        return None
    service, denied = row
    sides = (service.provider_id, service.customer_id)
    departments = tuple(dict.fromkeys(side for side in sides if side is not None))
    standing = {card.id for card in among(departments)}
    return Beginning(
        title=service.name,
        month=company_day(denied.at).replace(day=1),
        situation=denied.delivered,
        happened=denied.why,
        departments=departments,
        services=(service.id,) if service.id in standing else (),
    )
