"""The words of a segment as tables, to find those that are written or sound alike.

About 41 bytes a word: letters as bytes, a set of them as bits, a checksum of the sound. The words
themselves are read from the segment. The tables of a large segment are in a file beside it, mapped
by all processes, which is written along with the segment and again by whoever misses it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from forum.core.words.transliteration import sound
from forum.search.engine import arrays
from forum.search.engine.arrays import Arrays, Damaged
from forum.search.engine.segment import Field, Segment
from forum.search.engine.sidefile import LOST
from forum.search.engine.snapshot import Snapshot

LONGEST = 24
SHORTEST = 3
FIELD = "exact"
NAME = "vocabulary"
SUFFIX = ".words"
MADE = {"version": 1}
"""Raise it when the tables of a word change: files of another version are made again."""
WAITED_FOR = 20_000
"""Words of a segment for whose tables a search waits; those of larger ones are in a file."""
AT_ONCE = 20_000
"""Words turned into letters in one go, which takes 2 MB meanwhile."""
Bytes = NDArray[np.uint8]
Tables = Mapping[str, NDArray[Any]]


class Vocabulary:
    """All written words of a segment that are worth suggesting."""

    def __init__(self, field: Field, tables: Tables, mapped: Arrays | None = None) -> None:
        self._field, self._mapped = field, mapped
        self._numbers, self._lengths = tables["numbers"], tables["lengths"]
        self._letters = tables["letters"].reshape(LONGEST, -1)
        self._sets, self._by_sound = tables["sets"], tables["by_sound"]
        self._sounds = tables["sounds"]

    @classmethod
    def made(cls, field: Field) -> Vocabulary:
        """That of a field, in the memory of this process."""
        return cls(field, tables_of(field))

    @classmethod
    def mapped(cls, field: Field, path: Path) -> Vocabulary:
        """That in a file, all of which is read once. Raises what sidefile.LOST says, or OSError."""
        kept = Arrays(path)
        if kept.facts != MADE:
            raise Damaged(path.name)
        kept.check()
        return cls(field, {name: kept[name] for name in TABLES}, kept)

    @property
    def is_whole(self) -> bool:
        """Whether its file can still be read to the end."""
        return self._mapped is None or self._mapped.is_whole

    def near(self, word: str, most: int) -> list[tuple[int, str]]:
        """The words within `most` edits, as (edits, word)."""
        wanted = _coded(word)
        length = len(wanted)
        fits = (self._lengths >= length - most) & (self._lengths <= length + most)
        # An edit changes at most two letters of the set, one taken out and one put in.
        own = _letter_sets(wanted[:, None])[0]
        fits &= np.bitwise_count(self._sets ^ own) <= 2 * most
        rows = np.flatnonzero(fits)
        edits = distances(wanted, self._letters[: length + most, rows], self._lengths[rows], most)
        return [(int(edits[i]), self._word(int(rows[i]))) for i in np.flatnonzero(edits <= most)]

    def sounding(self, word: str) -> list[str]:
        """The words that sound alike, in whichever alphabet."""
        wanted = sound(word)
        checksum = np.uint32(crc32(wanted.encode()))
        first = np.searchsorted(self._sounds, checksum)
        last = np.searchsorted(self._sounds, checksum, "right")
        words = [self._word(int(row)) for row in self._by_sound[first:last]]
        return [other for other in words if sound(other) == wanted]

    def _word(self, row: int) -> str:
        return self._field.text(int(self._numbers[row])).decode()


TABLES = ("numbers", "lengths", "letters", "sets", "by_sound", "sounds")


def tables_of(field: Field) -> dict[str, NDArray[Any]]:
    """The tables of a field's words."""
    spans = [_tables(field, range(n, m)) for n, m in _spans(field.beginning(b""))]
    numbers, lengths, rows, sounds = (np.concatenate(table) for table in zip(*spans, strict=True))
    letters = np.ascontiguousarray(rows.T)
    by_sound = np.argsort(sounds, kind="stable").astype(np.uint32)
    sets = _letter_sets(letters)
    found = (numbers, lengths, letters.reshape(-1), sets, by_sound, sounds[by_sound])
    return dict(zip(TABLES, found, strict=True))


def _spans(numbers: range) -> Iterator[tuple[int, int]]:
    starts = range(numbers.start, max(numbers.stop, numbers.start + 1), AT_ONCE)
    return ((start, min(start + AT_ONCE, numbers.stop)) for start in starts)


def _tables(field: Field, numbers: range) -> tuple[NDArray[Any], ...]:
    """Number, length, letters and sound of the words worth suggesting among some terms."""
    terms = ((number, field.text(number).decode()) for number in numbers)
    kept = [(n, word) for n, word in terms if SHORTEST <= len(word) <= LONGEST and _is_word(word)]
    words = [word for _number, word in kept]
    letters = _coded("".join(word.ljust(LONGEST, "\0") for word in words))
    return (
        np.array([number for number, _word in kept], dtype=np.uint32),
        np.array([len(word) for word in words], dtype=np.uint8),
        letters.reshape(-1, LONGEST),
        np.array([crc32(sound(word).encode()) for word in words], dtype=np.uint32),
    )


