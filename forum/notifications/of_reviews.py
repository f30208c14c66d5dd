"""Who hears of reviews of standards, and of a standard that became theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from forum.core.events import Event
from forum.notifications.kinds import Kind
from forum.standards.approvals import facts as approvals
from forum.standards.review import facts as reviews


def _review_due(event: Event, scene: Any) -> Iterator[tuple[int, Kind]]:
    yield from _review_asked(event, scene, Kind.REVIEW_DUE)


def _review_late(event: Event, scene: Any) -> Iterator[tuple[int, Kind]]:
    yield from _review_asked(event, scene, Kind.REVIEW_OVERDUE)


def _emergency_late(event: Event, scene: Any) -> Iterator[tuple[int, Kind]]:
    """Whom the payload names, while nobody has looked at that version."""
    if scene.unseen.get(event.object_id) == event.payload.get("version"):
        yield from ((each, Kind.REVIEW_OVERDUE) for each in event.payload.get("people") or ())


def _review_opened(event: Event, scene: Any) -> Iterator[tuple[int, Kind]]:
    yield from _review_asked(event, scene, Kind.REVIEW_OPENED)


def _review_asked(event: Event, scene: Any, kind: Kind) -> Iterator[tuple[int, Kind]]:
    """Whom the payload names, while the standard waits for that very day."""
    due_on = scene.review_days.get(event.object_id)
    if due_on is not None and event.payload.get("due") == due_on.isoformat():
        yield from ((person_id, kind) for person_id in event.payload.get("people") or ())


def _standard_given(event: Event, scene: Any) -> Iterator[tuple[int, Kind]]:
    owner = event.payload.get("owner") or 0
    if scene.owners.get(event.object_id) == owner:
        yield owner, Kind.STANDARD_GIVEN


RULES: dict[str, Callable[[Event, Any], Iterator[tuple[int, Kind]]]] = {
    approvals.EMERGENCY_OVERDUE.name: _emergency_late,
    reviews.REMINDED.name: _review_due,
    reviews.OVERDUE.name: _review_late,
    reviews.OPENED.name: _review_opened,
    reviews.GIVEN.name: _standard_given,
}
