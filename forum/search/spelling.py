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
from forum.search.language import MOST_TERMS
from forum.search.ranking import View
from forum.search.snapshot import Snapshot

LONGEST = 24
SHORTEST = 4
_CHUNK = re.compile(r'[^\s"]+')


class Vocabulary:
    """All written words of a snapshot as a table of letters, to measure distances at once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        fit = [t for t in snapshot.terms("exact", "") if SHORTEST <= len(t) <= LONGEST]
        self.words = [t for t in fit if not t.isdigit()]
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
_latest: list[Vocabulary] = []


def _vocabulary(snapshot: Snapshot) -> Vocabulary:
    """The snapshot's vocabulary, made when first asked for."""
    with _lock:
        if not _latest or _latest[0].snapshot is not snapshot:
            _latest[:] = [Vocabulary(snapshot)]
        return _latest[0]


def suggest(view: View, text: str) -> str | None:
    """The query with its unknown words replaced; None when there is nothing better."""
    other = _other_layout(view, text)
    if other is not None:
        return other
    parts, at, changed = [], 0, False
    for number, word in enumerate(words_of(text)):
        better = _better(view, word) if number < MOST_TERMS else None
        if better is not None:
            parts += [text[at : word.start], better]
            at, changed = word.end, True
    return "".join([*parts, text[at:]]) if changed else None


def _other_layout(view: View, text: str) -> str | None:
    """The query on the other keyboard, if it then has words that are known and had none before."""
    if any(view.has(word) for word in _meaningful(text)):
        return None
    turned = _CHUNK.sub(lambda chunk: transliterate_layout(chunk.group()), text)
    words = _meaningful(turned)
    return turned if words and all(view.has(word) for word in words) else None


def _meaningful(text: str) -> list[Word]:
    return [word for word in words_of(text) if word.lemmas][:MOST_TERMS]


def _better(view: View, word: Word) -> str | None:
    plain = normalize(word.surface)
    if not word.lemmas or not SHORTEST <= len(plain) <= LONGEST or view.has(word):
        return None
    near = _vocabulary(view.snapshot).near(plain, 1 if len(plain) < 7 else 2)
    known = [(edits, len(view.postings("exact", other).docs), other) for edits, other in near]
    ranked = sorted(
        (edits, other[:1] != plain[:1], -count, other) for edits, count, other in known if count
    )
    return ranked[0][3] if ranked else None
