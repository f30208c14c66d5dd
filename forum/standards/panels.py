"""Standards on pages of other features: ideas, departments, people, Home."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import String, bindparam, cast, func, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Kind, Person
from forum.accounts.standin import run
from forum.core import slots
from forum.core.db import db
from forum.standards.clauses.models import Clause, VersionClause
from forum.standards.confirming.audience import asks, may_confirm
from forum.standards.confirming.confirmed import bound_later, bounds, bounds_now, has_confirmed
from forum.standards.models import (
    Standard,
    Version,
    VersionDepartment,
    VersionIdea,
    VersionState,
)
from forum.standards.visibility import open_version, visible_to
from forum.standards.why.models import ClauseOrigin, Source

MOST = 100
"""Standards shown in a panel; a page with more links to the list."""

TO_READ = 5
"""Standards that wait on Home; reading one brings up the next."""


class Ribbon(NamedTuple):
    """A standard in one line."""

    number: str
    title: str
    lang: str
    state: str
    clauses: str | None = None

    @property
    def url(self) -> str:
        """Its page."""
        return f"/standards/{self.number}"

    @property
    def parts(self) -> list[tuple[str, str]]:
        """The clauses that came from the idea: what each is called by, and its address."""
        lines = (line.split(" ", 2) for line in (self.clauses or "").split("\n") if line)
        parts = sorted((int(place), key, name) for place, key, name in lines)
        return [(name or f"§ {at + 1}", f"{self.url}#clause-{key}") for at, key, name in parts]


_RIBBON = (Standard.number, Standard.title, Standard.lang, Standard.state)


def install() -> None:
    """Fill the slots of ideas, departments, people and Home."""
    slots.fill("idea", slots.Panel("standards", "standards/_on_idea.html", on_ideas))
    slots.fill(
        "department", slots.Panel("standards", "standards/_on_department.html", on_departments)
    )
    slots.fill("person", slots.Panel("standards", "standards/_on_person.html", on_people))
    slots.fill("home", slots.Panel("standards", "standards/_on_home.html", to_read))


def on_ideas(reader: Person, ideas: Sequence[Any]) -> dict[int, list[Ribbon]]:
    """The standards that ideas became, as far as the reader sees them. One query."""
    found: dict[int, list[Ribbon]] = {}
    for idea_id, *ribbon in run(_born, reader, ideas=[idea.id for idea in ideas]):
        found.setdefault(idea_id, []).append(Ribbon(*ribbon))
    return found


def _born(reader: Person) -> Any:
    return (
        select(VersionIdea.idea_id, Standard.number, Version.title, Version.lang, Version.state)
        .add_columns(_clauses())
        .join(Version, Version.id == VersionIdea.version_id)
        .join(Standard, Standard.id == Version.standard_id)
        .where(
            VersionIdea.idea_id.in_(bindparam("ideas", expanding=True)),
            visible_to(reader),
            open_version(reader),
        )
        .order_by(Version.id)
    )


def _clauses() -> Any:
    """The clauses in force that came from the query's idea in one column: lines of place, key and
    number."""
    shown = aliased(Version)
    line = cast(VersionClause.place, String) + " " + cast(Clause.key, String)
    return (
        select(func.aggregate_strings(line + " " + VersionClause.number, "\n"))
        .join(Clause, Clause.id == VersionClause.clause_id)
        .join(ClauseOrigin, ClauseOrigin.clause_id == Clause.id)
        .join(shown, shown.id == VersionClause.version_id)
        .where(
            shown.standard_id == Standard.id,
            shown.number == Standard.in_force,
            ClauseOrigin.kind == Source.IDEA,
            ClauseOrigin.source_id == VersionIdea.idea_id,
            ClauseOrigin.taken_away_at.is_(None),
        )
        .correlate(Standard, VersionIdea)
        .scalar_subquery()
    )


def on_departments(reader: Person, departments: Sequence[Any]) -> dict[int, list[Ribbon]]:
    """The standards in force written for departments. One query."""
    query = (
        select(VersionDepartment.department_id, *_RIBBON)
        .join(Version, Version.id == VersionDepartment.version_id)
        .join(Standard, Standard.id == Version.standard_id)
        .where(
            VersionDepartment.department_id.in_([each.id for each in departments]),
            Version.state == VersionState.IN_FORCE,
            visible_to(reader),
        )
        .order_by(Standard.sequence)
        .limit(MOST)
    )
    return _grouped(query)


def on_people(reader: Person, people: Sequence[Any]) -> dict[int, list[Ribbon]]:
    """The standards people own, drafts only for their editors. One query."""
    query = (
        select(Standard.owner_id, *_RIBBON)
        .where(
            Standard.owner_id.in_([person.id for person in people]),
            Standard.state != VersionState.RETIRED,
            visible_to(reader),
        )
        .order_by(Standard.sequence)
        .limit(MOST)
    )
    return _grouped(query)


def to_read(reader: Person, columns: Sequence[Any]) -> dict[int, list[Ribbon]]:
    """Standards in force for the reader's department that they have not yet read. One query."""
    if reader.kind == Kind.CONSULTANT:
        return {}
    found = [Ribbon(*row[:4]) for row in run(unread_by, reader, **bounds_now())]
    return {column.id: found for column in columns} if found else {}


def unread_by(reader: Any) -> Any:
    """Standards in force for a department that its member has not yet read, and since when they
    are; the newest first."""
    return _unread(reader, bound_later()).order_by(*_NEWEST).limit(TO_READ)


def unread_of(people: Collection[int]) -> dict[int, list[Any]]:
    """The same for each of some people. One query."""
    place = func.row_number().over(partition_by=Person.id, order_by=_NEWEST)
    query = _unread(Person, bounds()).add_columns(
        Person.id.label("person_id"), place.label("place")
    )
    each = query.join(Person, Person.id.in_(people)).where(may_confirm()).subquery()
    found: dict[int, list[Any]] = {}
    shown = select(each).where(each.c.place <= TO_READ).order_by(each.c.place)
    for row in db.session.execute(shown):
        found.setdefault(row.person_id, []).append(row)
    return found


_NEWEST = (Version.published_at.desc(), Version.id.desc())


def _unread(reader: Any, until: Mapping[int, Any]) -> Any:
    """For one reader, or for those that the columns of `Person` stand for."""
    read = has_confirmed(Version.id, reader.id, Standard.renew_months, until)
    return (
        select(*_RIBBON, Version.published_at)
        .select_from(Standard)
        .join(Version, (Version.standard_id == Standard.id) & (Version.number == Standard.in_force))
        .where(Standard.state == VersionState.IN_FORCE, asks(Version.id, reader), ~read)
    )


def _grouped(query: Any) -> dict[int, list[Ribbon]]:
    found: dict[int, list[Ribbon]] = {}
    for thing_id, *ribbon in db.session.execute(query):
        found.setdefault(thing_id, []).append(Ribbon(*ribbon))
    return found
