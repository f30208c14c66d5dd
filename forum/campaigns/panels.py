"""A campaign on the pages of its ideas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from forum.accounts.models import Person
from forum.campaigns import policy, queries
from forum.core import slots
from forum.core.modules import is_on


def install() -> None:
    """Fill the slot of ideas."""
    slots.fill("idea", slots.Panel("campaigns", "campaigns/_on_idea.html", on_ideas))


def on_ideas(reader: Person, ideas: Sequence[Any]) -> dict[int, queries.Said]:
    """The campaigns of some ideas. Two queries; none while the module is off."""
    if not is_on("campaigns") or not policy.may_see(reader):
        return {}
    return queries.said_in([idea.id for idea in ideas])
