"""What was asked beside texts, and the way to ask for who may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forum.accounts.models import Person
from forum.core import slots
from forum.departments.queries import speaks_for
from forum.surveys.relay import policy, queries
from forum.surveys.relay.queries import Exchange


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the texts of a whole, by their keys."""

    wave_id: int
    exchanges: Mapping[str, Exchange]
    may_ask: bool


def install() -> None:
    """Fill the place beside texts."""
    slots.fill("wave-voices", slots.Panel("relay", "surveys/relay/_beside.html", beside))


def beside(reader: Person, wholes: Sequence[Any]) -> dict[int, Beside]:
    """What was asked about the texts of a whole. Two queries each that tells texts of one
    department, none of others."""
    found = {}
    for whole in wholes:
        if whole.node[0] in policy.ASKED_AT and whole.voices:
            exchanges = queries.exchanges_of(whole.wave.id)
            may = policy.may_ask(reader, whole.provider_id, speaks_for(reader.id))
            found[whole.id] = Beside(whole.wave.id, exchanges, may)
    return found
