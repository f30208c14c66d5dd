"""The sections of a passport: the forum's own, and those that modules add.

A section is registered once at start: `register(Section(…))`. Its loader gets the reader and the
department, asks a fixed number of queries, and tells nothing where there is nothing: the page only
names the section then. Its template gets what was loaded as `data`, on the page and on paper; what
a head of department wants to know first is said on top, in the words of `heads`.

What is the same for all readers without a limit, but for whether they moderate, is drawn once: a
section says by `follows` which columns it is known again by, and all of them are read at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from flask import current_app
from markupsafe import Markup
from sqlalchemy import Select, select

from forum.accounts.models import Person
from forum.core.calendar import company_day
from forum.core.db import read_columns
from forum.core.i18n import company_zone, locale_code
from forum.core.kept import Keeper
from forum.core.modules import is_on
from forum.core.site import site
from forum.departments.models import Department
from forum.departments.scope import scope_of

Follows = Callable[[bool], Sequence[Any]]
"""From whether somebody moderates to the columns, whose parameters are those of `marks`."""


class Headline(NamedTuple):
    """A figure on top of a passport, a note on it, and where it leads."""

    label: str
    value: str
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page; `place` orders it, `module` is the one it belongs to."""

    name: str
    title: Any
    template: str
    load: Callable[[Person, Department], Any]
    place: int
    module: str = ""
    follows: Follows | None = None
    heads: Callable[[Any], Sequence[Headline]] | None = None


class Part(NamedTuple):
    """A section as it stands on a passport."""

    name: str
    title: Any
    html: Markup


class Passport(NamedTuple):
    """All that is told of a department, and the titles of what there is nothing to tell of."""

    headlines: list[Headline]
    parts: list[Part]
    missing: list[Any]


class _Drawn(NamedTuple):
    html: Markup
    headlines: tuple[Headline, ...] = ()


_Marks = Mapping[str, tuple[Any, ...]]
SECTIONS: dict[str, Section] = {}
kept = Keeper("passports", most=1024)
"""Drawn sections, of a few kilobytes each."""


def register(section: Section) -> None:
    """Add a section; the same name again replaces it."""
    SECTIONS[section.name] = section


def passport_of(reader: Person, department: Department) -> Passport:
    """The sections that have something to say, in order. One query for all that were drawn before,
    those of its loader for each other."""
    known = sorted(SECTIONS.values(), key=lambda section: section.place)
    on = [section for section in known if not section.module or is_on(section.module)]
    limited = scope_of(reader).limited
    marks = {} if limited else _marks(reader, department, on)
    drawn = [(section, _part(section, reader, department, marks)) for section in on]
    return Passport(
        [each for _section, part in drawn for each in part.headlines],
        [Part(section.name, section.title, part.html) for section, part in drawn if part.html],
        [] if limited else [section.title for section, part in drawn if not part.html],
    )


def _part(section: Section, reader: Person, department: Department, marks: _Marks) -> _Drawn:
    """A section as it was drawn on this day, or drawn now."""
    if section.name not in marks:
        return _drawn(section, reader, department)
    key = (section.name, marks[section.name], locale_code(), company_zone(), company_day())
    return kept(key, lambda: _drawn(section, reader, department))


def _drawn(section: Section, reader: Person, department: Department) -> _Drawn:
    data = section.load(reader, department)
    if not data:
        return _Drawn(Markup())
    html = current_app.jinja_env.get_template(section.template).render(data=data).strip()
    heads = tuple(section.heads(data)) if section.heads is not None else ()
    return _Drawn(Markup(html), heads)  # noqa: S704 - a template's output


def _marks(reader: Person, department: Department, sections: Sequence[Section]) -> _Marks:
    """All that the sections follow from which say what that is. One query."""
    known = {each.name: each.follows for each in sections if each.follows is not None}
    modules = tuple(site().modules)
    statement, places = _statement(tuple(known.values()), reader.moderates, modules)
    row = read_columns(statement, {"department": department.id}).one()
    beside = (department.id, department.slug, reader.moderates, modules)
    return {name: (*beside, *row[place]) for name, place in zip(known, places, strict=True)}


@lru_cache(64)
def _statement(
    following: tuple[Follows, ...], moderates: bool, _modules: tuple[str, ...]
) -> tuple[Select[Any], Sequence[slice]]:
    """The columns of all of them, and where those of each stand. Some depend on what is on."""
    columns: list[Any] = []
    places = []
    for follows in following:
        first = len(columns)
        columns.extend(follows(moderates))
        places.append(slice(first, len(columns)))
    return select(*columns), places
