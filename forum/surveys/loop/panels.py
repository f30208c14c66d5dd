"""Replies beside results, on Home, and before somebody answers the next survey."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from flask import current_app
from markupsafe import Markup

from forum.accounts.models import Person
from forum.core import slots
from forum.core.calendar import company_day
from forum.core.i18n import company_zone, locale_code
from forum.core.kept import Keeper
from forum.core.modules import is_on
from forum.departments.queries import speaks_for
from forum.surveys.loop import marks, policy, queries
from forum.surveys.loop.queries import Said
from forum.surveys.policy import may_see

IN_FULL = 20
"""Replies on the page of a whole wave; the others are on the pages of their departments."""


class Silent(NamedTuple):
    """A department that still owes a reply; whether the reader speaks for it."""

    department_id: int
    name: str
    due_on: date
    ours: bool


class Beside(NamedTuple):
    """What stands beside a result: what was said, and what is owed."""

    drawn: Markup
    above: bool


def install() -> None:
    """Fill the places."""
    slots.fill("wave-results", slots.Panel("replies", "surveys/loop/_beside.html", beside))
    slots.fill("home", slots.Panel("survey-replies", "surveys/loop/_on_home.html", on_home))
    slots.fill("wave-answer", slots.Panel("changed", "surveys/loop/_changed.html", changed))
    slots.fill("beside-idea", slots.Panel("replies", "surveys/loop/_beside_idea.html", behind))


def beside(reader: Person, wholes: Sequence[Any]) -> dict[int, Beside]:
    """Replies of the department a result is of, or of all to a wave: of these the first in full.
    Two queries each, three more where they were not drawn before."""
    found = {}
    for whole in wholes:
        scope, one, _other = whole.node
        if scope in ("provider", "all"):
            drawn = _drawn(reader, whole.id, one if scope == "provider" else None)
            if drawn:
                found[whole.id] = Beside(drawn, scope == "provider")
    return found


kept = Keeper("replies", most=256)


def _drawn(reader: Person, wave_id: int, one: int | None) -> Markup:
    mark, departments = marks.mark(reader, wave_id, one, IN_FULL)
    if not departments:
        return Markup()
    speaks = speaks_for(reader.id)
    may = frozenset(each for each in departments if policy.may_reply(reader, each, speaks))
    ours = may & speaks
    key = (mark, may, ours, company_day(), company_zone(), locale_code())
    return kept(key, lambda: _written(reader, wave_id, one, may, ours))


def _written(
    reader: Person, wave_id: int, one: int | None, may: Set[int], ours: Set[int]
) -> Markup:
    replies = queries.of_wave(reader, wave_id, one, most=IN_FULL)
    named = queries.named_of_wave(wave_id, after=IN_FULL) if one is None else []
    template = current_app.jinja_env.get_template("surveys/loop/_replies.html")
    html = template.render(
        wave_id=wave_id,
        replies=[each for each in replies if each.at or one is not None],
        named=[each for each in named if each.at],
        silent=_silent(replies, named, ours) if one is None else [],
        may=may,
        today=company_day(),
        above=one is not None,
    )
    return Markup(html)  # noqa: S704 - a template's output


def _silent(
    replies: Sequence[Said], named: Sequence[Any], ours: Set[int]
) -> list[tuple[date, list[Silent]]]:
    """Who owes a reply still, by the last day."""
    owed = [(each.reply.department_id, each.department, each.at, each.due_on) for each in replies]
    owed += [(each.department_id, each.name, each.at, each.due_on) for each in named]
    found = [Silent(one, name, due, one in ours) for one, name, at, due in owed if at is None]
    found.sort(key=lambda each: each.due_on)
    return [(due, list(each)) for due, each in groupby(found, key=lambda each: each.due_on)]


def on_home(reader: Person, columns: Sequence[Any]) -> dict[int, dict[str, Any]]:
    """Replies that wait for who answers for departments. One query; none while the module is
    off."""
    if not is_on("surveys") or reader.is_consultant:
        return {}
    found = {each.id: queries.waiting_for(each.answering.with_merged) for each in columns}
    today = company_day()
    return {number: {"rows": rows, "today": today} for number, rows in found.items() if rows}


def behind(reader: Person, ideas: Sequence[Any]) -> dict[int, list[queries.Heard]]:
    """What departments heard from their customers before they answered with an idea. One query,
    none while the module is off."""
    if not is_on("surveys") or not may_see(reader):
        return {}
    return queries.heard_before([idea.id for idea in ideas])


def changed(reader: Person, waves: Sequence[Any]) -> dict[int, list[Said]]:
    """What changed since one last answered: what those asked about said last. Two queries
    each."""
    found = {wave.id: queries.changed_for(reader, wave.id) for wave in waves}
    return {number: said for number, said in found.items() if said}
