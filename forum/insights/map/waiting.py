"""Services that wait for somebody's word, on Home."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, or_, select

from forum.accounts.models import Person
from forum.accounts.standin import load
from forum.core.modules import is_on
from forum.departments.models import OPEN_STATES, Department, Service, ServiceState, Side
from forum.departments.services.ends import CUSTOMER, OTHER, PROVIDER
from forum.departments.services.policy import MOST_DENIALS
from forum.departments.services.queries import STANDING, visible_to
from forum.insights.map.listing import Line, said
from forum.insights.map.reading import whose_turn

SHOWN = 5


class Waiting(NamedTuple):
    """Services as lists show them, each with what is asked; whether there are more."""

    rows: Sequence[tuple[Line, str]]
    more: bool


def on_home(reader: Person, columns: Sequence[Any]) -> dict[int, Waiting]:
    """Services whose turn is that of a side the reader speaks for, the oldest first. None while the
    map is off; one query, and three where something waits."""
    if not is_on("map"):
        return {}
    found = {each.id: _waiting(reader, each.answering.departments) for each in columns}
    return {number: waiting for number, waiting in found.items() if waiting.rows}


def _waiting(reader: Person, departments: Collection[int]) -> Waiting:
    services = load(open_ones, reader, departments=list(departments)).scalars().all()
    lines = said(reader, services[:SHOWN]) if services else []
    rows = [
        (line, whose_turn(service, {PROVIDER: line.provider, CUSTOMER: line.customer}))
        for service, line in zip(services, lines, strict=False)
    ]
    return Waiting(rows, len(services) > SHOWN)


def open_ones(reader: Person) -> Any:
    """The statement for those whose turn is that of the reader, or of some `departments`."""
    # That a turn is only of the open ones is said twice: by their states they are found.
    asked = _asks(reader, bindparam("departments", expanding=True, type_=Department.id.type))
    return (
        select(Service)
        .where(Service.state.in_(OPEN_STATES), asked, *STANDING, visible_to(reader))
        .order_by(Service.id)
        .limit(SHOWN + 1)
    )


def _asks(reader: Person, departments: Any) -> ColumnElement[bool]:
    """What `policy.turn` and `policy.speaks_for` say of one service, of all of them."""
    own = select(Side.id).where(Side.person_id == reader.id).scalar_subquery()
    sides = (
        (PROVIDER, Service.provider_id, Service.provider_side_id, Service.provider_owner_id),
        (CUSTOMER, Service.customer_id, Service.customer_side_id, Service.customer_owner_id),
    )
    return or_(
        *(
            and_(
                _turn_of(side),
                or_(place.in_(departments), itself == own, owner == reader.id),
            )
            for side, place, itself, owner in sides
        )
    )


def _turn_of(side: str) -> ColumnElement[bool]:
    proposed = and_(Service.state == ServiceState.PROPOSED, Service.proposed_by == OTHER[side])
    denied = and_(
        Service.state == ServiceState.DISPUTED,
        Service.denials < MOST_DENIALS,
        Service.proposed_by == side,
    )
    return or_(proposed, denied)
