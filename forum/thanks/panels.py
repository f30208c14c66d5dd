"""Thanks on pages of ideas, standards, departments and people: the newest few, never how many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, exists, select

from forum.accounts.models import Person
from forum.accounts.standin import run
from forum.core import slots
from forum.core.modules import is_on
from forum.departments.models import ServiceState
from forum.ideas.models import StageKind
from forum.standards.models import VersionState
from forum.thanks import asking, queries
from forum.thanks.models import Thanks
from forum.thanks.queries import Line
from forum.thanks.subjects import SUBJECTS
from forum.thanks.visibility import visible_to

BESIDE, LATEST = "thanks/_beside.html", "thanks/_latest.html"


def install() -> None:
    """Fill the slots."""
    slots.fill("idea", slots.Panel("thanks", "thanks/_ask.html", asking.on_ideas))
    slots.fill("beside-idea", slots.Panel("thanks", BESIDE, beside_ideas))
    slots.fill("beside-standard", slots.Panel("thanks", BESIDE, beside_standards))
    slots.fill("service", slots.Panel("thanks", BESIDE, beside_services))
    slots.fill(
        "promise-kept", slots.Panel("thanks", "thanks/_kept.html", asking.after_a_kept_promise)
    )
    slots.fill("department", slots.Panel("thanks", LATEST, on_departments))
    slots.fill("person", slots.Panel("thanks", LATEST, on_people))


class Beside(NamedTuple):
    """The way to say thank you for a thing, and to what was said."""

    subject: str
    some: bool


def beside_ideas(reader: Person, ideas: Sequence[Any]) -> dict[int, Beside]:
    """One query."""
    return _beside(reader, "idea", [i.id for i in ideas if i.stage_kind != StageKind.DRAFT])


def beside_standards(reader: Person, standards: Sequence[Any]) -> dict[int, Beside]:
    """One query."""
    shown = (VersionState.IN_FORCE, VersionState.RETIRED)
    return _beside(reader, "standard", [s.id for s in standards if s.state in shown])


def beside_services(reader: Person, services: Sequence[Any]) -> dict[int, Beside]:
    """One query."""
    here = [each.id for each in services if each.state != ServiceState.ENDED]
    return _beside(reader, "service", here)


def _beside(reader: Person, kind: str, ids: Sequence[int]) -> dict[int, Beside]:
    if not ids or not is_on("thanks"):
        return {}
    thanked = {row[0] for row in run(_thanked, reader, kind, subjects=list(ids))}
    return {number: Beside(f"{kind}-{number}", number in thanked) for number in ids}


def _thanked(reader: Person, kind: str) -> Any:
    """Of things of a kind, those with words that the reader sees: the first will do of many."""
    thing = SUBJECTS[kind].number
    subjects: Any = bindparam("subjects", expanding=True, type_=Thanks.subject_id.type)
    said = exists().where(
        Thanks.subject_kind == kind, Thanks.subject_id == thing, visible_to(reader, kind)
    )
    return select(thing).where(thing.in_(subjects), said)


class Latest(NamedTuple):
    """The newest thanks to somebody, and the ways to all of them and to say one."""

    lines: list[Line]
    to: str
    all_url: str


def on_departments(reader: Person, departments: Sequence[Any]) -> dict[int, Latest]:
    """As many queries for each as a page of thanks."""
    living = [each for each in departments if each.archived_at is None]
    return _latest(reader, living, queries.latest_to_department, "department")


def on_people(reader: Person, people: Sequence[Any]) -> dict[int, Latest]:
    """As many queries for each as a page of thanks."""
    here = [each for each in people if each.can_sign_in]
    return _latest(reader, here, queries.latest_to_person, "person")


def _latest(
    reader: Person, things: Sequence[Any], find: Callable[[Person, int], list[Line]], kind: str
) -> dict[int, Latest]:
    if not is_on("thanks"):
        return {}
    found = {}
    for each in things:
        lines, is_me = find(reader, each.id), kind == "person" and each.id == reader.id
        if lines or not is_me:
            to = "" if is_me else f"{kind}-{each.id}"
            url = f"/thanks?department={each.slug}" if kind == "department" else ""
            found[each.id] = Latest(lines, to, "/thanks?mine=1" if is_me else url)
    return found
