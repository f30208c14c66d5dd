"""News of services: a side is asked whether it is so, or told what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import func, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.events import Event
from forum.core.i18n import lazy
from forum.core.modules import is_on
from forum.departments import facts
from forum.departments.models import Service, ServiceState
from forum.departments.services import policy
from forum.departments.services.queries import visible_to
from forum.notifications.elsewhere import Called, Given
from forum.notifications.keeping import take_back
from forum.notifications.kinds import Kind

ASKED = {
    ServiceState.PROPOSED: lazy("Is this service so? Confirm it, correct it or say no"),
    ServiceState.DISPUTED: lazy("The other side says that it is not so; your answer is wanted"),
}
TOLD = {
    ServiceState.PROPOSED: lazy("This service is not confirmed yet"),
    ServiceState.CONFIRMED: lazy("Both sides agree on this service"),
    ServiceState.DISPUTED: lazy("The sides do not agree on this service; it stays open"),
    ServiceState.ENDED: lazy("This service was taken off the map"),
}
OWNER = lazy("You look after this service now")
ANSWERS = frozenset(
    kind.name
    for kind in (
        facts.SERVICE_CORRECTED,
        facts.SERVICE_CONFIRMED,
        facts.SERVICE_DENIED,
        facts.SERVICE_UNDENIED,
        facts.SERVICE_ENDED,
        facts.SERVICE_WITHDRAWN,
    )
)
"""After these nobody is asked any more what was asked before."""


def _said(event: Event, _scene: object) -> Iterator[tuple[int, Kind]]:
    """Whom the payload names, while the map is on."""
    if not is_on("map"):
        return
    yield from ((person_id, Kind.SERVICE_ASKED) for person_id in event.payload.get("asked") or ())
    yield from ((person_id, Kind.SERVICE_TOLD) for person_id in event.payload.get("told") or ())


RULES: dict[str, Callable[[Event, Any], Iterator[tuple[int, Kind]]]] = {
    name: _said for name in (*ANSWERS, facts.SERVICE_ADDED.name, facts.SERVICE_CHANGED.name)
}


def forget_answered(batch: Sequence[Event]) -> Counter[int]:
    """Take questions that were answered out of inboxes, in the open write; how many unread ones
    each person had. One statement for each answer."""
    gone: Counter[int] = Counter()
    for event in batch:
        if event.type in ANSWERS:
            gone.update(take_back(event, Kind.SERVICE_ASKED))
    return gone


def undone(batch: Sequence[Event]) -> frozenset[int]:
    """The events of the denials that these took back. One query for each."""
    return frozenset(
        _denial_before(event) for event in batch if event.type == facts.SERVICE_UNDENIED.name
    )


def _denial_before(event: Event) -> int:
    query = select(func.max(Event.id)).where(
        Event.object_kind == event.object_kind,
        Event.object_id == event.object_id,
        Event.type == facts.SERVICE_DENIED.name,
        Event.id < event.id,
    )
    return db.session.scalar(query) or 0


def called(reader: Person, rows: Sequence[Given]) -> dict[int, Called]:
    """What is asked as long as it is asked, and how services stand. Two queries."""
    ids = {row.object_id for row in rows}
    query = select(Service).where(Service.id.in_(ids), visible_to(reader))
    known = {service.id: service for service in db.session.scalars(query)}
    newest = _newest(ids)
    found = {}
    for row in rows:
        service = known.get(row.object_id)
        words = None if service is None else _words(reader, row, service, newest)
        if service is not None and words is not None:
            found[row.id] = Called(service.name, words, f"/map/services/{service.id}")
    return found


def _newest(ids: set[int]) -> dict[int, Any]:
    """When each service was last answered about: an older question is one no more."""
    query = (
        select(Event.object_id, func.max(Event.at))
        .where(Event.object_kind == "service", Event.object_id.in_(ids), Event.type.in_(ANSWERS))
        .group_by(Event.object_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _words(reader: Person, row: Given, service: Service, newest: dict[int, Any]) -> str | None:
    state = ServiceState(service.state)
    if row.kind != Kind.SERVICE_ASKED:
        return str(OWNER if row.payload.get("owner") == reader.id else TOLD[state])
    answered = newest.get(service.id)
    if not policy.turn(service) or (answered is not None and answered > row.at):
        return None
    return str(ASKED[state])
