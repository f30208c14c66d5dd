"""On pages of ideas and standards: a place that fills itself with what is related."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from forum.accounts.models import Person
from forum.core import slots
from forum.ideas.models import StageKind
from forum.standards.models import VersionState

TEMPLATE = "search/_beside.html"


def install() -> None:
    """Fill the slots beside ideas and standards."""
    slots.fill("beside-idea", slots.Panel("related", TEMPLATE, beside_ideas))
    slots.fill("beside-standard", slots.Panel("related", TEMPLATE, beside_standards))


def beside_ideas(_reader: Person, ideas: Sequence[Any]) -> dict[int, str]:
    """Where what is related to findable ideas is. No query: the page is shown before it."""
    found = [i for i in ideas if i.stage_kind != StageKind.DRAFT and i.hidden_at is None]
    return {idea.id: f"/search/related/idea/{idea.id}" for idea in found}


def beside_standards(_reader: Person, standards: Sequence[Any]) -> dict[int, str]:
    """The same for standards in force. No query."""
    found = [each for each in standards if each.state == VersionState.IN_FORCE]
    return {standard.id: f"/search/related/standard/{standard.number}" for standard in found}
