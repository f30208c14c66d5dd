"""What a service was: an immutable row for each change, and the event that goes with it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from forum.core.clock import now
from forum.core.db import db
from forum.core.events import EventType, record
from forum.departments.models import Edge, Service, ServiceChange, ServiceState

COLUMNS = tuple(
    name
    for name in ServiceChange.__table__.columns.keys()  # noqa: SIM118
    if name not in ("id", "service_id", "at", "by_id", "what")
)
"""What a service and its history both have."""
IMPORTED = "imported"


def said_by(edge: Edge) -> dict[str, Any]:
    """What a service or a row of its history says, by column."""
    return {name: getattr(edge, name) for name in COLUMNS}


def remember(by_id: int | None, service: Service, what: str, *, at: datetime | None = None) -> None:
    """Keep what a service is from now on, in the open write."""
    values = said_by(service)
    row = ServiceChange(service_id=service.id, at=at or now(), by_id=by_id, what=what, **values)
    db.session.add(row)
    db.session.flush()


def tell(
    kind: EventType,
    by: Any,
    service: Service,
    *,
    asked: Iterable[int] = (),
    told: Iterable[int] = (),
    at: datetime | None = None,
    **ids: int | None,
) -> None:
    """The event of a change, with whom it asks and whom it tells, in the open write."""
    wanted = sorted(set(asked))
    others = sorted(set(told) - set(wanted))
    people = {name: ids for name, ids in (("asked", wanted), ("told", others)) if ids}
    record(kind, by=by, about=("service", service.id), at=at, **people, **ids)


def last_confirmed(service_id: int) -> ServiceChange | None:
    """What both sides last agreed on. One query."""
    query = (
        select(ServiceChange)
        .where(
            ServiceChange.service_id == service_id,
            ServiceChange.state == ServiceState.CONFIRMED,
        )
        .order_by(ServiceChange.at.desc(), ServiceChange.id.desc())
        .limit(1)
    )
    return db.session.scalars(query).first()


def newest_until(moment: datetime) -> Any:
    """The ids of what every service was at a moment, as a subquery."""
    newest = (
        select(
            ServiceChange.id,
            func.row_number()
            .over(
                partition_by=ServiceChange.service_id,
                order_by=(ServiceChange.at.desc(), ServiceChange.id.desc()),
            )
            .label("place"),
        )
        .where(ServiceChange.at < moment)
        .subquery()
    )
    return select(newest.c.id).where(newest.c.place == 1)


def forget_import(service_id: int) -> None:
    """Drop what a file of services wrote, where a file of records tells the history itself."""
    imported = ServiceChange.what == IMPORTED
    db.session.execute(
        delete(ServiceChange).where(ServiceChange.service_id == service_id, imported)
    )
