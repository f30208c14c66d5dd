"""One field of a segment, turned around: for each term the documents that have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forum.search.engine.terms import Terms, packed

U32 = NDArray[np.uint32]
LARGEST_TABLE = 1 << 20
"""Keys that are ranked by a table rather than by sorting them."""
PARTS = (
    "text",
    "ends",
    "starts",
    "docs",
    "codes",
    "weights",
    "sizes",
    "lengths",
    "places",
    "spots",
    "firsts",
)


@dataclass(frozen=True, slots=True)
class Inverted:
    """A field with t terms, p postings and w words over n documents.

    `starts` (t + 1): the postings of term i are those from `starts[i]` to `starts[i + 1]`.
    `docs` (p): their documents, ascending within a term. `codes` (p): how much a document has of a
    term and how long its field is, as the number of a pair in `weights` (float32) and `sizes`
    (length bytes): a score is looked up once a pair instead of being worked out once a posting.
    `lengths` (n): the length byte of every document, 0 where the field is empty; `total`: the sum
    of the exact lengths.

    With positions: `places` (p + 1): the words of posting j are those from `places[j]` on; `spots`
    (w): where they stand, counted through all documents, so that words in a row are numbers in a
    row; `firsts` (n + 1): the first spot of each document, with a gap before the next.
    """

    text: NDArray[np.uint8]
    ends: U32
    starts: U32
    docs: U32
    codes: NDArray[Any]
    weights: NDArray[np.float32]
    sizes: NDArray[np.uint8]
    lengths: NDArray[np.uint8]
    places: U32
    spots: U32
    firsts: U32
    total: int

    @property
    def terms(self) -> Terms:
        """The terms, in the order of their bytes."""
        return Terms(self.text, self.ends)

    @property
    def positional(self) -> bool:
        """Whether it knows where the words stand."""
        return len(self.firsts) > 0

    def named(self, field: str) -> dict[str, NDArray[Any]]:
        """Its arrays by name, for a file."""
        return {f"{field}.{part}": getattr(self, part) for part in PARTS}

    @classmethod
    def of(cls, field: str, arrays: Any, total: int) -> Inverted:
        """The field in a file of arrays."""
        return cls(**{part: arrays[f"{field}.{part}"] for part in PARTS}, total=total)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of all documents in order: term number, document, weight and place of each."""

    terms: U32
    docs: U32
    weights: NDArray[np.float32]
    places: U32 | None


def present(known: dict[bytes, int], used: U32) -> tuple[list[bytes], U32]:
    """Those of the known terms that are used, in order, and the words with their new numbers."""
    is_used = np.zeros(len(known), dtype=bool)
    is_used[used] = True
    terms = sorted(term for term, number in known.items() if is_used[number])
    ranks = np.zeros(len(known), dtype=np.uint32)
    ranks[[known[term] for term in terms]] = np.arange(len(terms), dtype=np.uint32)
    return terms, ranks[used]


def invert(terms: list[bytes], words: Words, lengths: NDArray[np.uint8], total: int) -> Inverted:
    """Sort the words by term; within a term they stay in the order of documents and places."""
    order = _stable_order(words.terms, len(terms))
    by_term, docs = words.terms[order], words.docs[order]
    is_new = np.ones(len(order), dtype=bool)
    is_new[1:] = (by_term[1:] != by_term[:-1]) | (docs[1:] != docs[:-1])
    begins = np.flatnonzero(is_new)
    docs = docs[begins]
    weights = np.add.reduceat(words.weights[order], begins) if len(begins) else words.weights
    codes, pair_weights, pair_sizes = _coded(weights, lengths[docs])
    text, ends = packed(terms)
    starts = np.searchsorted(by_term[begins], np.arange(len(terms) + 1)).astype(np.uint32)
    return Inverted(
        text, ends, starts, docs, codes, pair_weights, pair_sizes, lengths,
        *_spots(words, order, begins, len(lengths)), total,
    )  # fmt: skip


def _stable_order(numbers: U32, count: int) -> NDArray[np.int64]:
    """The order by numbers below a count. Halves of 16 bits are sorted by counting, which takes
    a third of the time that comparing does."""
    order = np.argsort(numbers.astype(np.uint16), kind="stable")
    if count > 1 << 16:
        high = (numbers >> np.uint32(16)).astype(np.uint16)
        order = order[np.argsort(high[order], kind="stable")]
    return order


def _coded(
    weights: NDArray[np.float32], sizes: NDArray[np.uint8]
) -> tuple[NDArray[Any], NDArray[np.float32], NDArray[np.uint8]]:
    """Each posting's pair as a number, and the pairs. Most weights are 1: few are sorted."""
    others = np.flatnonzero(weights != 1)
    different, numbers = np.unique(np.append(weights[others], np.float32(1)), return_inverse=True)
    keys = np.full(len(weights), numbers[-1] << 8, dtype=np.uint32)
    keys[others] = numbers[:-1] << 8
    keys |= sizes
    used, codes = _ranked(keys, len(different) << 8)
    pairs = pair_keys(different[used >> 8], (used & 255).astype(np.uint8))
    pair_weights, pair_sizes, narrow = pairs_of(pairs)
    return codes.astype(narrow), pair_weights, pair_sizes


def _ranked(keys: U32, bound: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """The different ones of keys below a bound, in order, and the rank of each key among them."""
    if bound > LARGEST_TABLE:
        return np.unique(keys, return_inverse=True)
    is_used = np.zeros(bound, dtype=bool)
    is_used[keys] = True
    used = np.flatnonzero(is_used)
    ranks = np.zeros(bound, dtype=np.uint32)
    ranks[used] = np.arange(len(used))
    return used, ranks.take(keys)


def pair_keys(weights: NDArray[np.float32], sizes: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Pairs of a weight and a length byte as numbers to sort by."""
    return weights.view(np.uint32).astype(np.uint64) << np.uint64(8) | sizes


def pairs_of(keys: NDArray[np.uint64]) -> tuple[NDArray[np.float32], NDArray[np.uint8], type[Any]]:
    """Weights and length bytes of such numbers, and the type that can number so many."""
    weights = (keys >> np.uint64(8)).astype(np.uint32).view(np.float32)
    narrow = np.uint16 if len(keys) <= 1 << 16 else np.uint32
    return weights, (keys & np.uint64(255)).astype(np.uint8), narrow


def _spots(
    words: Words, order: NDArray[np.int64], begins: NDArray[np.int64], documents: int
) -> tuple[U32, U32, U32]:
    none = np.zeros(0, dtype=np.uint32)
    if words.places is None:
        return none, none, none
    lasts = np.zeros(documents, dtype=np.int64)
    np.maximum.at(lasts, words.docs, words.places.astype(np.int64) + 2)
    firsts = np.concatenate([[0], np.cumsum(lasts)])
    if firsts[-1] >= 1 << 32:
        raise OverflowError("A segment holds at most 4,294,967,296 words")
    spots = firsts[words.docs[order]] + words.places[order]
    places = np.append(begins, len(order))
    return places.astype(np.uint32), spots.astype(np.uint32), firsts.astype(np.uint32)
