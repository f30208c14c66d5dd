"""The place for how satisfied customers are: surveys fill it, and without them it stays empty."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from forum.core.modules import is_on

Pair = tuple[int, int]
"""A provider's and a customer's department."""
Key = tuple[int, int]
"""A row and a column of the matrix."""


MARKS = {"low": "○", "middle": "◐", "good": "●"}
"""The mark of each band, since its colour never says it alone."""


class Figure(NamedTuple):
    """How satisfied customers are: a short sign, the same in words, and the band it lies in. Where
    too few said it there are words alone. `on` is the last day of a survey that is not the newest
    regular one."""

    sign: str
    words: str
    band: str
    on: date | None = None

    @property
    def mark(self) -> str:
        """The band as a mark."""
        return MARKS[self.band]


Load = Callable[[Any, Mapping[Key, Sequence[Pair]]], Mapping[Key, Figure]]
"""For the reader and the cells, each with the pairs of departments in it: those that have one."""
Mark = Callable[[Any], Hashable]
"""For the reader: what is another whenever one of the figures is."""
OfServices = Callable[[Any, Sequence[int]], Mapping[int, Figure]]
"""For the reader and some services: those that have a figure of their own."""


class Source(NamedTuple):
    """Figures of cells, by what these are known again, and figures of services."""

    cells: Load
    mark: Mark
    services: OfServices


_SOURCES: dict[str, Source] = {}


def fill(module: str, source: Source) -> None:
    """Let a module say how satisfied customers are; the same module again replaces it."""
    _SOURCES[module] = source


def mark_of(reader: Any) -> Hashable:
    """What the figures of modules that are on follow from. The modules' queries."""
    return tuple((name, each.mark(reader)) for name, each in _SOURCES.items() if is_on(name))


def figures_of(reader: Any, cells: Mapping[Key, Sequence[Pair]]) -> dict[Key, Figure]:
    """The figures of some cells, of modules that are on. The loaders' queries."""
    found: dict[Key, Figure] = {}
    for module, source in _SOURCES.items():
        if is_on(module):
            found.update(source.cells(reader, cells))
    return found


def figures_of_services(reader: Any, services: Sequence[int]) -> dict[int, Figure]:
    """The figures of some services, of modules that are on. The modules' queries."""
    found: dict[int, Figure] = {}
    for module, source in _SOURCES.items():
        if services and is_on(module):
            found.update(source.services(reader, services))
    return found
