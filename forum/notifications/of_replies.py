"""News of results that wait for a department's reply: one for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from forum.accounts.models import Person
from forum.core.calendar import company_day
from forum.core.events import Event
from forum.core.i18n import _, ngettext
from forum.core.modules import is_on
from forum.departments.queries import speaks_for
from forum.notifications.elsewhere import Called, Given
from forum.notifications.kinds import Kind
from forum.surveys.loop import facts
from forum.surveys.loop.queries import waiting_for


def _due(event: Event, _scene: object) -> Iterator[tuple[int, Kind]]:
    kind = Kind.REPLY_LATE if event.type == facts.LATE.name else Kind.REPLY_DUE
    if is_on("surveys"):
        yield from ((person_id, kind) for person_id in event.payload.get("people") or ())


RULES: dict[str, Callable[[Event, Any], Iterator[tuple[int, Kind]]]] = {
    facts.DUE.name: _due,
    facts.LATE.name: _due,
}


def called(reader: Person, rows: Sequence[Given]) -> dict[int, Called]:
    """What waits for somebody now, whenever they were reminded. Two queries."""
    found = waiting_for(speaks_for(reader.id))
    url = "/surveys"
    if len(found) == 1:
        url = f"/surveys/{found[0].wave_id}/replies/{found[0].department_id}"
    said = Called(_("Results that wait for your reply"), _sentence(found), url)
    return {row.id: said for row in rows}


def _sentence(found: Sequence[Any]) -> str:
    if not found:
        return _("Nothing waits any more")
    waits = ngettext(
        "%(num)d result waits for your reply", "%(num)d results wait for your reply", len(found)
    )
    late = sum(row.due_on < company_day() for row in found)
    if not late:
        return waits
    overdue = ngettext("%(num)d is overdue", "%(num)d are overdue", late)
    return f"{waits}, {overdue}"
