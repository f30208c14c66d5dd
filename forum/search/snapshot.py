"""The index at one moment, as arrays: which documents there are and what their words are.

This is the seam for faster storage: ranking asks for nothing but what `Snapshot` offers. It reads
Whoosh's own files through Whoosh's own readers (2.7.4, pinned), remembers postings of segments,
which never change, and takes deletions from the newest commit.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh.index import TOC
from whoosh.reading import SegmentReader

from forum.search import shelf
from forum.search.documents import KINDS

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FIELD_LENGTHS = {"title": 0, "tags": 1, "body": 2}
KEPT_POSTINGS = 1_000_000
NO_DOCS: Ints = np.zeros(0, dtype=np.int64)
NO_COUNTS: Floats = np.zeros(0, dtype=np.float64)


class DamagedIndex(Exception):
    """The files of the index cannot be read; it has to be made anew."""


@contextmanager
def _reading(lock: threading.Lock) -> Iterator[None]:
    """One reader at a time, since Whoosh's files have one place each; damage gets one name."""
    with lock:
        try:
            yield
        # Whoosh reports damage in whatever way the damaged bytes lead it.
        except Exception as trouble:
            raise DamagedIndex(type(trouble).__name__) from trouble


class Postings(NamedTuple):
    """The documents that have a term, ascending, and how often each has it."""

    docs: Ints
    counts: Floats


NOTHING = Postings(NO_DOCS, NO_COUNTS)


class Labels:
    """Small numbers for words such as stages and scope tokens; the same for every snapshot."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self.words: list[str] = []
        self._lock = threading.Lock()

    def number(self, word: str) -> int:
        """The number of a word, a new one for a new word."""
        known = self._numbers.get(word)
        if known is None:
            with self._lock:
                known = self._numbers.setdefault(word, len(self.words))
                if known == len(self.words):
                    self.words.append(word)
        return known


def _close(reader: Any) -> None:
    with suppress(Exception):
        reader.close()


class Segment:
    """One of Whoosh's segments: never changes once written."""

    def __init__(self, storage: Any, toc: Any, segment: Any, labels: Labels) -> None:
        self.reader = SegmentReader(storage, toc.schema, segment)
        self.size = int(segment.doc_count_all())
        self._lock = threading.Lock()
        self._postings: dict[tuple[str, str], Postings] = {}
        self._kept = 0
        # A snapshot may still be in use when the next one has come: the last user closes the files.
        weakref.finalize(self, _close, self.reader)
        self._read_cards(labels)

    def _read_cards(self, labels: Labels) -> None:
        cards = [self.reader.stored_fields(number)["card"] for number in range(self.size)]
        self.kind = _ints(KINDS.index(card[0]) for card in cards)
        self.row_id = _ints(card[1] for card in cards)
        self.lang = _ints(labels.number(card[2]) for card in cards)
        self.stage = _ints(labels.number(card[3]) for card in cards)
        self.at = _ints(card[6] for card in cards)
        lengths = [card[7] for card in cards]
        self.lengths: Floats = np.array(lengths, dtype=np.float64).reshape(-1, 3)
        self.departments = _pairs(cards, 4, lambda one: labels.number(f"d{one}"))
        self.scope = _pairs(cards, 5, labels.number)

    def postings(self, field: str, term: str) -> Postings:
        """The local documents that have a term."""
        with _reading(self._lock):
            known = self._postings.get((field, term))
            if known is None:
                known = self._read(field, term)
                self._keep((field, term), known)
        return known

    def _keep(self, key: tuple[str, str], found: Postings) -> None:
        self._kept += len(found.docs) + 10
        if self._kept > KEPT_POSTINGS:
            self._postings.clear()
            self._kept = len(found.docs) + 10
        self._postings[key] = found

    def _read(self, field: str, term: str) -> Postings:
        matcher = self._matcher(field, term)
        if matcher is None:
            return NOTHING
        docs: list[int] = []
        counts: list[float] = []
        blockwise = hasattr(matcher, "_next_block")
        while matcher.is_active():
            if blockwise:
                matcher.id(), matcher.weight()
                docs.extend(matcher._ids)
                counts.extend(matcher._weights)
                matcher._next_block()
            else:
                docs.append(matcher.id())
                counts.append(matcher.weight())
                matcher.next()
        return Postings(np.array(docs, dtype=np.int64), np.array(counts, dtype=np.float64))

    def _matcher(self, field: str, term: str) -> Any:
        key = (field, term.encode("utf-8", "replace"))
        if key not in self.reader._terms:
            return None
        # Whoosh's own postings() leaves out what is deleted; the snapshot does that for us.
        return self.reader._terms.matcher(*key, self.reader.schema[field].format)

    def positions(self, field: str, term: str, docs: Ints) -> dict[int, list[int]]:
        """Where each of these local documents has a term."""
        with _reading(self._lock):
            matcher = self._matcher(field, term)
            found: dict[int, list[int]] = {}
            for doc in docs.tolist() if matcher is not None else ():
                matcher.skip_to(doc)
                if not matcher.is_active():
                    break
                if matcher.id() == doc:
                    found[doc] = matcher.value_as("positions")
        return found

    def terms(self, field: str, prefix: str) -> list[str]:
        """The terms of a field that begin with a prefix, in order."""
        wanted = prefix.encode("utf-8", "replace")
        found = []
        with _reading(self._lock):
            for name, term in self.reader._terms.terms_from(field, wanted):
                if name != field or not term.startswith(wanted):
                    break
                found.append(term.decode())
        return found


