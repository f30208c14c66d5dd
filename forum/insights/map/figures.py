"""The place for how satisfied customers are: surveys fill it, and without them it stays empty."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, NamedTuple

from forum.core.modules import is_on

Pair = tuple[int, int]
"""A provider's and a customer's department."""
Key = tuple[int, int]
"""A row and a column of the matrix."""


class Figure(NamedTuple):
    """What a cell says of satisfaction: a short sign, the same in words, and a level from 1 to 5
    for the colour, which never says it alone."""

    sign: str
    words: str
    level: int


Load = Callable[[Any, Mapping[Key, Sequence[Pair]]], Mapping[Key, Figure]]
"""For the reader and the cells, each with the pairs of departments in it: those that have one."""
Mark = Callable[[Any], Hashable]
"""For the reader: what is another whenever one of the figures is."""
_LOADERS: dict[str, tuple[Load, Mark]] = {}


def fill(module: str, load: Load, mark: Mark) -> None:
    """Let a module say how satisfied customers are; the same module again replaces it."""
    _LOADERS[module] = load, mark


def mark_of(reader: Any) -> Hashable:
    """What the figures of modules that are on follow from. The modules' queries."""
    return tuple((name, mark(reader)) for name, (_load, mark) in _LOADERS.items() if is_on(name))


def figures_of(reader: Any, cells: Mapping[Key, Sequence[Pair]]) -> dict[Key, Figure]:
    """The figures of some cells, of modules that are on. The loaders' queries."""
    found: dict[Key, Figure] = {}
    for module, (load, _mark) in _LOADERS.items():
        if is_on(module):
            found.update(load(reader, cells))
    return found
