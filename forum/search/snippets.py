"""The passages of a text that show best why it was found, its words marked.

A text is looked at by what stands between its spaces: no word reaches across one. Most of these
pieces begin as nothing that is wanted does; of the others many are known from other texts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from markupsafe import escape

from forum.core.words import CACHED, beginnings
from forum.search.analysis import Word, words_of
from forum.search.language import Beginning, One, Operand

LENGTH = 240
"""Characters of a passage, roughly; of two passages together."""
READ = 12_000
"""Characters looked at: the rest of a very long text is not worth the time."""
MOST_MARKS = 500
"""Marks looked at: a word that fills a text is shown where it first stands."""
_ONE_WORD = re.compile(r"\W*([А-Яа-яЁё]+|[A-Za-z]+)(?![\u0300-\u036f])\W*")
SENTENCE_ENDS = (". ", "! ", "? ", "… ", "\n")
_LONGEST_PIECE = 64


class Mark(NamedTuple):
    """Where a text has a form of something wanted, and of which of the wanted words."""

    start: int
    end: int
    word: int


class Wanted:
    """Which words to mark: every form of what was asked for."""

    def __init__(self, operands: Iterable[Operand]) -> None:
        self._words: dict[str, int] = {}
        self._beginnings: list[tuple[str, int]] = []
        self._begun: set[str] = set()
        self._count = 0
        self._seen: set[str] = set()
        self._fitting: dict[str, tuple[Mark, ...]] = {}
        for operand in operands:
            self._add(operand)
        self._terms = frozenset(self._words)
        self._firsts = (*self._begun, *(prefix for prefix, _number in self._beginnings))

    def __bool__(self) -> bool:
        """Whether there is anything to mark."""
        return self._count > 0

    def _add(self, operand: Operand) -> None:
        if isinstance(operand, Beginning):
            self._beginnings.append((operand.prefix, self._count))
            self._count += 1
            return
        for word in (operand.word,) if isinstance(operand, One) else operand.words:
            self._begun.update((word.surface[:2],), *map(beginnings, word.terms))
            for term in (word.surface, *word.terms):
                self._words.setdefault(term, self._count)
            self._count += 1

    def marks(self, text: str) -> list[Mark]:
        """Every place of a text to mark, in order."""
        pieces = set(text.split())
        for piece in self._that_fit(filter(self._may_fit, pieces - self._seen)):
            self._fitting[piece] = self._marks_of(piece)
        self._seen |= pieces
        found = [
            Mark(at + mark.start, at + mark.end, mark.word)
            for piece in pieces & self._fitting.keys()
            for at in _places(text, piece)
            for mark in self._fitting[piece]
        ]
        return sorted(found)

    def _may_fit(self, piece: str) -> bool:
        """Whether it is worth a look: most words begin as no form of what is wanted does."""
        word = _ONE_WORD.fullmatch(piece)
        return not word or word[1].lower().replace("ё", "е").startswith(self._firsts)

    def _that_fit(self, pieces: Iterable[str]) -> list[str]:
        """Those of the pieces that have a word to mark."""
        return [piece for piece in pieces if self._fits(_terms_of(piece))]

    def _fits(self, terms: Sequence[str]) -> bool:
        return not self._terms.isdisjoint(terms) or any(
            term.startswith(prefix) for prefix, _number in self._beginnings for term in terms
        )

    def _marks_of(self, piece: str) -> tuple[Mark, ...]:
        return tuple(
            Mark(word.start, word.end, number)
            for word in words_of(piece)
            if (number := self._number(word)) is not None
        )

    def _number(self, word: Word) -> int | None:
        for term in (word.surface, *word.terms):
            if term in self._words:
                return self._words[term]
        begun = (n for prefix, n in self._beginnings if word.surface.startswith(prefix))
        return next(begun, None)


def _terms_of(piece: str) -> tuple[str, ...]:
    """What the words of a piece are found by."""
    return _known_terms(piece) if len(piece) <= _LONGEST_PIECE else _read(piece)


def _read(piece: str) -> tuple[str, ...]:
    return tuple({term for word in words_of(piece) for term in (word.surface, *word.terms)})


_known_terms = lru_cache(CACHED)(_read)


def _places(text: str, piece: str) -> Iterable[int]:
    """Where a piece stands between spaces."""
    at = text.find(piece)
    while at >= 0:
        end = at + len(piece)
        if (not at or text[at - 1].isspace()) and text[end : end + 1].strip() == "":
            yield at
        at = text.find(piece, end)


def marked(title: str, wanted: Wanted) -> str:
    """HTML of a whole title: escaped, with `<mark>` and nothing else."""
    return _html(title, 0, len(title), wanted.marks(title))


def snippet(text: str, wanted: Wanted) -> str:
    """HTML of the best passage, or of two where the words are apart: escaped, with `<mark>` and
    nothing else.
    """
    text = text[:READ]
    marks = [mark for mark in wanted.marks(text) if mark.end - mark.start < LENGTH // 2]
    shown = _passages(text, marks[:MOST_MARKS])
    parts = [_html(text, first, last, marks) for first, last in shown]
    ahead = "… " if shown[0][0] else ""
    behind = " …" if shown[-1][1] < len(text) else ""
    return f"{ahead}{' … '.join(parts)}{behind}".strip()


def _html(text: str, first: int, last: int, marks: Sequence[Mark]) -> str:
    parts, at = [], first
    for start, end, _word in marks:
        if at <= start and end <= last:
            parts += [_plain(text[at:start]), f"<mark>{_plain(text[start:end])}</mark>"]
            at = end
    return "".join([*parts, _plain(text[at:last])])


def _plain(text: str) -> str:
    return str(escape(text)).replace("\n", " ")


def _passages(text: str, marks: Sequence[Mark]) -> list[tuple[int, int]]:
    """One stretch with all the words, else two with most of them, in the order of the text."""
    if not marks:
        return [_stretch(text, 0, 0, LENGTH)]
    best = _best(marks, LENGTH)
    missing = {mark.word for mark in marks} - {mark.word for mark in best}
    if not missing:
        return [_stretch(text, best[0].start, best[-1].end, LENGTH)]
    half = LENGTH // 2
    best = _best(marks, half)
    covered = {mark.word for mark in best}
    others = _best([mark for mark in marks if mark.word not in covered], half)
    spans = sorted((each[0].start, each[-1].end) for each in (best, others))
    first, second = (_stretch(text, *span, half) for span in spans)
    return [first, second] if first[1] < second[0] else [(first[0], second[1])]


def _best(marks: Sequence[Mark], width: int) -> Sequence[Mark]:
    """The marks within so many characters that have the most different words, then the most that
    stand in the order asked for, then the most; the earliest such.
    """
    inside: Counter[int] = Counter()
    last, in_order = 0, 0
    best, chosen = (0, 0, 0), marks[:1]
    for first, mark in enumerate(marks):
        while last < len(marks) and marks[last].end <= mark.start + width:
            inside[marks[last].word] += 1
            in_order += last > first and _follows(marks[last - 1], marks[last])
            last += 1
        worth = (len(inside), in_order, min(last - first, 9))
        if worth > best:
            best, chosen = worth, marks[first:last]
        inside[mark.word] -= 1
        inside += Counter()
        in_order -= first + 1 < last and _follows(mark, marks[first + 1])
    return chosen


def _follows(one: Mark, other: Mark) -> bool:
    return other.word == one.word + 1 and other.start - one.end <= 2


def _stretch(text: str, first: int, last: int, width: int) -> tuple[int, int]:
    """From `first` to `last`, widened to about the width; begins and ends between words, and with
    a sentence where one begins in reach.
    """
    spare = max(width - (last - first), 0)
    begin = 0 if first <= spare // 3 else _beginning(text, first - spare // 2, first)
    end = min(max(begin + width, last), len(text))
    if end < len(text):
        space = max(text.rfind(" ", last, end), text.rfind("\n", last, end))
        end = space if space > 0 else end
    return begin, end


def _beginning(text: str, earliest: int, latest: int) -> int:
    for ends in (SENTENCE_ENDS, (" ", "\n")):
        found = [at + len(e) for e in ends if (at := text.find(e, earliest, latest)) >= 0]
        if found:
            return min(found)
    return earliest
