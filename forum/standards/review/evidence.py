"""Kinds of evidence that a standard should be looked at again. Features register theirs.

A loader takes all standards at once, so looking costs the same number of queries whatever their
number; what it finds holds ids only, and `tell` says it in the reader's words, as far as they see.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from forum.accounts.models import Person
from forum.standards.review.queries import Standing


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something found about a standard; `enough` to open a review by itself.

    `amount` and `of` count, `clause` is the key of a clause, `things` are (kind, id).
    """

    kind: str
    standard_id: int
    enough: bool
    amount: int = 0
    of: int = 0
    clause: int = 0
    things: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """Evidence in words, with (title, address, language) of what it is about."""

    sentence: str
    links: tuple[tuple[str, str, str], ...] = ()
    enough: bool = True


Load = Callable[[Sequence[Standing]], list[Evidence]]
Tell = Callable[[Person, Standing, Sequence[Evidence]], list[Told]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of evidence; its name stands in rows. The daily search asks only about standards for
    which it `opens` something; the page of a review shows all."""

    name: str
    title: object
    load: Load
    tell: Tell
    opens: Callable[[Standing], bool] = lambda _standing: True


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Add a kind; the same name again replaces it."""
    _KINDS[kind.name] = kind


def titled(names: Sequence[str]) -> list[str]:
    """Kinds in the reader's words; those that are no longer known are left out."""
    return [str(_KINDS[name].title) for name in names if name in _KINDS]


def opens_by(told: dict[str, Any]) -> bool:
    """Whether a review can say this of why it was opened: kinds that are known, or nothing."""
    names = told.get("kinds")
    known = sorted(name for name in _KINDS if isinstance(names, list) and name in names)
    return told == ({"kinds": known} if known else {})


def enough(standings: Sequence[Standing]) -> dict[int, list[Evidence]]:
    """What is enough to open a review of standards in force, by id."""
    found: dict[int, list[Evidence]] = {standing.id: [] for standing in standings}
    for kind in _KINDS.values():
        asked = [standing for standing in standings if kind.opens(standing)]
        for evidence in kind.load(asked) if asked else ():
            if evidence.enough:
                found[evidence.standard_id].append(evidence)
    return found


def told(reader: Person, standing: Standing) -> list[Told]:
    """What speaks for looking at a standard now, in the reader's words."""
    said: list[Told] = []
    for kind in _KINDS.values():
        found = kind.load([standing])
        said += kind.tell(reader, standing, found) if found else []
    return said
