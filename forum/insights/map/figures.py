"""The place for how satisfied customers are: surveys fill it, and without them it stays empty."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
_LOADERS: dict[str, Load] = {}


def fill(module: str, load: Load) -> None:
    """Let a module say how satisfied customers are; the same module again replaces it."""
    _LOADERS[module] = load


def figures_of(reader: Any, cells: Mapping[Key, Sequence[Pair]]) -> dict[Key, Figure]:
    """The figures of some cells, of modules that are on. The loaders' queries."""
    found: dict[Key, Figure] = {}
    for module, load in _LOADERS.items():
        if is_on(module):
            found.update(load(reader, cells))
    return found
