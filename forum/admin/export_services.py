"""Services as `forum import services` reads them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.core.db import db
from forum.departments.models import Department, Service, ServiceState, Side, SideKind


def service_rows() -> list[list[object]]:
    """Who serves whom, but for what has ended and for archived departments. Two queries."""
    sides = _sides()
    ends = [aliased(Department) for _end in range(2)]
    owners = [aliased(Person) for _side in range(2)]
    query = (
        select(
            Service,
            *(end.slug for end in ends),
            *(column for owner in owners for column in (owner.email, owner.login)),
        )
        .outerjoin(ends[0], ends[0].id == Service.provider_id)
        .outerjoin(ends[1], ends[1].id == Service.customer_id)
        .outerjoin(owners[0], owners[0].id == Service.provider_owner_id)
        .outerjoin(owners[1], owners[1].id == Service.customer_owner_id)
        .where(
            Service.state != ServiceState.ENDED,
            *(end.archived_at.is_(None) for end in ends),
        )
        .order_by(Service.id)
    )
    rows = (_row(sides, *row) for row in db.session.execute(query))
    return [row for row in rows if row[0] and row[1]]


def _row(
    sides: dict[int, tuple[str, Any, Any]],
    service: Service,
    provider: str | None,
    customer: str | None,
    *owners: str | None,
) -> list[object]:
    return [
        _called(provider, sides.get(service.provider_side_id or 0)),
        _called(customer, sides.get(service.customer_side_id or 0)),
        service.name,
        service.criticality,
        service.delivered,
        service.channel,
        owners[0] or owners[1],
        owners[2] or owners[3],
        service.state,
    ]


def _called(slug: str | None, side: tuple[str, Any, Any] | None) -> str:
    """How a file names a side; nothing for somebody who was erased."""
    if side is None:
        return slug or ""
    kind, name, handle = side
    if kind == SideKind.PERSON:
        return f"person:{handle}" if handle else ""
    return f"{kind}:{slug}/{name}"


def _sides() -> dict[int, tuple[str, Any, Any]]:
    query = select(Side.id, Side.kind, Side.name, Person.email, Person.login).outerjoin(
        Person, Person.id == Side.person_id
    )
    return {
        row.id: (row.kind, row.name, row.email or row.login) for row in db.session.execute(query)
    }
