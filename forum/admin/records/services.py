"""Sides, what no sheet tells of services, and their history.

Services that have not ended come with `services.csv`; here follow the moments and the words that
it has no columns for, then those that have ended or belong to archived departments.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, not_, or_, select
from sqlalchemy.orm import aliased

from forum.admin.records.kinds import numbered
from forum.admin.records.part import Part
from forum.departments.models import Department, Service, ServiceChange, ServiceState, Side
from forum.departments.services.history import forget_import

HOLDER = aliased(Department)


def _archived(column: Any) -> Any:
    gone = column.in_(select(HOLDER.id).where(HOLDER.archived_at.is_not(None)))
    return and_(column.is_not(None), gone)


ARCHIVED = or_(_archived(Service.provider_id), _archived(Service.customer_id))
RUNNING = Service.state != ServiceState.ENDED
BETWEEN = ("name", "provider_id", "customer_id", "provider_side_id", "customer_side_id")

SERVICES = (
    Part("side", Side, ("kind", "department_id", "name", "person_id"), counted=True),
    Part(
        "service",
        Service,
        BETWEEN,
        where=[RUNNING, not_(ARCHIVED)],
        among=[RUNNING],
        changes=True,
        counted=True,
        tells=lambda row: forget_import(row["id"]),
    ),
    Part(
        "service-past",
        Service,
        (*BETWEEN, "created_at"),
        where=[or_(not_(RUNNING), ARCHIVED)],
        counted=True,
    ),
    Part(
        "service-change",
        ServiceChange,
        ("service_id", "at", "what", "state"),
        kinds={"service_id": numbered("service")},
    ),
)
