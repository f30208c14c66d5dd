"""Did you mean: words of the index near those that nothing has, or the other keyboard layout.

Only words in documents that the reader sees are offered, so a suggestion gives nothing away.
"""

from __future__ import annotations

import re
import threading

import numpy as np
from numpy.typing import NDArray

from forum.core.words import normalize, transliterate_layout
from forum.search.analysis import Word, words_of
from forum.search.engine.queries import Term
from forum.search.engine.search import Search
from forum.search.engine.segment import Field, Segment
from forum.search.engine.snapshot import Snapshot
from forum.search.language import MOST_TERMS
from forum.search.ranking import has

LONGEST = 24
SHORTEST = 4
_CHUNK = re.compile(r'[^\s"]+')


class Vocabulary:
    """All written words of a segment as a table of letters, to measure distances at once."""

    def __init__(self, field: Field) -> None:
        terms = (field.text(number).decode() for number in field.beginning(b""))
        fit = [term for term in terms if SHORTEST <= len(term) <= LONGEST]
        self.words = [term for term in fit if not term.isdigit()]
        self.lengths = np.array([len(word) for word in self.words], dtype=np.int64)
        self.letters = np.zeros((len(self.words), LONGEST), dtype=np.uint32)
        for row, word in enumerate(self.words):
            self.letters[row, : len(word)] = np.frombuffer(word.encode("utf-32-le"), dtype="<u4")

    def near(self, word: str, most: int) -> list[tuple[int, str]]:
        """The words within `most` edits, as (edits, word)."""
        rows = np.flatnonzero(np.abs(self.lengths - len(word)) <= most)
        edits = distances(word, self.letters[rows], self.lengths[rows])
        close = np.flatnonzero(edits <= most)
        return [(int(edits[i]), self.words[int(rows[i])]) for i in close]


def distances(
    word: str, letters: NDArray[np.uint32], lengths: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Optimal string alignment distance (edits and swaps of neighbours) from a word to each row."""
    rows, width = letters.shape
    wanted = np.frombuffer(word.encode("utf-32-le"), dtype="<u4")
    before = np.zeros((width + 1, rows), dtype=np.int64)
    last = np.repeat(np.arange(width + 1)[:, None], rows, axis=1)
    columns = np.ascontiguousarray(letters.T)
    for i, letter in enumerate(wanted, 1):
        now = np.empty_like(last)
        now[0] = i
        for j in range(1, width + 1):
            differs = columns[j - 1] != letter
            now[j] = np.minimum(np.minimum(last[j], now[j - 1]) + 1, last[j - 1] + differs)
            if i > 1 and j > 1:
                swapped = (columns[j - 2] == letter) & (columns[j - 1] == wanted[i - 2])
                now[j] = np.where(swapped, np.minimum(now[j], before[j - 2] + 1), now[j])
        before, last = last, now
    found: NDArray[np.int64] = last[lengths, np.arange(rows)]
    return found


_lock = threading.Lock()


def _near(snapshot: Snapshot, word: str, most: int) -> dict[str, int]:
    """The words within `most` edits, with their edits."""
    found: dict[str, int] = {}
    for segment in snapshot.segments:
        found |= {other: edits for edits, other in _vocabulary(segment).near(word, most)}
    return found


def _vocabulary(segment: Segment) -> Vocabulary:
    """A segment's vocabulary, made when first asked for."""
    with _lock:
        if "vocabulary" not in segment.kept:
            segment.kept["vocabulary"] = Vocabulary(segment.fields["exact"])
        found: Vocabulary = segment.kept["vocabulary"]
        return found


def suggest(search: Search, text: str) -> str | None:
    """The query with its unknown words replaced; None when there is nothing better."""
    other = _other_layout(search, text)
    if other is not None:
        return other
    parts, at, changed = [], 0, False
    for number, word in enumerate(words_of(text)):
        better = _better(search, word) if number < MOST_TERMS else None
        if better is not None:
            parts += [text[at : word.start], better]
            at, changed = word.end, True
    return "".join([*parts, text[at:]]) if changed else None


def _other_layout(search: Search, text: str) -> str | None:
    """The query on the other keyboard, if it then has words that are known and had none before."""
    if any(has(search, word) for word in _meaningful(text)):
        return None
    turned = _CHUNK.sub(lambda chunk: transliterate_layout(chunk.group()), text)
    words = _meaningful(turned)
    return turned if words and all(has(search, word) for word in words) else None


def _meaningful(text: str) -> list[Word]:
    return [word for word in words_of(text) if word.lemmas][:MOST_TERMS]


def _better(search: Search, word: Word) -> str | None:
    plain = normalize(word.surface)
    if not word.lemmas or not SHORTEST <= len(plain) <= LONGEST or has(search, word):
        return None
    near = _near(search.snapshot, plain, 1 if len(plain) < 7 else 2)
    known = [
        (edits, len(search.find(Term("exact", other)).docs), other) for other, edits in near.items()
    ]
    ranked = sorted(
        (edits, other[:1] != plain[:1], -count, other) for edits, count, other in known if count
    )
    return ranked[0][3] if ranked else None
