"""What can be asked of an index: a small tree of these."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Protocol

from forum.search.engine.snapshot import Bools, Docs, Snapshot


@dataclass(frozen=True, slots=True)
class Term:
    """Documents with a term in a field, scored by BM25 times `boost`."""

    field: str
    text: str
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Prefix:
    """Documents with any of the terms that begin so; scores add up.

    Of the terms that documents in view have, the first `most` in the order of their bytes.
    """

    field: str
    text: str
    boost: float = 1.0
    most: int = 20_000


@dataclass(frozen=True, slots=True)
class Phrase:
    """Documents where the terms stand in a row; the scores of all of them add up."""

    field: str
    texts: tuple[str, ...]
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class All:
    """Documents that fit every part; scores add up."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """Documents that fit at least `least` of the parts; scores of those that fit add up."""

    parts: tuple[Query, ...]
    least: int = 1


@dataclass(frozen=True, slots=True)
class Best:
    """Documents that fit any of the parts, with the score of the part that fits best."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """Documents that fit `wanted` and not `unwanted`."""

    wanted: Query
    unwanted: Query


@dataclass(frozen=True, slots=True)
class Preferring:
    """Documents that fit `wanted`; those that fit `liked` too have its score added."""

    wanted: Query
    liked: Query


@dataclass(frozen=True, slots=True)
class Every:
    """Every document, with the same score."""

    score: float = 1.0


class Test(Hashable, Protocol):
    """What documents may be tried by, beside their words; equal tests give equal answers."""

    def __call__(self, snapshot: Snapshot, docs: Docs) -> Bools:
        """Which of some documents, ascending, it lets through."""


@dataclass(frozen=True, slots=True)
class Fitting:
    """Documents that a test lets through, without a score."""

    test: Test


Query = Term | Prefix | Phrase | All | Any | Best | Without | Preferring | Every | Fitting
