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
BESIDES = ("owner", "moved")
"""Changes by which nobody says whether it is so."""
PROPOSALS = ("drawn", "corrected")
DENIED, UNDENIED = "denied", "undenied"


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


def last_words(service_id: int) -> list[ServiceChange]:
    """The last two rows by which somebody said whether it is so, the newest first. One query."""
    query = (
        select(ServiceChange)
        .where(ServiceChange.service_id == service_id, ServiceChange.what.not_in(BESIDES))
        .order_by(ServiceChange.at.desc(), ServiceChange.id.desc())
        .limit(2)
    )
    return list(db.session.scalars(query))


def has_denied(person_id: int, service_id: int) -> bool:
    """Whether somebody ever denied it. One query."""
    query = select(ServiceChange.id).where(
        ServiceChange.service_id == service_id,
        ServiceChange.what == DENIED,
        ServiceChange.by_id == person_id,
    )
    return db.session.scalar(query.limit(1)) is not None


def voices(service_id: int) -> list[int]:
    """Who said what is not agreed on: the last proposal, and each denial since that was not taken
    back. One query."""
    mine = ServiceChange.service_id == service_id
    proposed = select(func.max(ServiceChange.id)).where(mine, ServiceChange.what.in_(PROPOSALS))
    query = select(ServiceChange.what, ServiceChange.by_id).where(
        mine,
        ServiceChange.id >= func.coalesce(proposed.scalar_subquery(), 0),
        ServiceChange.what.in_((*PROPOSALS, DENIED, UNDENIED)),
    )
    found: list[int | None] = []
    for what, by_id in db.session.execute(query.order_by(ServiceChange.id)):
        if what != UNDENIED:
            found.append(by_id)
        elif found:
            found.pop()
    return [each for each in found if each is not None]


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
