"""Replies beside results, on Home, and before somebody answers the next survey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from forum.accounts.models import Person
from forum.core import slots
from forum.core.calendar import company_day
from forum.core.modules import is_on
from forum.departments.queries import speaks_for
from forum.surveys.loop import policy, queries
from forum.surveys.loop.queries import Said

IN_FULL = 20
"""Replies on the page of a whole wave; the others are on the pages of their departments."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a result: what was said, what is owed, and by whom it may be said."""

    replies: list[Said]
    named: list[Any]
    today: Any
    may: frozenset[int] = field(default_factory=frozenset)
    above: bool = True


def install() -> None:
    """Fill the places."""
    slots.fill("wave-results", slots.Panel("replies", "surveys/loop/_beside.html", beside))
    slots.fill("home", slots.Panel("survey-replies", "surveys/loop/_on_home.html", on_home))
    slots.fill("wave-answer", slots.Panel("changed", "surveys/loop/_changed.html", changed))


def beside(reader: Person, wholes: Sequence[Any]) -> dict[int, Beside]:
    """Replies of the department a result is of, or of all to a wave: of these the first in full.
    Three queries, or four."""
    found = {}
    for whole in wholes:
        scope, one, _other = whole.node
        if scope in ("provider", "all"):
            one_only = one if scope == "provider" else None
            replies = queries.of_wave(reader, whole.id, one_only, most=IN_FULL)
            named = queries.named_of_wave(whole.id, after=IN_FULL) if scope == "all" else []
            ours = speaks_for(reader.id) if replies else frozenset[int]()
            may = {
                each.reply.department_id
                for each in replies
                if policy.may_reply(reader, each.reply.department_id, ours)
            }
            if replies:
                above = scope == "provider"
                found[whole.id] = Beside(replies, named, company_day(), frozenset(may), above)
    return found


def on_home(reader: Person, things: Sequence[Any]) -> dict[int, dict[str, Any]]:
    """Replies that wait for who answers for departments. Two queries; none while the module is
    off."""
    if not is_on("surveys") or reader.is_consultant:
        return {}
    waiting = queries.waiting_for(speaks_for(reader.id))
    shown = {"rows": waiting, "today": company_day()}
    return {thing.id: shown for thing in things} if waiting else {}


def changed(reader: Person, waves: Sequence[Any]) -> dict[int, list[Said]]:
    """What changed since one last answered: what those asked about said last. Two queries
    each."""
    found = {wave.id: queries.changed_for(reader, wave.id) for wave in waves}
    return {number: said for number, said in found.items() if said}
