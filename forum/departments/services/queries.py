"""Reading services: one of them, some that are found, whom a department serves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, or_, select, true

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.errors import NotFound
from forum.departments.models import Department, Service, ServiceState, Side
from forum.departments.scope import scope_of

COUNTED = (ServiceState.CONFIRMED,)
"""States that count where only what both sides agree on may."""


def standing(edge: Any, over: datetime | None = None) -> tuple[ColumnElement[bool], ...]:
    """Neither side stands in a department that is closed, or was when a day was over."""
    closed: ColumnElement[bool] = Department.archived_at.is_not(None)
    if over is not None:
        closed = Department.archived_at < over
    # What is left out is few, and leads no database to look through all the others first.
    there = select(Department.id).where(closed)
    return tuple(or_(at.is_(None), at.not_in(there)) for at in (edge.provider_id, edge.customer_id))


STANDING = standing(Service)
"""What a map of today shows: neither side stands in a department that was closed."""


def visible_to(reader: Person) -> ColumnElement[bool]:
    """Everybody sees the map; consultants what touches their departments, and what is theirs."""
    scope = scope_of(reader).departments
    if scope is None:
        return true()
    mine = select(Side.id).where(Side.person_id == reader.id)
    return or_(
        Service.provider_id.in_(scope),
        Service.customer_id.in_(scope),
        Service.provider_side_id.in_(mine),
        Service.customer_side_id.in_(mine),
        Service.provider_owner_id == reader.id,
        Service.customer_owner_id == reader.id,
    )


def service_or_404(reader: Person, service_id: int) -> Service:
    """A service that somebody may see, ended ones too. One query, and one for a consultant."""
    found = db.session.scalars(
        select(Service).where(Service.id == service_id, visible_to(reader))
    ).first()
    if found is None:
        raise NotFound
    return found


def visible_among(reader: Person, ids: Sequence[int]) -> list[Service]:
    """Those of some services that are on the map and that somebody may see. One query."""
    query = select(Service).where(
        Service.id.in_(ids), Service.state != ServiceState.ENDED, visible_to(reader)
    )
    return list(db.session.scalars(query))


class Worded(NamedTuple):
    """A service with the names of its teams and roles, the departments these are part of, and the
    people who stand in it or own it."""

    service: Service
    names: tuple[str, ...]
    within: frozenset[int]
    people: tuple[int, ...]


def worded(ids: Sequence[int]) -> Iterator[Worded]:
    """Those of some services that have not ended, as they are found. Two queries."""
    query = select(Service).where(Service.id.in_(ids), Service.state != ServiceState.ENDED)
    found = list(db.session.scalars(query))
    sides = sides_of(found)
    for service in found:
        own = [
            sides[each]
            for each in (service.provider_side_id, service.customer_side_id)
            if each is not None
        ]
        people = (
            *(side.person_id for side in own),
            service.provider_owner_id,
            service.customer_owner_id,
        )
        known = dict.fromkeys(each for each in people if each is not None)
        parts = [side for side in own if side.name]
        within = frozenset(side.department_id for side in parts if side.department_id is not None)
        yield Worded(service, tuple(side.name for side in parts), within, tuple(known))


def sides_of(services: Sequence[Service]) -> dict[int, Side]:
    """The teams, roles and persons at the ends of services, by id. One query, none for none."""
    ids = {each.provider_side_id for each in services} | {
        each.customer_side_id for each in services
    }
    wanted = [each for each in ids if each is not None]
    if not wanted:
        return {}
    return {side.id: side for side in db.session.scalars(select(Side).where(Side.id.in_(wanted)))}


def customers_of(department_ids: Collection[int]) -> list[tuple[int, int]]:
    """Which departments these serve, as both sides confirm: pairs of provider and customer, but for
    what a department does for itself. One query, none for no departments."""
    if not department_ids:
        return []
    query = (
        select(Service.provider_id, Service.customer_id)
        .where(
            Service.provider_id.in_(department_ids),
            Service.customer_id.is_not(None),
            Service.customer_id != Service.provider_id,
            Service.state.in_(COUNTED),
        )
        .distinct()
        .order_by(Service.provider_id, Service.customer_id)
    )
    return [(row[0] or 0, row[1] or 0) for row in db.session.execute(query)]
