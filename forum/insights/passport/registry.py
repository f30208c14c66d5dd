"""The sections of a passport: the forum's own, and those that modules add.

A section is registered once at start: `register(Section(…))`. Its loader gets the reader and the
department, asks a fixed number of queries, and tells nothing where there is nothing: the section
is not on the page then. Its template gets what was loaded as `data`, on the page and on paper.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from forum.accounts.models import Person
from forum.core.modules import is_on
from forum.departments.models import Department


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page; `place` orders it, `module` is the one it belongs to."""

    name: str
    title: Any
    template: str
    load: Callable[[Person, Department], Any]
    place: int
    module: str = ""


SECTIONS: dict[str, Section] = {}


def register(section: Section) -> None:
    """Add a section; the same name again replaces it."""
    SECTIONS[section.name] = section


def sections_of(reader: Person, department: Department) -> list[tuple[Section, Any]]:
    """The sections that have something to say, in order, each with what was loaded."""
    known = sorted(SECTIONS.values(), key=lambda section: section.place)
    on = (section for section in known if not section.module or is_on(section.module))
    loaded = ((section, section.load(reader, department)) for section in on)
    return [(section, data) for section, data in loaded if data]