def _ints(values: Any) -> Ints:
    return np.fromiter(values, dtype=np.int64)


def _pairs(cards: list[Any], place: int, number: Any) -> tuple[Ints, Ints]:
    """Documents and label numbers, a pair for each label of each document."""
    pairs = [(doc, number(value)) for doc, card in enumerate(cards) for value in card[place]]
    table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return table[:, 0].copy(), table[:, 1].copy()


class Snapshot:
    """All segments of one generation; documents are numbered through."""

    def __init__(self, token: object, segments: list[Segment], deleted: list[Any]) -> None:
        self.token = token
        self.views: dict[Any, Any] = {}
        self.segments = segments
        self.bases = np.cumsum([0, *(segment.size for segment in segments)])
        self.size = int(self.bases[-1])
        self.kind = self._joined("kind")
        self.row_id = self._joined("row_id")
        self.lang = self._joined("lang")
        self.stage = self._joined("stage")
        self.at = self._joined("at")
        self.lengths = np.concatenate([np.zeros((0, 3)), *(s.lengths for s in segments)])
        self.departments = self._joined_pairs("departments")
        self.scope = self._joined_pairs("scope")
        self.live = np.ones(self.size, dtype=bool)
        for base, gone in zip(self.bases, deleted, strict=False):
            self.live[base + np.array(sorted(gone or ()), dtype=np.int64)] = False

    def _joined(self, name: str) -> Ints:
        return np.concatenate([NO_DOCS, *(getattr(segment, name) for segment in self.segments)])

    def _joined_pairs(self, name: str) -> tuple[Ints, Ints]:
        pairs = [getattr(segment, name) for segment in self.segments]
        docs = [pair[0] + base for pair, base in zip(pairs, self.bases, strict=False)]
        return np.concatenate([NO_DOCS, *docs]), np.concatenate([NO_DOCS, *(p[1] for p in pairs)])

    def postings(self, field: str, term: str) -> Postings:
        """The documents that have a term, deleted ones too."""
        found = [
            (segment.postings(field, term), base)
            for segment, base in zip(self.segments, self.bases, strict=False)
        ]
        parts = [(one, base) for one, base in found if len(one.docs)]
        if not parts:
            return NOTHING
        docs = np.concatenate([one.docs + base for one, base in parts])
        return Postings(docs, np.concatenate([one.counts for one, _base in parts]))

    def positions(self, field: str, term: str, docs: Ints) -> dict[int, list[int]]:
        """Where each of these documents has a term."""
        found: dict[int, list[int]] = {}
        for segment, base in zip(self.segments, self.bases, strict=False):
            first, last = np.searchsorted(docs, [base, base + segment.size])
            local = segment.positions(field, term, docs[first:last] - base)
            found.update({doc + int(base): places for doc, places in local.items()})
        return found

    def terms(self, field: str, prefix: str) -> list[str]:
        """The terms of a field that begin with a prefix, in order, deleted documents' too."""
        return sorted({term for segment in self.segments for term in segment.terms(field, prefix)})


def read(build: Path, token: object, labels: Labels, known: dict[str, Segment]) -> Snapshot:
    """The newest generation of a build; segments in `known` are taken over, the rest are added."""
    storage = shelf.open_index(build).storage
    toc = TOC.read(storage, "MAIN")
    segments, deleted = [], []
    for part in toc.segments:
        name = f"{build.name}/{part.segment_id()}"
        if name not in known:
            known[name] = Segment(storage, toc, part, labels)
        segments.append(known[name])
        deleted.append(part.deleted_docs() if part.has_deletions() else None)
    for name in set(known) - {f"{build.name}/{part.segment_id()}" for part in toc.segments}:
        del known[name]
    return Snapshot(token, segments, deleted)


def docs_of(snapshot: Snapshot) -> Iterator[str]:
    """The docids of all live documents, for verification."""
    for doc in np.flatnonzero(snapshot.live).tolist():
        yield f"{KINDS[int(snapshot.kind[doc])]}:{int(snapshot.row_id[doc])}"
