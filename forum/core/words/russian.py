"""The dictionary forms of a Russian word: заявок → заявка, стали → стать or сталь."""

from __future__ import annotations

import threading
from collections import Counter
from functools import cache
from typing import Any

LIKELY = 0.02
"""The share of its uses from which a known word's reading counts: стали is сталь in one of 40."""
LIKELY_GUESS = 0.1
"""The same for the guesses about a word that no dictionary has."""
MOST = 4


def lemmas(word: str) -> tuple[str, ...]:
    """Every likely dictionary form of a small Cyrillic word without ё, the likeliest first.

    A word that no dictionary has is inflected like those that end as it does, after its stem, where
    forms meet that were guessed differently.
    """
    dictionary = _dictionary()
    uses: Counter[str] = Counter()
    for parse in dictionary.parse(word):
        uses[parse.normal_form.replace("ё", "е")] += parse.score
    if dictionary.word_is_known(word):
        return tuple(_likely(uses, LIKELY))
    stem = str(_stemmer().stemWord(word))
    return tuple(dict.fromkeys((stem, *_likely(uses, LIKELY_GUESS))))


def _likely(uses: Counter[str], share: float) -> list[str]:
    enough = share * uses.total()
    return [form for form, count in uses.most_common(MOST) if count >= enough]


@cache
def _dictionary() -> Any:
    from pymorphy3 import MorphAnalyzer

    return MorphAnalyzer()


_local = threading.local()


def _stemmer() -> Any:
    """One stemmer a thread: it keeps the word it works on in itself."""
    if not hasattr(_local, "stemmer"):
        from snowballstemmer import stemmer

        _local.stemmer = stemmer("russian")
    return _local.stemmer
