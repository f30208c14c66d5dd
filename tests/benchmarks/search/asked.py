"""Queries of every kind, from words that stand together in documents."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

TOP = 20
FILTERED = "review"
KINDS = ("common", "filter", "sort", "and", "or", "similar", "phrase", "prefix")
SEED = 5


class Asked(NamedTuple):
    """One query: its kind, its terms."""

    kind: str
    terms: tuple[str, ...]


def queries(sample: Sequence[str], share: Callable[[str], float], count: int) -> Iterator[Asked]:
    """So many queries of each kind; `share` is that of the documents which have a term."""
    chance = random.Random(SEED)  # noqa: S311
    missing = dict.fromkeys(KINDS, count)
    while any(missing.values()):
        words = [word for word in chance.choice(sample).split() if "_" not in word]
        at = chance.randrange(max(len(words) - 1, 1))
        for kind, terms in _drawn(words, at, share).items() if len(words) > 11 else ():
            if terms and missing[kind]:
                missing[kind] -= 1
                yield Asked(kind, terms)


def _drawn(words: list[str], at: int, share: Callable[[str], float]) -> dict[str, tuple[str, ...]]:
    """Terms of a query of each kind; none where the words do not fit it."""
    different = list(dict.fromkeys(words))
    usual = [word for word in different if 0.005 <= share(word) <= 0.3]
    frequent = [word for word in usual if share(word) >= 0.05]
    return {
        "common": tuple(frequent[:1]),
        "filter": tuple(frequent[1:2]),
        "sort": tuple(frequent[2:3]),
        "and": tuple(usual[:3]) if len(usual) > 2 else (),
        "or": tuple(usual[-3:]) if len(usual) > 2 else (),
        "similar": tuple(sorted(different, key=share)[:8]),
        "phrase": tuple(words[at : at + 2]),
        "prefix": (words[at][:3],) if len(words[at]) > 4 else (),
    }
