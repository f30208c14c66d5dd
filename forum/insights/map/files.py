"""The map as a file: as imports read it, and people by name, since addresses are theirs to give."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db
from forum.departments.models import Service, SideKind
from forum.insights.map.days import source
from forum.insights.map.names import Called, Names

COLUMNS = (
    "provider",
    "customer",
    "name",
    "criticality",
    "delivered",
    "channel",
    "provider_owner",
    "customer_owner",
    "state",
)


def rows(reader: Person) -> Iterator[list[object]]:
    """Every service on the map of today. Four queries, whatever the number."""
    query = select(Service).where(*source(None).where).order_by(Service.id)
    services = list(db.session.scalars(query))
    names = Names(reader, services)
    for each in services:
        provider, customer = names.both(each)
        owners = (names.person(each.provider_owner_id), names.person(each.customer_owner_id))
        yield [
            _side(provider),
            _side(customer),
            each.name,
            each.criticality,
            each.delivered,
            each.channel,
            *(f"name:{owner[0]}" if owner is not None else "" for owner in owners),
            each.state,
        ]


def _side(called: Called) -> str:
    """A side as an import of services reads it."""
    if called.kind == SideKind.PERSON:
        return f"name:{called.name}"
    if called.kind in (SideKind.TEAM, SideKind.ROLE) and called.card is not None:
        return f"{called.kind}:{called.card.slug}/{called.name}"
    return called.name
