"""News of standards that somebody has still to confirm: one for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from forum.accounts.models import Person
from forum.core.events import Event
from forum.core.i18n import _, ngettext
from forum.notifications.elsewhere import Called, Given
from forum.notifications.kinds import Kind
from forum.standards import facts
from forum.standards.confirming.pending import Pending, pending_for


def _due(event: Event, _scene: object) -> Iterator[tuple[int, Kind]]:
    yield from ((person_id, Kind.TO_CONFIRM) for person_id in event.payload.get("people") or ())


RULES: dict[str, Callable[[Event, Any], Iterator[tuple[int, Kind]]]] = {
    facts.CONFIRMATIONS_DUE.name: _due,
}


def called(reader: Person, rows: Sequence[Given]) -> dict[int, Called]:
    """What waits for somebody now, whenever they were reminded. One query."""
    found = pending_for(reader)
    said = Called(_("Standards to confirm"), _sentence(found), "/standards/pending")
    return {row.id: said for row in rows}


def _sentence(found: Sequence[Pending]) -> str:
    if not found:
        return _("Nothing waits any more")
    waits = ngettext(
        "%(num)d standard waits for your confirmation",
        "%(num)d standards wait for your confirmation",
        len(found),
    )
    late = sum(each.late for each in found)
    if not late:
        return waits
    overdue = ngettext("%(num)d is overdue", "%(num)d are overdue", late)
    return f"{waits}, {overdue}"
