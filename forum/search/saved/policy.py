"""A saved search is its owner's alone."""

from __future__ import annotations

from forum.accounts.models import Person
from forum.search.saved.models import SavedSearch


def owns(person: Person, saved: SavedSearch) -> bool:
    """Whether it is theirs: to see, to change, to delete."""
    return saved.person_id == person.id
