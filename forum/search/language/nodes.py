"""What a query consists of, once it is understood."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from forum.search.analysis import Word

_BARE = re.compile(r'[^\s"(),|]+')


@dataclass(frozen=True, slots=True)
class One:
    """A word in any of its forms; a quoted one stands for nothing else."""

    word: Word
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Words one after another, in any form."""

    words: tuple[Word, ...]

    @property
    def row(self) -> tuple[tuple[str, ...], ...]:
        """What has to stand in a row: the likely lemmas at each place."""
        return tuple(place for word in self.words for place in word.forms.row)


@dataclass(frozen=True, slots=True)
class Beginning:
    """Every word that begins so, as it was written."""

    prefix: str


Operand = One | Row | Beginning


@dataclass(frozen=True, slots=True)
class Titled:
    """Something that the title has."""

    operand: Operand


@dataclass(frozen=True, slots=True)
class Filter:
    """An operator with its values, any of which is meant; `start` and `end` are its place.

    A filter that was given twice has the places of both in `places`.
    """

    name: str
    values: tuple[str, ...]
    negated: bool = False
    places: tuple[tuple[int, int], ...] = field(default=(), compare=False)
    word: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """Whatever does not fit a part."""

    part: Node


@dataclass(frozen=True, slots=True)
class All:
    """Every part."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Any of the parts."""

    parts: tuple[Node, ...]


Node = Operand | Titled | Filter | Not | All | Either


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked for: every one of `parts`.

    `unknown` are words before a colon that are no operators; `cut` says that not all was read.
    """

    text: str
    parts: tuple[Node, ...] = ()
    unknown: tuple[str, ...] = ()
    cut: bool = False

    @property
    def groups(self) -> list[list[Operand]]:
        """The words of the top level: one of every group is wanted."""
        return [group for part in self.parts if (group := group_of(part))]

    @property
    def without(self) -> list[Operand]:
        """The words of the top level that are not wanted."""
        parts = [part.part for part in self.parts if isinstance(part, Not)]
        return [part for part in parts if isinstance(part, Operand)]

    @property
    def operands(self) -> list[Operand]:
        """Every word that is wanted anywhere, in order."""
        return [operand for part in self.parts for operand in operands_of(part)]

    @property
    def filters(self) -> list[Filter]:
        """The filters of the top level, those of one name that are wanted as one."""
        found: dict[tuple[object, ...], Filter] = {}
        for part in self.parts:
            if isinstance(part, Filter):
                alone = part.negated or part.name in COMPARED
                key = (part.name, part.values) if alone else (part.name,)
                known = found.get((part.negated, *key))
                found[part.negated, *key] = joined(known, part) if known else part
        return list(found.values())

    def less(self, dropped: Filter, value: str | None = None) -> str:
        """The text without a filter, or without one of its values."""
        kept = tuple(one for one in dropped.values if value is not None and one != value)
        first, *others = self._around(dropped.places)
        if kept:
            minus = "-" if self.text[dropped.places[0][0]] == "-" else ""
            first = f"{first.rstrip()} {minus}{dropped.word}:{','.join(map(quoted, kept))}"
        return _spaced((first, *others))

    @property
    def bare(self) -> str:
        """The text without its filters."""
        return _spaced(self.stretches[::2])

    @property
    def stretches(self) -> list[str]:
        """The text in order: words and filters in turn, beginning and ending with words."""
        return self._cut(sorted(place for typed in self.filters for place in typed.places))

    def _around(self, places: Iterable[tuple[int, int]]) -> list[str]:
        return self._cut(places)[::2]

    def _cut(self, places: Iterable[tuple[int, int]]) -> list[str]:
        edges = [0, *(edge for place in places for edge in place), len(self.text)]
        return [self.text[start:end] for start, end in pairwise(edges)]


def _spaced(parts: Iterable[str]) -> str:
    return " ".join(part.strip() for part in parts if part.strip())


COMPARED = frozenset(("votes", "comments", "after", "before", "updated", "stuck"))
"""Filters that narrow further when they are given twice; of the others either is meant."""


def quoted(value: str) -> str:
    """A value as it is written behind a colon."""
    return value if _BARE.fullmatch(value) else f'"{value}"'


def joined(one: Filter, other: Filter) -> Filter:
    """Two filters of one name as one that takes the values of either."""
    values = tuple(dict.fromkeys((*one.values, *other.values)))
    return Filter(one.name, values, one.negated, (*one.places, *other.places), one.word)


def group_of(part: Node) -> list[Operand]:
    """The words of a part any of which is wanted; none for what is more than that."""
    if isinstance(part, Operand):
        return [part]
    if isinstance(part, Either):
        found = [one for one in part.parts if isinstance(one, Operand)]
        return found if len(found) == len(part.parts) else []
    return []


def operands_of(node: Node) -> Iterator[Operand]:
    """The words that are wanted somewhere in a part, in order."""
    if isinstance(node, Operand):
        yield node
    elif isinstance(node, Titled):
        yield node.operand
    elif isinstance(node, All | Either):
        for part in node.parts:
            yield from operands_of(part)


def without_stop_words(query: Query) -> list[list[Operand]]:
    """The groups that matter; if nothing but stop words was asked for, those."""
    return telling(query.groups)


def telling(groups: Sequence[list[Operand]]) -> list[list[Operand]]:
    """The same without stop words; if there is nothing else, those."""
    kept = [[o for o in group if not isinstance(o, One) or o.word.lemmas] for group in groups]
    return [group for group in kept if group] or list(groups)
