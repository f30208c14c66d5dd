"""All segments of one generation, and what one reader may see of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forum.search.engine.lengths import LENGTHS
from forum.search.engine.scoring import BM25
from forum.search.engine.segment import Segment
from forum.search.engine.tally import Joined, Tally

Bools = NDArray[np.bool_]
Docs = NDArray[np.int64]
Mask = Bools | None
"""Which documents of a segment count; None for all of them, which costs nothing to ask."""


SAMPLED = 16
"""One score in so many is looked at to guess where the best begin."""


def places_of_best(scores: NDArray[Any], count: int) -> Docs:
    """The places of the highest scores, and of all that equal the lowest of them; in no order.

    The count-th best of a sample is never above that of all, so what lies below it is left out
    without being sorted.
    """
    if count >= len(scores):
        return np.arange(len(scores))
    places = None
    if count * SAMPLED < len(scores):
        places = np.flatnonzero(scores >= _edge(scores[::SAMPLED], count))
        scores = scores.take(places)
    best = np.flatnonzero(scores >= _edge(scores, count))
    return best if places is None else places[best]


def _edge(scores: NDArray[Any], count: int) -> Any:
    """The count-th best."""
    return np.partition(scores, -count)[-count]


class Snapshot:
    """Segments, their documents numbered through, and which documents are deleted."""

    def __init__(self, segments: Sequence[Segment], deleted: Sequence[Sequence[int]]) -> None:
        self.segments = list(segments)
        self.bases = [0]
        for segment in segments:
            self.bases.append(self.bases[-1] + segment.size)
        self.size = self.bases[-1]
        self._edges = np.array(self.bases)
        self.live = [
            all_but(segment.size, gone) for segment, gone in zip(segments, deleted, strict=True)
        ]
        self.kept: dict[Any, Any] = {}
        """What was worked out over this snapshot, by whoever did."""

    @property
    def is_whole(self) -> bool:
        """Whether all its files can still be read to the end."""
        return all(segment.is_whole for segment in self.segments)

    @property
    def is_as_written(self) -> bool:
        """Whether no byte of its files has changed, which takes to read them all."""
        return all(segment.is_as_written for segment in self.segments)

    def column(self, name: str) -> NDArray[np.int64]:
        """A number of every document."""
        key = ("column", name)
        if key not in self.kept:
            self.kept[key] = concatenated([s.columns.numbers[name] for s in self.segments])
        found: NDArray[np.int64] = self.kept[key]
        return found

    def lengths(self, field: str) -> NDArray[np.int64]:
        """The length of a field in every document, as its byte tells it."""
        key = ("lengths", field)
        if key not in self.kept:
            self.kept[key] = LENGTHS[concatenated([s.fields[field].lengths for s in self.segments])]
        found: NDArray[np.int64] = self.kept[key]
        return found

    def split(self, docs: Docs) -> Iterator[tuple[Segment, Docs]]:
        """Documents of the snapshot, ascending, as each segment numbers its own."""
        if len(self.segments) == 1:
            yield self.segments[0], docs
            return
        edges = docs.searchsorted(self._edges).tolist()
        for number, segment in enumerate(self.segments):
            own = docs[edges[number] : edges[number + 1]]
            yield segment, own - self.bases[number] if number else own

    def counted(self, name: str, docs: Docs, most: int | None = None) -> dict[str, int]:
        """How many of the documents, ascending, have each label; of the `most` frequent labels.

        Labels as frequent as the last of those come along.
        """
        labels = self._labels(name)
        counts = labels.counts(docs)
        some = np.flatnonzero(counts) if most is None else places_of_best(counts, most)
        pairs = zip(some.tolist(), counts.take(some).tolist(), strict=True)
        return {labels.values[number]: count for number, count in pairs if count}

    def labelled(self, name: str, words: Collection[str], docs: Docs) -> Bools:
        """Which of the documents, ascending, have any of the labels."""
        return self._labels(name).having(words, docs)

    def _labels(self, name: str) -> Joined:
        return self.joined(("labels", name), lambda segment: segment.columns.labels[name].tally)

    def joined(self, key: Hashable, tally: Callable[[Segment], Tally]) -> Joined:
        """What counts the documents of all segments; put together once and kept under the key."""
        if key not in self.kept:
            self.kept[key] = Joined([tally(segment) for segment in self.segments])
        found: Joined = self.kept[key]
        return found


def concatenated(parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """All parts in one array; the part itself when there is only one."""
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def both(one: Mask, other: Mask) -> Mask:
    """What both masks let through."""
    if one is None or other is None:
        return other if one is None else one
    return one & other


def all_but(size: int, gone: Sequence[int]) -> Mask:
    """All documents of a segment but some."""
    if not len(gone):
        return None
    live = np.ones(size, dtype=bool)
    live[np.asarray(gone, dtype=np.int64)] = False
    return live


class View:
    """A snapshot under a formula, and the figures that the formula wants of it.

    Whoosh takes those over all documents, deleted ones too, until they are merged away; so does a
    view with `stock=True`. Otherwise they are taken over what `masks` let through: then nothing
    that a reader may not see moves a score.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        formula: BM25,
        masks: Sequence[Mask] | None = None,
        *,
        stock: bool = False,
    ) -> None:
        self.snapshot, self.formula, self.stock = snapshot, formula, stock
        self.masks = list(masks) if masks is not None else snapshot.live
        pairs = zip(snapshot.segments, self.masks, strict=True)
        self.counts = [s.size if mask is None else int(mask.sum()) for s, mask in pairs]
        self.documents = snapshot.size if stock else sum(self.counts)
        self._means: dict[str, float] = {}

    def mean(self, field: str) -> float:
        """The mean length of a field."""
        if field not in self._means:
            total = self._total(field)
            self._means[field] = total / self.documents if self.documents and total else 1.0
        return self._means[field]

    def idf(self, frequency: int) -> float:
        """How telling a term is that so many documents have."""
        return float(self.formula.idf(self.documents, frequency))

    def _total(self, field: str) -> int:
        segments = self.snapshot.segments
        if self.stock:
            return sum(segment.fields[field].total for segment in segments)
        total = 0
        for segment, mask in zip(segments, self.masks, strict=True):
            lengths = segment.fields[field].lengths
            counts = np.bincount(lengths if mask is None else lengths[mask], minlength=256)
            total += int(counts @ LENGTHS)
        return total
