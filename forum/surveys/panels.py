"""What waits for somebody's answers, on Home."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from forum.accounts.models import Person
from forum.core import slots
from forum.core.modules import is_on
from forum.surveys import policy, queries


def install() -> None:
    """Fill the slot of Home."""
    slots.fill("home", slots.Panel("surveys", "surveys/_on_home.html", to_answer))


def to_answer(reader: Person, things: Sequence[Any]) -> dict[int, list[queries.Waiting]]:
    """The waves that wait for somebody. One query; none while the module is off."""
    if not is_on("surveys") or not policy.may_see(reader):
        return {}
    waiting = queries.waiting_for(reader)
    return {thing.id: waiting for thing in things} if waiting else {}
