"""Which departments ideas affected when something happened: the log remembers what slots forget."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from sqlalchemy import select

from forum.core.db import db
from forum.core.events import Event
from forum.ideas import facts as ideas


class Change(NamedTuple):
    """From an event on a department was affected, or was no more."""

    event_id: int
    there: bool


Changes = dict[int, list[Change]]
"""By department, in the order of the log."""


def changes_of(idea_ids: Collection[int]) -> dict[int, Changes]:
    """What the log tells of each idea's departments. One query, none for no ideas."""
    found: dict[int, Changes] = {number: {} for number in idea_ids}
    if not found:
        return found
    told = (ideas.POSTED.name, ideas.DEPARTMENTS_CHANGED.name)
    query = select(Event.id, Event.object_id, Event.payload).where(
        Event.object_kind == "idea", Event.object_id.in_(idea_ids), Event.type.in_(told)
    )
    for event_id, idea_id, payload in db.session.execute(query.order_by(Event.id)):
        for name, there in (("dropped", False), ("departments", True)):
            for department in payload.get(name) or ():
                changes = found[idea_id].setdefault(department, [])
                changes.append(Change(event_id, there))
    return found


def at_event(now: Collection[int], changes: Changes, event_id: int) -> Iterator[int]:
    """The departments affected right after an event; those the log does not name are as now."""
    yield from (department for department in now if department not in changes)
    for department, known in changes.items():
        before = [change for change in known if change.event_id <= event_id]
        if before[-1].there if before else not known[0].there:
            yield department
