"""What the map shows on a department's page and on Home while it is on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select

from forum.accounts.models import Person
from forum.core import slots
from forum.core.db import db
from forum.core.modules import is_on
from forum.core.slots import Panel
from forum.departments.models import Service
from forum.departments.scope import scope_of
from forum.insights.map import waiting
from forum.insights.map.days import source
from forum.insights.map.listing import said

SHOWN = 12
"""Services named on a department's page; its star has all of them."""


def of_departments(reader: Person, departments: Sequence[Any]) -> dict[int, dict[str, Any]]:
    """Whom departments serve and who serves them. Four queries, none while the map is off."""
    if not is_on("map") or scope_of(reader).limited:
        return {}
    ids = [each.id for each in departments]
    touches = or_(Service.provider_id.in_(ids), Service.customer_id.in_(ids))
    query = (
        select(Service)
        .where(*source(None).where, touches)
        .order_by(Service.name, Service.id)
        .limit(500)
    )
    services = list(db.session.scalars(query))
    lines = list(zip(services, said(reader, services), strict=True))
    found = {}
    for each in departments:
        serves = [line for service, line in lines if service.provider_id == each.id]
        served = [line for service, line in lines if service.customer_id == each.id]
        if serves or served:
            found[each.id] = {
                "slug": each.slug,
                "serves": serves[:SHOWN],
                "served_by": served[:SHOWN],
                "more": max(len(serves), len(served)) > SHOWN,
            }
    return found


def way_of(reader: Person, departments: Sequence[Any]) -> dict[int, str]:
    """Where each department's star is. No query."""
    if not is_on("map") or scope_of(reader).limited:
        return {}
    return {each.id: f"/map/{each.slug}" for each in departments}


def install() -> None:
    """Fill the places."""
    slots.fill("ways-of-department", Panel("map", "insights/map/_way.html", way_of))
    slots.fill("department", Panel("map", "insights/map/_on_department.html", of_departments))
    slots.fill("home", Panel("services", "insights/map/_on_home.html", waiting.on_home))
