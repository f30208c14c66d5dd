"""The departments that a text may name, as far as its reader may be told of them."""

from __future__ import annotations

from collections.abc import Sequence

from forum.accounts.models import Person
from forum.departments.queries import current_cards
from forum.departments.scope import scope_of
from forum.standards.document import Clause
from forum.standards.structure.places import Places
from forum.standards.structure.reading import has_steps

NOWHERE = Places({}, {})


def places_for(reader: Person) -> Places:
    """For a consultant those of their scope. One query, one more for a consultant."""
    allowed = scope_of(reader).departments
    return Places.of(card for card in current_cards() if allowed is None or card.id in allowed)


def places_in(reader: Person, steps: Sequence[Clause], promises: Sequence[Clause]) -> Places:
    """The same, none where these clauses of a text have nothing to look for them in."""
    return places_for(reader) if promises or any(map(has_steps, steps)) else NOWHERE
