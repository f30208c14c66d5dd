"""The kinds of work in the moderators' queue: each says what waits, and shows its rows.

A feature registers its own with `register`; the order in which they come is that of `place`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select

from forum.accounts.models import Person

SHOWN = 20
"""Rows of one queue on a page; the rest comes up as these are cleared."""


def _always() -> bool:
    """Shown even when nothing waits."""
    return True


@dataclass(frozen=True, slots=True)
class Work:
    """One kind of work.

    `waiting` selects the ids of what waits for a moderator, for its count; `rows` loads at most
    `SHOWN` and one more; `template` draws `rows`. Where it is not `on` it shows only with work.
    """

    name: str
    place: int
    title: object
    empty: object
    waiting: Callable[[Person], Select[Any]]
    rows: Callable[[Person], Sequence[Any]]
    template: str
    decides: bool = False
    on: Callable[[], bool] = field(default=_always)


_WORKS: dict[str, Work] = {}


def register(work: Work) -> None:
    """Add a kind of work; the same name again replaces it."""
    _WORKS[work.name] = work


def works() -> list[Work]:
    """Every kind, most urgent first."""
    return sorted(_WORKS.values(), key=lambda work: work.place)
