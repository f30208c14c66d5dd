"""What a query means besides what was typed: other words for the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from forum.search.engine.search import Search
from forum.search.glossary.known import Key, Known, Side, key_of
from forum.search.language import One, Operand, Row

OTHER = 0.7
"""What another word for the same is worth, as a part of what was typed."""
MOST = 40
"""Other words that one search looks for."""


@dataclass(frozen=True, slots=True)
class Other:
    """Another side of an entry, and what it is worth beside the word that was typed."""

    operand: One | Row
    weight: float


@dataclass(frozen=True, slots=True)
class Meant:
    """A word that was typed, or any other side of the entry that it is, alone or in a row."""

    typed: One
    others: tuple[Other, ...]


@dataclass(slots=True)
class Widened:
    """The groups of a query with all that they mean, and the sides that nobody typed."""

    groups: list[list[Operand | Meant]] = field(default_factory=list)
    sides: list[Side] = field(default_factory=list)

    @property
    def others(self) -> list[One | Row]:
        """What is looked for besides what was typed."""
        return [side.operand for side in self.sides]

    def note(self, sides: Sequence[Side]) -> list[Side]:
        """Those of the sides that there is room for."""
        new = [side for side in sides if side not in self.sides]
        self.sides += new[: MOST - len(self.sides)]
        return [side for side in sides if side in self.sides]


def widen(search: Search, groups: Sequence[Sequence[Operand]], known: Known) -> Widened:
    """Let other words for the same count too, the longest row of typed words first.

    Each word of a row is satisfied by itself or by all of another side, so a query has as many
    words to find as before, and is relaxed as before.
    """
    widened, at = Widened(), 0
    while at < len(groups):
        row, sides = _longest(groups[at:], known)
        if row:
            sides = widened.note(sides)
            widened.groups += [[_meant(search, typed, sides)] for typed in row]
        else:
            widened.groups.append([_each(search, one, known, widened) for one in groups[at]])
        at += max(len(row), 1)
    return widened


def _each(search: Search, operand: Operand, known: Known, widened: Widened) -> Operand | Meant:
    """One of several operands any of which is wanted, with all that it means by itself."""
    row, sides = _longest([[operand]], known)
    return _meant(search, row[0], widened.note(sides)) if row else operand


def _longest(groups: Sequence[Sequence[Operand]], known: Known) -> tuple[list[One], Sequence[Side]]:
    """The longest row of words at the beginning that is a side, and the other sides."""
    typed: list[One] = []
    best: tuple[list[One], Sequence[Side]] = [], ()
    key: Key = ()
    for one in _bare(groups):
        typed, key = [*typed, one], key + key_of(one.word)
        if len(key) > known.longest:
            break
        if sides := known.others(key):
            best = (typed, sides)
    return best


def _bare(groups: Sequence[Sequence[Operand]]) -> Iterator[One]:
    """The words at the beginning that are neither quoted nor one of several."""
    for group in groups:
        if len(group) != 1 or not isinstance(group[0], One) or group[0].quoted:
            return
        yield group[0]


def _meant(search: Search, typed: One, sides: Sequence[Side]) -> Meant:
    """A rare word for a common one must not drown it: none is worth more than what was typed."""
    own = _worth(search, key_of(typed.word))
    weights = (OTHER * min(1.0, own / _worth(search, side.key)) for side in sides)
    return Meant(typed, tuple(map(Other, (side.operand for side in sides), weights)))


def _worth(search: Search, key: Key) -> float:
    return sum(search.view.idf(search.frequency("text", lemma)) for lemma in key)
