"""On pages of things: the quiet way to more or less news of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from forum.accounts.models import Person
from forum.core import slots
from forum.standards.models import VersionState

LINK = "notifications/_watch_link.html"


def install() -> None:
    """Fill the slots of departments, people, standards and settings. None costs a query."""
    slots.fill("beside-department", slots.Panel("watch", LINK, beside_departments))
    slots.fill("person", slots.Panel("watch", LINK, on_people))
    slots.fill("beside-standard", slots.Panel("watch", LINK, beside_standards))
    slots.fill("settings", slots.Panel("news", "notifications/_in_settings.html", in_settings))


def beside_departments(_reader: Person, departments: Sequence[Any]) -> dict[int, str]:
    """The address of each, but of those that take no ideas any more."""
    found = [each for each in departments if each.archived_at is None]
    return {each.id: f"/watch/department/{each.slug}" for each in found}


def on_people(reader: Person, people: Sequence[Any]) -> dict[int, str]:
    """The address of each but oneself."""
    return {each.id: f"/watch/person/{each.id}" for each in people if each.id != reader.id}


def beside_standards(_reader: Person, standards: Sequence[Any]) -> dict[int, str]:
    """The address of each that is published."""
    found = [each for each in standards if each.state != VersionState.DRAFT]
    return {each.id: f"/watch/standard/{each.number}" for each in found}


def in_settings(_reader: Person, people: Sequence[Any]) -> dict[int, bool]:
    """A link needs nothing but its place."""
    return {person.id: True for person in people}
