"""All segments of one generation, and what one reader may see of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forum.search.engine.lengths import LENGTHS
from forum.search.engine.scoring import BM25
from forum.search.engine.segment import Segment

Bools = NDArray[np.bool_]
Mask = Bools | None
"""Which documents of a segment count; None for all of them, which costs nothing to ask."""


class Snapshot:
    """Segments, their documents numbered through, and which documents are deleted."""

    def __init__(self, segments: Sequence[Segment], deleted: Sequence[Sequence[int]]) -> None:
        self.segments = list(segments)
        self.bases = [0]
        for segment in segments:
            self.bases.append(self.bases[-1] + segment.size)
        self.size = self.bases[-1]
        self.live = [
            all_but(segment.size, gone) for segment, gone in zip(segments, deleted, strict=True)
        ]
        self.kept: dict[Any, Any] = {}
        """What was worked out over this snapshot, by whoever did."""

    def column(self, name: str) -> NDArray[np.int64]:
        """A number of every document."""
        key = ("column", name)
        if key not in self.kept:
            parts = [segment.columns.numbers[name] for segment in self.segments]
            none = np.zeros(0, dtype=np.int64)
            self.kept[key] = parts[0] if len(parts) == 1 else np.concatenate([none, *parts])
        found: NDArray[np.int64] = self.kept[key]
        return found


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
