"""What modules ask for while an idea is written: read with the form, kept in the idea's write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from markupsafe import Markup

from forum.accounts.models import Person
from forum.ideas.models import Idea

Begin = Callable[[Person, Mapping[str, str]], Mapping[str, Any]]
Keep = Callable[[Idea], None]
"""Writes what was read beside the idea, in the open write."""


class Extra(NamedTuple):
    """One module's part of the page on which ideas are written.

    `shown` draws its fields, empty where it asks for nothing; `read` understands what was sent,
    Invalid names a field; `drop` forgets what belongs to a draft that is deleted. What few use
    stands `below` the rest. `begun` fills an empty form from what a link names. `posted` tells the
    log what it tells of no draft, in the write that posts one.
    """

    shown: Callable[[Person, Idea | None, Mapping[str, str]], Markup]
    read: Callable[[Person, Mapping[str, str]], Keep | None]
    drop: Callable[[int], None]
    below: bool = False
    begun: Begin | None = None
    posted: Keep | None = None


EXTRAS: dict[str, Extra] = {}
"""By the names of the modules that register them."""


def begun(author: Person, sent: Mapping[str, str]) -> dict[str, Any]:
    """What a link to an empty form begins, by its fields."""
    ways = (extra.begun for extra in EXTRAS.values() if extra.begun is not None)
    return {name: value for begin in ways for name, value in begin(author, sent).items()}


def shown(
    author: Person, idea: Idea | None, sent: Mapping[str, str], *, below: bool = False
) -> Markup:
    """The fields of all modules that stand under the text, or below the rest."""
    extras = (extra for extra in EXTRAS.values() if extra.below == below)
    return Markup().join(extra.shown(author, idea, sent) for extra in extras)


def read(author: Person, sent: Mapping[str, str]) -> tuple[Keep, ...]:
    """What was sent in them. Raises Invalid."""
    found = (extra.read(author, sent) for extra in EXTRAS.values())
    return tuple(keep for keep in found if keep is not None)


def keep(idea: Idea, kept: tuple[Keep, ...]) -> None:
    """Write it, in the open write."""
    for each in kept:
        each(idea)


def posted(idea: Idea) -> None:
    """A draft has become an open idea with its author's name, in the open write."""
    for extra in EXTRAS.values():
        if extra.posted is not None:
            extra.posted(idea)


def drop(idea_id: int) -> None:
    """Forget what belongs to a draft that is deleted, in the open write."""
    for extra in EXTRAS.values():
        extra.drop(idea_id)