def _is_word(word: str) -> bool:
    return not word.isdigit() and "@" not in word


def _coded(text: str) -> Bytes:
    """Letters as bytes: ASCII as it is, Cyrillic behind it, all others the same."""
    points = np.frombuffer(text.encode("utf-32-le", "replace"), dtype="<u4")
    coded = np.where(points < 0x80, points, points - 0x380)
    return np.where(coded < 0xFF, coded, 0xFF).astype(np.uint8)


def _letter_sets(letters: Bytes) -> NDArray[np.uint32]:
    """The letters of each word (a column) as bits, of which some share one."""
    sets = np.zeros(letters.shape[1], dtype=np.uint32)
    for row in letters:
        sets |= np.where(row > 0, np.uint32(1) << (row & 31).astype(np.uint32), np.uint32(0))
    return sets


def distances(wanted: Bytes, columns: Bytes, lengths: Bytes, most: int) -> Bytes:
    """Optimal string alignment distance (edits and swaps of neighbours) from a word to each row;
    where it is above `most`, anything above.

    `columns` has the n-th letters of all words in its n-th row. Only what lies within `most` of
    the diagonal is worked out (Ukkonen 1985).
    """
    width, rows = columns.shape
    beyond = np.full((width + 1, rows), most + 1, dtype=np.uint8)
    before, last = beyond, beyond.copy()
    last[: most + 1] = np.arange(min(most, width) + 1, dtype=np.uint8)[:, None]
    for i, letter in enumerate(wanted, 1):
        now = beyond.copy()
        now[0] = min(i, most + 1)
        for j in range(max(i - most, 1), min(i + most, width) + 1):
            differs = columns[j - 1] != letter
            now[j] = np.minimum(np.minimum(last[j], now[j - 1]) + 1, last[j - 1] + differs)
            if i > 1 and j > 1:
                swapped = (columns[j - 2] == letter) & (columns[j - 1] == wanted[i - 2])
                now[j] = np.where(swapped, np.minimum(now[j], before[j - 2] + 1), now[j])
        before, last = last, now
    found: Bytes = last[lengths, np.arange(rows)]
    return found


_lock, _providing = threading.Lock(), threading.Lock()


def provide(segments: Iterable[Segment]) -> None:
    """Write the files of large segments that have none, where there is room for them."""
    for segment in segments:
        path = _lacking(segment)
        if path is not None:
            _write(path, tables_of(segment.fields[FIELD]))


def provide_behind(segments: Iterable[Segment]) -> None:
    """The same in a thread, one at a time: what is to be indexed next does not wait for it."""
    lacking = [segment for segment in segments if _lacking(segment)]
    if lacking and _providing.acquire(blocking=False):
        threading.Thread(target=_provide_behind, args=(lacking,), daemon=True).start()


def _provide_behind(segments: Iterable[Segment]) -> None:
    try:
        provide(segments)
    finally:
        _providing.release()


def _lacking(segment: Segment) -> Path | None:
    """Where the file of a segment is to be that should have one and has none."""
    path = segment.beside(SUFFIX)
    return path if path and _is_large(segment) and not path.exists() else None


def _write(path: Path, tables: Tables) -> None:
    with suppress(OSError):
        arrays.write(path, tables, MADE)


def _is_large(segment: Segment) -> bool:
    return len(segment.fields[FIELD].beginning(b"")) > WAITED_FOR


def vocabularies(snapshot: Snapshot) -> list[Vocabulary]:
    """Those of all segments. Where a large one has no file it takes a second, which nobody waits
    for: it is made behind, and is missing until then."""
    found = (_vocabulary(segment) for segment in snapshot.segments)
    return [vocabulary for vocabulary in found if vocabulary is not None]


def _vocabulary(segment: Segment) -> Vocabulary | None:
    with _lock:
        found: Vocabulary | None = segment.kept.get(NAME)
        if NAME not in segment.kept or (found and not found.is_whole):
            found = segment.kept[NAME] = _kept(segment)
            if found is None:
                threading.Thread(target=_make, args=(segment,), daemon=True).start()
        return found


def _kept(segment: Segment) -> Vocabulary | None:
    """That of a small segment, or of one that has a file."""
    field, path = segment.fields[FIELD], segment.beside(SUFFIX)
    if not _is_large(segment):
        return Vocabulary.made(field)
    with suppress(OSError, *LOST):
        return Vocabulary.mapped(field, path) if path else None
    return None


def _make(segment: Segment) -> None:
    """Make that of a large segment, in a file where there is room for one."""
    field, path = segment.fields[FIELD], segment.beside(SUFFIX)
    tables = tables_of(field)
    if path is not None:
        _write(path, tables)
    segment.kept[NAME] = _kept(segment) or Vocabulary(field, tables)
