"""BM25 as Whoosh 2.7.4 has it, looked up instead of worked out.

    idf x w (K1 + 1) / (w + K1 (1 - B + B l / a))

where w is the weight of a term in a document, l the length of the field there and a its mean
length. Robertson, Zaragoza: The Probabilistic Relevance Framework: BM25 and Beyond (2009). Since w
and l come in a few thousand pairs, a table of them is made for each field of a segment, and a score
is `idf * table[code]`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from forum.search.engine.lengths import LENGTHS
from forum.search.engine.segment import Pairs, Table

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class BM25:
    """The formula's parameters; `fields` has a B for fields that want their own."""

    b: float = 0.75
    k1: float = 1.2
    fields: Mapping[str, float] = field(default_factory=dict)

    def idf(self, documents: int, frequencies: Counts | int) -> Table:
        """How telling terms are that so many of all documents have."""
        found: Table = np.log(documents / (frequencies + 1)) + 1
        return found

    def table(self, name: str, mean: float, pairs: Pairs) -> Table:
        """What each pair is worth before the idf."""
        key = (self.b, self.k1, name, mean)
        known = pairs.tables.get(key)
        if known is None:
            known = self._table(self.fields.get(name, self.b), mean, pairs)
            if len(pairs.tables) > KEPT:
                pairs.tables.clear()
            pairs.tables[key] = known
        return known

    def _table(self, b: float, mean: float, pairs: Pairs) -> Table:
        weights = pairs.weights.astype(float)
        found: Table = (
            weights
            * (self.k1 + 1)
            / (weights + self.k1 * ((1 - b) + b * LENGTHS[pairs.sizes] / mean))
        )
        return found


KEPT = 64
"""Tables remembered with a field of a segment: one for each mean length asked with."""
