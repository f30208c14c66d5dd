"""Making one segment of several: their fields joined, what is deleted left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forum.search.engine.inverted import U32, Inverted, pair_keys, pairs_of
from forum.search.engine.lengths import LENGTHS
from forum.search.engine.snapshot import Mask
from forum.search.engine.terms import packed

AT_ONCE = 4_000
"""Documents that a commit rewrites at most; larger merges are made beside it."""
WORTH = 3
"""How many times what is rewritten anyway a segment may be to be rewritten with it."""
LARGE = 1_000
"""Documents of a segment that is merged beside the commits rather than by them."""
MOST_LARGE = 4
LARGEST = 250_000
"""Documents that merging does not go beyond while there is another way."""
GATHERED = 2_000_000
"""Numbers moved at a time, which is what bounds the memory."""


def absorbed(sizes: Sequence[int], added: int) -> list[int]:
    """Which segments, by their place, a commit of `added` documents takes in.

    From the smallest upwards, while one is not much larger than what is rewritten anyway: so a
    document is rewritten a few times as its index grows, and the small segments stay few.
    """
    taken, total = [], added
    for place in sorted(range(len(sizes)), key=lambda place: sizes[place]):
        if sizes[place] > WORTH * max(total, 1) or total + sizes[place] > AT_ONCE:
            break
        taken.append(place)
        total += sizes[place]
    return sorted(taken)


def beside(sizes: Sequence[int], dead: Sequence[int]) -> list[int]:
    """Which large segments, by place, are to be merged beside the commits; none while all is well.

    `sizes` counts the documents of each that live, `dead` those that are deleted. One that is
    mostly deleted documents goes alone; otherwise, once there are too many, the smallest of them,
    as long as one is at most twice as large as those before it together, and two at least.
    """
    large = sorted((p for p in range(len(sizes)) if sizes[p] >= LARGE), key=lambda p: sizes[p])
    for place in range(len(sizes)):
        if dead[place] > max(sizes[place], LARGE):
            return [place]
    if len(large) <= MOST_LARGE:
        return []
    taken, total = large[:2], sum(sizes[place] for place in large[:2])
    for place in large[2:]:
        if sizes[place] > 2 * total:
            break
        taken.append(place)
        total += sizes[place]
    return sorted(taken) if total <= LARGEST or len(large) > 2 * MOST_LARGE else []


def joined(parts: Sequence[Inverted], keeps: Sequence[Mask]) -> Inverted:
    """One field over the kept documents of all parts, in that order.

    A term's postings of one part are a run; all runs are put in the order of terms and parts, and
    what belongs to them is moved with them. Nothing is sorted but the runs.
    """
    whole = [p if keep is None else _kept(p, keep) for p, keep in zip(parts, keeps, strict=True)]
    known = sorted({term for part in whole for term in part.terms})
    numbers = {term: number for number, term in enumerate(known)}
    of_runs = np.array([numbers[term] for part in whole for term in part.terms], dtype=np.int64)
    runs = np.argsort(of_runs, kind="stable")
    postings = _Moved([part.starts for part in whole], runs)
    keys = np.unique(_joined(pair_keys(part.weights, part.sizes) for part in whole))
    weights, sizes, narrow = pairs_of(keys)
    codes = [_renumbered(part, keys).astype(narrow) for part in whole]
    text, ends = packed(known)
    return Inverted(
        text=text,
        ends=ends,
        starts=_bounds(np.bincount(of_runs, postings.lengths, len(known))),
        docs=postings.of(_shifted([p.docs for p in whole], [len(p.lengths) for p in whole])),
        codes=postings.of(_joined(codes)),
        weights=weights,
        sizes=sizes,
        lengths=_joined(part.lengths for part in whole),
        total=sum(part.total for part in whole),
        **_words(whole, runs, postings),
    )


def _words(whole: Sequence[Inverted], runs: NDArray[np.int64], postings: _Moved) -> dict[str, U32]:
    """Where the words stand; nothing for a field that does not know."""
    none = np.zeros(0, dtype=np.uint32)
    if not any(part.positional for part in whole):
        return {"places": none, "spots": none, "firsts": none}
    ends = [int(part.firsts[-1]) for part in whole]
    if sum(ends) >= 1 << 32:
        raise OverflowError("A segment holds at most 4,294,967,296 words")
    spots = _Moved([part.places[part.starts] for part in whole], runs)
    return {
        "places": _bounds(postings.of(_joined(np.diff(part.places) for part in whole))),
        "spots": spots.of(_shifted([part.spots for part in whole], ends)),
        "firsts": _bounds(_joined(np.diff(part.firsts) for part in whole)),
    }


class _Moved:
    """Numbers that lie in runs, one part after another, brought into another order of runs."""

    def __init__(self, bounds: Sequence[U32], runs: NDArray[np.int64]) -> None:
        """`bounds` (runs + 1 each): where the runs of each part begin, and its end."""
        self.lengths = _joined(np.diff(own) for own in bounds).astype(np.int64)
        begins = np.cumsum(self.lengths) - self.lengths
        self._begins, self._lengths = begins[runs], self.lengths[runs]

    def of(self, numbers: NDArray[Any]) -> NDArray[Any]:
        """Numbers of all parts in the new order."""
        found = np.empty_like(numbers)
        ends = np.cumsum(self._lengths)
        edges = np.searchsorted(ends, np.arange(0, len(numbers), GATHERED), "right")
        at = 0
        for first, last in pairwise([*np.unique(edges).tolist(), len(self._lengths)]):
            lengths = self._lengths[first:last]
            count = int(lengths.sum())
            own = np.cumsum(lengths) - lengths
            places = np.repeat(self._begins[first:last] - own, lengths) + np.arange(count)
            found[at : at + count] = numbers[places]
            at += count
        return found


def _kept(part: Inverted, keep: NDArray[np.bool_]) -> Inverted:
    """A part without the documents that are not kept, and without terms that only those had."""
    stays = keep[part.docs]
    starts = np.concatenate([[0], np.cumsum(stays)])[part.starts]
    has_some = np.flatnonzero(np.diff(starts))
    terms = part.terms
    text, ends = packed(terms[number] for number in has_some.tolist())
    docs = (np.cumsum(keep) - 1)[part.docs[stays]].astype(np.uint32)
    used, codes = np.unique(part.codes[stays], return_inverse=True)
    lengths = part.lengths[keep]
    return Inverted(
        text=text,
        ends=ends,
        starts=np.append(starts[has_some], starts[-1]).astype(np.uint32),
        docs=docs,
        codes=codes,
        weights=part.weights[used],
        sizes=part.sizes[used],
        lengths=lengths,
        # Once some are gone only their bytes tell how long the others are.
        total=int(LENGTHS[lengths].sum()),
        **_kept_words(part, keep, stays, docs),
    )


def _kept_words(
    part: Inverted, keep: NDArray[np.bool_], stays: NDArray[np.bool_], docs: U32
) -> dict[str, U32]:
    if not part.positional:
        return {"places": part.places, "spots": part.spots, "firsts": part.firsts}
    counts = np.diff(part.places)
    firsts = _bounds(np.diff(part.firsts)[keep])
    moved = firsts[docs].astype(np.int64) - part.firsts[part.docs[stays]]
    spots = part.spots[np.repeat(stays, counts)] + np.repeat(moved, counts[stays])
    return {
        "places": _bounds(counts[stays]),
        "spots": spots.astype(np.uint32),
        "firsts": firsts,
    }


def _renumbered(part: Inverted, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The codes of a part as numbers of the pairs of all parts."""
    numbers = np.searchsorted(keys, pair_keys(part.weights, part.sizes))
    found: NDArray[np.int64] = numbers[part.codes]
    return found


def _bounds(counts: NDArray[Any]) -> U32:
    """Where each of several stretches begins, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.uint32)


def _shifted(parts: Sequence[NDArray[Any]], sizes: Sequence[int]) -> U32:
    """Numbers of all parts, each part counting on from those before."""
    bases = np.cumsum([0, *sizes[:-1]])
    return _joined(p + np.uint32(base) for p, base in zip(parts, bases, strict=True))


def _joined(parts: Iterable[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(list(parts))
