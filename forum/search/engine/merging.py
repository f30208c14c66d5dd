"""Making one segment of several: their fields joined, what is deleted left out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forum.search.engine.inverted import U32, Inverted, Words, invert, present
from forum.search.engine.lengths import LENGTHS
from forum.search.engine.snapshot import Mask

AT_ONCE = 4_000
"""Documents that a commit rewrites at most; larger merges are made beside it."""


def absorbed(sizes: Sequence[int], added: int) -> list[int]:
    """Which segments, by their place, a commit of `added` documents takes in.

    From the smallest upwards, while one is at most twice as large as what is rewritten anyway: so
    a document is rewritten about as often as its index doubles, and the small segments stay few.
    """
    taken, total = [], added
    for place in sorted(range(len(sizes)), key=lambda place: sizes[place]):
        if sizes[place] > 2 * max(total, 1) or total + sizes[place] > AT_ONCE:
            break
        taken.append(place)
        total += sizes[place]
    return sorted(taken)


def joined(parts: Sequence[Inverted], keeps: Sequence[Mask]) -> Inverted:
    """One field over the kept documents of all parts, in that order."""
    known: dict[bytes, int] = {}
    numbers = [
        np.array([known.setdefault(term, len(known)) for term in part.terms], dtype=np.uint32)
        for part in parts
    ]
    words, base = [], 0
    for part, keep, own in zip(parts, keeps, numbers, strict=True):
        words.append(_words(part, keep, own, base))
        base += len(part.lengths) if keep is None else int(keep.sum())
    terms, renumbered = present(known, _concatenated([one.terms for one in words]))
    lengths = np.concatenate(
        [
            p.lengths if keep is None else p.lengths[keep]
            for p, keep in zip(parts, keeps, strict=True)
        ]
    )
    places = [one.places for one in words if one.places is not None]
    together = Words(
        renumbered,
        _concatenated([one.docs for one in words]),
        np.concatenate([one.weights for one in words]),
        _concatenated(places) if places else None,
    )
    totals = [_total(part, keep) for part, keep in zip(parts, keeps, strict=True)]
    return invert(terms, together, lengths, sum(totals))


def _total(part: Inverted, keep: Mask) -> int:
    """The exact sum of lengths; once some are gone only their bytes tell how long they were."""
    return part.total if keep is None else int(LENGTHS[part.lengths[keep]].sum())


def _concatenated(parts: Sequence[U32]) -> U32:
    return np.concatenate([np.zeros(0, dtype=np.uint32), *parts])


def _words(part: Inverted, keep: Mask, numbers: U32, base: int) -> Words:
    """The words of a part's kept documents; a posting's first word carries its weight."""
    postings = np.diff(part.starts).astype(np.int64)
    counts = np.diff(part.places).astype(np.int64) if part.positional else None
    terms, docs = np.repeat(numbers, postings), part.docs
    weights, places = part.weights[part.codes], None
    if counts is not None:
        carried = np.zeros(len(part.spots), dtype=np.float32)
        carried[part.places[:-1]] = weights
        weights = carried
        terms, docs = np.repeat(terms, counts), np.repeat(docs, counts)
        places = part.spots - part.firsts[docs]
    if keep is not None:
        stays = keep[docs]
        terms, docs, weights = terms[stays], docs[stays], weights[stays]
        places = places[stays] if places is not None else None
        docs = (np.cumsum(keep) - 1)[docs].astype(np.uint32)
    return Words(terms, docs + np.uint32(base), weights, places)
