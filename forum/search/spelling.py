"""Did you mean: what a query may have been meant to say, with the words of the index.

A word that nothing has may have been typed on the other keyboard or in the other alphabet, joined
with its neighbour or parted, or mistyped: in this order. Only words in documents that the reader
sees are offered, and only a query that finds more, so a suggestion gives nothing away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from forum.core.words import transliterate_layout
from forum.search import language, ranking
from forum.search.analysis import Word, words_of
from forum.search.engine.queries import Term
from forum.search.engine.search import Search
from forum.search.language import MOST_TERMS
from forum.search.ranking import Matches, has
from forum.search.vocabulary import LONGEST, SHORTEST, Vocabulary, vocabularies

LONG = 7
"""From so many letters on, a word may have two mistakes in it."""
SHORTEST_FORM = 5
"""Shorter words of the other keyboard have to be written somewhere as they are."""
SECOND_MISTAKE = 0.02
OTHER_FIRST_LETTER = 0.5
"""What words are worth that have a second mistake or begin otherwise, beside those in as many
documents that do not."""
MANY_TIMES = 10
"""A word of one document is taken for a mistake where one near it is in so many times more."""
MOST_UNKNOWN = 12
"""Words of a query that are looked after; who mistypes more is not served by a suggestion."""
_CHUNK = re.compile(r'[^\s"]+')


def suggest(search: Search, text: str) -> str | None:
    """A query that finds more than this one; None when there is none."""
    turned = _other_layout(search, text)
    better = _Speller(search, vocabularies(search.snapshot)).corrected(turned)
    return better if better != text and _finds_more(search, better, text) else None


def _finds_more(search: Search, better: str, text: str) -> bool:
    found, before = _found(search, better), _found(search, text)
    return (found.with_all, len(found.docs)) > (before.with_all, len(before.docs))


def _found(search: Search, text: str) -> Matches:
    query = language.parse(text)
    beside = ranking.less(query.without)
    return ranking.match(search, language.without_stop_words(query), beside)


def _other_layout(search: Search, text: str) -> str:
    """The query with what is only known on the other keyboard typed there."""
    chunks = [found.group() for found in _CHUNK.finditer(text)][:MOST_TERMS]
    turned = {chunk: transliterate_layout(chunk) for chunk in chunks if not _any(search, chunk)}
    known = {chunk for chunk, other in turned.items() if _all(search, other)}
    if not known:
        return text
    # Words too common to be searched for turn along with the others: «ghbrfp b ljujdjh».
    common = {chunk for chunk, other in turned.items() if _is_common(other)}
    wanted = known | common
    return _CHUNK.sub(lambda c: turned[c.group()] if c.group() in wanted else c.group(), text)


def _any(search: Search, text: str) -> bool:
    return any(has(search, word) for word in words_of(text) if word.lemmas)


def _all(search: Search, text: str) -> bool:
    words = [word for word in words_of(text) if word.lemmas]
    return bool(words) and all(_is_surely_known(search, word) for word in words)


def _is_surely_known(search: Search, word: Word) -> bool:
    """Whether it is written somewhere; where it is not, a short one meets others by its stem."""
    if len(word.surface) < SHORTEST_FORM:
        return len(search.find(Term("exact", word.surface)).docs) > 0
    return has(search, word)


def _is_common(text: str) -> bool:
    words = list(words_of(text))
    return bool(words) and not any(word.lemmas for word in words)


def _best(worth: Mapping[str, float]) -> str | None:
    known = [other for other, count in worth.items() if count > 0]
    return min(known, key=lambda other: (-worth[other], other), default=None)


def _first(typed: str, other: str) -> float:
    return 1.0 if typed[:1] == other[:1] else OTHER_FIRST_LETTER


@dataclass(frozen=True, slots=True)
class _Speller:
    """Puts the words of a query right, one after another."""

    search: Search
    vocabularies: list[Vocabulary]

    def corrected(self, text: str) -> str:
        """The text with its unknown words replaced."""
        words = list(words_of(text))[:MOST_TERMS]
        parts, at, looked_after, number = [], 0, 0, 0
        while number < len(words) and looked_after < MOST_UNKNOWN:
            word, better, taken = words[number], None, 1
            if self._is_doubtful(word):
                looked_after += 1
                better, taken = self._better(word, words[number + 1 : number + 2])
            elif number + 1 < len(words) and self._is_doubtful(words[number + 1]):
                better = self._joined(word, words[number + 1])
                taken = 2 if better else 1
            if better:
                parts += [text[at : word.start], better]
                at = words[number + taken - 1].end
            number += taken
        return "".join([*parts, text[at:]])

    def _is_doubtful(self, word: Word) -> bool:
        return (
            bool(word.lemmas)
            and SHORTEST <= len(word.surface) <= LONGEST
            and (self._count(word.surface) < 2 and not self._is_common(word))
        )

    def _is_common(self, word: Word) -> bool:
        """Whether several documents have some form of it."""
        counts = (len(self.search.find(Term("text", lemma)).docs) for lemma in word.lemmas)
        return max(counts, default=0) > 1

    def _better(self, word: Word, following: list[Word]) -> tuple[str | None, int]:
        """What stands for a word, and how many words it stands for."""
        if has(self.search, word):
            return _best(self._mistyped(word, MANY_TIMES)), 1
        joined = self._joined(word, following[0]) if following else None
        if joined:
            return joined, 2
        return next(filter(None, self._ways(word)), None), 1

    def _ways(self, word: Word) -> Iterator[str | None]:
        yield _best(self._sounding(word) | self._mistyped(word))
        yield self._parted(word)

    def _count(self, other: str) -> int:
        return len(self.search.find(Term("exact", other)).docs)

    def _sounding(self, word: Word) -> dict[str, float]:
        latin = word.surface.isascii()
        alike = {w for v in self.vocabularies for w in v.sounding(word.surface)}
        return {other: self._count(other) for other in alike if other.isascii() != latin}

    def _mistyped(self, word: Word, least: int = 1) -> dict[str, float]:
        typed = word.surface
        most = 1 if least > 1 or len(typed) < LONG - 2 else 2
        near = {w: edits for v in self.vocabularies for edits, w in v.near(typed, most)}
        near.pop(typed, None)
        counts = {
            other: self._count(other)
            for other, edits in near.items()
            if edits == 1 or max(len(typed), len(other)) >= LONG
        }
        return {
            other: count * SECOND_MISTAKE ** (near[other] - 1) * _first(typed, other)
            for other, count in counts.items()
            if count >= least
        }

    def _joined(self, word: Word, following: Word) -> str | None:
        both = word.surface + following.surface
        return both if self._count(both) else None

    def _parted(self, word: Word) -> str | None:
        whole = word.surface
        pairs = [(whole[:n], whole[n:]) for n in range(SHORTEST, len(whole) - SHORTEST + 1)]
        return _best({" ".join(pair): min(map(self._count, pair)) for pair in pairs})
