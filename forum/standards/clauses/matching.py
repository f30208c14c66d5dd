"""Which clause each heading of a text continues: told by the editor, else by title, else by words.

Pure: knows parts of texts and numbers of clauses, nothing of rows. Of two parts that could be the
same clause the more alike is, and the other was split from it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

ALIKE = 0.5
"""Share of words that two parts have in common from which on they may be the same clause."""
WITHIN = 0.6
"""Share of a part's words that another has from which on it was split from it, or joined to it."""
FEWEST = 4
"""Parts of fewer words are too short to be told by them."""
MOST_PAIRS = 60_000
"""More pairs of parts than this are not looked at: then what has no heading of old is new."""
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Part:
    """A heading and what stands under it.

    `key` is that of its clause where it is known, `guessed` where nobody has confirmed it; `gone`
    if the clause stood in an older version only, `drafted` if in none that was published.
    """

    title: str
    text: str
    key: int = 0
    guessed: bool = False
    gone: bool = False
    drafted: bool = False

    @cached_property
    def name(self) -> str:
        """The heading as far as it matters for telling clauses apart."""
        return " ".join(self.title.casefold().split())

    @cached_property
    def words(self) -> Counter[str]:
        """Its words with how often they stand there, those of the heading among them."""
        return Counter(_WORD.findall(f"{self.title}\n{self.text}".casefold()))

    @cached_property
    def size(self) -> int:
        """How many words it has."""
        return self.words.total()


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of a heading: the key of the clause it continues, None for a new one.

    `kin` are the keys of the clauses that it was split from or took in.
    """

    key: int | None
    guessed: bool = False
    kin: tuple[int, ...] = field(default=())


def carry(
    old: Sequence[Part], new: Sequence[Part], held: Sequence[int | None] = ()
) -> list[Carried]:
    """For each new part, the old clause that it continues.

    `held` is what the editor says: a key for each new part, None where it knows none; not believed
    where it has another length. Each old clause is continued once at most.
    """
    search = _Search(old, new)
    if len(held) == len(new):
        search.believe(held)
    search.pair(lambda part: (part.name, part.text))
    search.pair(_name)
    search.pair_alike()
    search.pair(_name, gone=True)
    return [search.carried(place) for place in range(len(new))]


class _Search:
    """The old parts and the new ones, with what is known so far of which continues which."""

    def __init__(self, old: Sequence[Part], new: Sequence[Part]) -> None:
        self._old, self._new = old, new
        self._into: dict[int, int] = {}
        """Place among the new by place among the old."""
        self._from: dict[int, int] = {}
        self._guessed: set[int] = set()
        self._copied: dict[int, int] = {}

    def believe(self, held: Sequence[int | None]) -> None:
        """Take what the editor says; a clause that stands twice was copied to the second place."""
        places = {part.key: place for place, part in enumerate(self._old)}
        for at, key in enumerate(held):
            place = places.get(key) if key is not None else None
            if place is None:
                continue
            if place in self._into:
                self._copied[at] = place
            else:
                self._join(place, at)

    def pair(self, by: Callable[[Part], Any], *, gone: bool = False) -> None:
        """Pair what is equal and, on both sides, stands once or equally often, in order."""
        olds = _open(self._old, self._into, by, gone=gone)
        news = _open(self._new, {**self._from, **self._copied}, by)
        for name, places in news.items():
            if len(places) == len(olds.get(name, ())):
                for place, at in zip(olds[name], places, strict=True):
                    self._join(place, at)

    def pair_alike(self) -> None:
        """Pair what has most words in common, the most alike first. What came back under its
        heading is sooner what it was than a clause that nobody has read yet."""
        came_back = self._came_back()
        for _unlike, place, at in sorted(self._alike()):
            if self._old[place].drafted and self._new[at].name in came_back:
                continue
            if place not in self._into and at not in self._from:
                self._join(place, at)
                self._guessed.add(at)

    def _came_back(self) -> set[str]:
        """The headings that `pair` will know as those of clauses that were gone."""
        olds = _open(self._old, self._into, _name, gone=True)
        news = _open(self._new, {**self._from, **self._copied}, _name)
        return {name for name, at in news.items() if len(at) == len(olds.get(name, ()))}

    def carried(self, at: int) -> Carried:
        """What is known of a new part in the end."""
        place = self._from.get(at)
        copied = self._copied.get(at)
        kin = self._kin(at) if copied is None else [copied]
        keys = tuple(self._old[other].key for other in kin)
        if place is None:
            return Carried(None, kin=keys)
        return Carried(self._old[place].key, at in self._guessed or self._old[place].guessed, keys)

    def _join(self, place: int, at: int) -> None:
        self._into[place], self._from[at] = at, place

    def _alike(self) -> Iterator[tuple[float, int, int]]:
        """(how unlike, place, place) of the pairs that are alike enough."""
        olds = _telling(self._old, self._into)
        news = _telling(self._new, {**self._from, **self._copied})
        if len(olds) * len(news) > MOST_PAIRS:
            return
        for place in olds:
            for at in news:
                share = _alike(self._old[place], self._new[at])
                if share >= ALIKE:
                    yield -share, place, at

    def _kin(self, at: int) -> list[int]:
        """The old parts that a new one was split from, or that one which goes on took in."""
        if sum(not part.gone for part in self._old) * len(self._new) > MOST_PAIRS:
            return []
        came = self._was_joined if at in self._from else self._was_split
        return [place for place in range(len(self._old)) if came(at, place)]

    def _was_split(self, at: int, place: int) -> bool:
        part, other = self._new[at], self._old[place]
        if place not in self._into or part.size < FEWEST:
            return False
        return _gained(part, other, self._new[self._into[place]]) >= WITHIN

    def _was_joined(self, at: int, place: int) -> bool:
        other, before = self._old[place], self._old[self._from[at]]
        if place in self._into or other.gone or other.size < FEWEST:
            return False
        return _gained(other, self._new[at], before) >= WITHIN


def _name(part: Part) -> str:
    return part.name


def _open(
    parts: Sequence[Part], taken: dict[int, int], by: Callable[[Part], Any], *, gone: bool = False
) -> dict[Any, list[int]]:
    """Places that are still open, by what they are to be paired by."""
    found: dict[Any, list[int]] = {}
    for place, part in enumerate(parts):
        if place not in taken and part.gone == gone:
            found.setdefault(by(part), []).append(place)
    return found


def _telling(parts: Sequence[Part], taken: dict[int, int]) -> list[int]:
    """Places that are still open, of parts with enough words to be told by them."""
    open_ = (at for at, part in enumerate(parts) if at not in taken and not part.gone)
    return [at for at in open_ if parts[at].size >= FEWEST]


def _alike(one: Part, other: Part) -> float:
    """The share of words that two parts have in common: Dice's coefficient over words."""
    total = one.size + other.size
    if 2 * min(one.size, other.size) < ALIKE * total:
        return 0.0
    return 2 * _common(one, other) / total


def _common(one: Part, other: Part) -> int:
    fewer, more = sorted((one.words, other.words), key=len)
    return sum(min(count, more[word]) for word, count in fewer.items() if word in more)


def _gained(words_of: Part, has: Part, has_not: Part) -> float:
    """The share of a part's words that one part has and another has not."""
    return (_common(words_of, has) - _common(words_of, has_not)) / words_of.size
