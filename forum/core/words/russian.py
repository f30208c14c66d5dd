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
    for _form, _tag, lemma, share, _how in dictionary.parse(word):
        uses[lemma.replace("ё", "е")] += share
    if dictionary.word_is_known(word):
        return tuple(_likely(uses, LIKELY))
    stem = str(_stemmer().stemWord(word))
    return tuple(dict.fromkeys((stem, *_likely(uses, LIKELY_GUESS))))


def beginnings(lemma: str) -> frozenset[str]:
    """How the words begin that may be forms of a lemma: год has лет, идти has шли.

    Comparatives may have something in front, also of words that no dictionary has.
    """
    begun = (
        form[0][:2]
        for parse in _dictionary().parse(lemma)
        if parse[2].replace("ё", "е") == lemma
        for form in parse[4][-1][0].get_lexeme(parse)  # as the one who read it would inflect it
    )
    return frozenset({lemma[:2], "по", "наи", *(first.replace("ё", "е") for first in begun)})


def _likely(uses: Counter[str], share: float) -> list[str]:
    enough = share * uses.total()
    return [form for form, count in uses.most_common(MOST) if count >= enough]


@cache
def _dictionary() -> Any:
    from pymorphy3 import MorphAnalyzer
    from pymorphy3.analyzer import ProbabilityEstimator

    class WhereItMatters(ProbabilityEstimator):  # type: ignore[misc]
        """Nobody needs to know how likely the readings of one and the same lemma are."""

        def apply_to_parses(self, word: str, word_lower: str, parses: list[Any]) -> list[Any]:
            """The readings with their shares, the likeliest first."""
            if len({parse[2] for parse in parses}) == 1:
                # Guesses about a longer word with this one in it want the shares to make a whole.
                whole = sum(parse[3] for parse in parses)
                return [(*parse[:3], parse[3] / whole, *parse[4:]) for parse in parses]
            found: list[Any] = super().apply_to_parses(word, word_lower, parses)
            return found

    return MorphAnalyzer(result_type=None, probability_estimator_cls=WhereItMatters)


_local = threading.local()


def _stemmer() -> Any:
    """One stemmer a thread: it keeps the word it works on in itself."""
    if not hasattr(_local, "stemmer"):
        from snowballstemmer import stemmer

        _local.stemmer = stemmer("russian")
    return _local.stemmer
