"""Writing an inverted field the way Whoosh 2.7.4 writes it, a term at a time instead of a posting
at a time: its own readers and searchers read the outcome.

What is followed here is `whoosh.codec.whoosh3`: postings lie in blocks, each a pickled head (count,
last document, highest weight, compression, shortest and longest length byte) and a pickled body
(document gaps, weights, values); the table of terms leads from a field's number and the term to
statistics and the place of its blocks.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from functools import lru_cache
from hashlib import md5
from itertools import islice
from pickle import dumps
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3FieldWriter
from whoosh.filedb.filetables import _lengths
from whoosh.formats import Existence, Frequency, Positions
from whoosh.system import pack_int, pack_uint

from forum.search.engine.inverted import Inverted

BLOCK = 128
PICKLED = 3
"""The protocol: the first that writes bytes as they are, the last that writes no frames."""
AT_ONCE = 200_000
"""Postings turned into Python's numbers at a time, which is what bounds the memory."""
_FIELD = struct.Struct("!H")
_INT, _DOUBLE = struct.Struct("<i"), struct.Struct(">d")
_EXTENT = struct.Struct("!qi")
_TYPES = {
    "inlined": "u1",
    "weight": ">f4",
    "df": ">u4",
    "shortest": "u1",
    "longest": "u1",
    "highest": ">f4",
    "first": ">u4",
    "last": ">u4",
}
_INFO = np.dtype(list(_TYPES.items()))
"""What Whoosh tells of a term without reading its postings: `W3TermInfo._struct`."""

Ints = NDArray[np.int64]


def add_field(writer: W3FieldWriter, name: str, field: Any, inverted: Inverted) -> None:
    """Write all terms of a field; fields come in the order of their names."""
    writer.start_field(name, field)
    table, terms, key = writer._tindex, inverted.terms, _FIELD.pack(writer._fieldid)
    # The files are asked where they stand once a field: a question a term would be a system call.
    offset, at = writer._postfile.tell(), table.dbfile.tell()
    number = 0
    for piece in _pieces(inverted, field.format):
        postings: list[bytes] = []
        rows: list[bytes] = []
        texts = terms.between(range(number, number + len(piece)))
        for text, (statistics, data) in zip(texts, piece.terms(), strict=True):
            named = key + text
            row = statistics + _EXTENT.pack(offset, len(data))
            postings.append(data)
            rows += (_lengths.pack(len(named), len(row)), named, row)
            hashed = int.from_bytes(md5(named, usedforsecurity=False).digest()[-4:], "big")
            table.buckets[hashed & 255].append((hashed, at))
            table.index.append(at)
            offset += len(data)
            at += _lengths.size + len(named) + len(row)
        number += len(piece)
        writer._postfile.write(b"".join(postings))
        table.dbfile.write(b"".join(rows))
    writer.finish_field()


class _Piece:
    """The postings of some terms which follow one another.

    `starts` (terms + 1): where those of each term begin among docs, weights and sizes.
    """

    def __init__(
        self, starts: Ints, docs: Ints, weights: NDArray[np.float64], sizes: Ints, values: _Values
    ) -> None:
        self._starts, self._docs, self._weights, self._sizes = starts, docs, weights, sizes
        self._values = values

    def __len__(self) -> int:
        return len(self._starts) - 1

    def terms(self) -> Iterator[tuple[bytes, bytes]]:
        """Of each term what is told without reading its postings, and the postings in blocks."""
        told, size = self._statistics().tobytes(), _INFO.itemsize
        counts = -(-np.diff(self._starts) // BLOCK)
        blocks = self._blocks(counts)
        for number, count in enumerate(counts.tolist()):
            statistics = told[number * size : (number + 1) * size]
            data = next(blocks) if count == 1 else b"".join(islice(blocks, count))
            yield statistics, WHOOSH3_HEADER_MAGIC + data

    def _statistics(self) -> NDArray[Any]:
        first, ends = self._starts[:-1], self._starts[1:]
        told = np.zeros(len(first), dtype=_INFO)
        told["weight"] = np.add.reduceat(self._weights, first)
        told["df"] = ends - first
        told["shortest"] = np.minimum.reduceat(self._sizes, first)
        told["longest"] = np.maximum.reduceat(self._sizes, first)
        told["highest"] = np.maximum.reduceat(self._weights, first)
        told["first"], told["last"] = self._docs[first], self._docs[ends - 1]
        return told

    def _blocks(self, counts: Ints) -> Iterator[bytes]:
        """All blocks in order. The length of a term's last block is negative."""
        before = np.cumsum(counts) - counts
        in_term = np.arange(counts.sum()) - np.repeat(before, counts)
        begins = np.repeat(self._starts[:-1], counts) + BLOCK * in_term
        ends = np.append(begins[1:], len(self._docs))
        gaps = np.diff(self._docs, prepend=0)
        gaps[begins] = self._docs[begins]
        highest = np.maximum.reduceat(self._weights, begins)
        facts = zip(
            begins.tolist(),
            ends.tolist(),
            np.where(in_term == np.repeat(counts - 1, counts), -1, 1).tolist(),
            self._docs[ends - 1].tolist(),
            np.minimum.reduceat(self._weights, begins).tolist(),
            highest.tolist(),
            np.minimum.reduceat(self._sizes, begins).tolist(),
            np.maximum.reduceat(self._sizes, begins).tolist(),
            strict=True,
        )
        listed, weights, value = gaps.tolist(), self._weights.tolist(), self._values
        for first, end, sign, last, lowest, most, shortest, longest in facts:
            if end - first == 1:
                yield _alone(last, most, shortest, value.only(first))
                continue
            head = dumps((end - first, last, most, 0, shortest, longest), PICKLED)
            # Weights as Whoosh writes them: nothing for ones, one for equal ones.
            many = lowest != most
            least = tuple(weights[first:end]) if many else None if most == 1.0 else most
            body = dumps((tuple(listed[first:end]), least, value.several(first, end)), PICKLED)
            yield b"".join((pack_int(sign * (len(head) + len(body))), head, body))


def _alone(doc: int, weight: float, size: int, value: bytes) -> bytes:
    """The block of a single posting, which is what most terms have: pickled by hand."""
    packed = _INT.pack(doc)
    double = _DOUBLE.pack(weight)
    body = (b"\x80\x03J%b\x85" % packed, b"N" if weight == 1.0 else b"G" + double, value, b"\x87.")
    head = b"\x80\x03(K\x01J%bG%bK\x00K%cK%ct." % (packed, double, size, size)
    return b"".join((pack_int(-len(head) - sum(map(len, body))), head, *body))


class _Values(Protocol):
    """The value of each posting, as the field's format has it."""

    def only(self, number: int) -> bytes:
        """The pickled value of a posting that stands alone."""

    def several(self, first: int, end: int) -> Any:
        """Those of a block, to be pickled."""


class _None:
    """A field that keeps nothing of a posting."""

    def only(self, _number: int) -> bytes:
        """Nothing, pickled."""
        return b"N"

    def several(self, _first: int, _end: int) -> None:
        """Nothing."""


class _Joined:
    """Values that are written one behind another."""

    def __init__(self, values: list[bytes]) -> None:
        self._values = values

    def only(self, number: int) -> bytes:
        """The value, pickled."""
        return _pickled(self._values[number])

    def several(self, first: int, end: int) -> bytes:
        """All values in one."""
        return b"".join(self._values[first:end])


class _Apart(_Joined):
    """Values that are kept apart."""

    def only(self, number: int) -> bytes:
        """The value, pickled in a tuple of its own."""
        return super().only(number) + b"\x85"

    def several(self, first: int, end: int) -> Any:
        """The values."""
        return tuple(self._values[first:end])


def _pickled(value: bytes) -> bytes:
    length = len(value)
    return (b"C%c" % length if length < 256 else b"B" + _INT.pack(length)) + value


def _pieces(inverted: Inverted, format_: Any) -> Iterator[_Piece]:
    """Every term's postings, read from the arrays in large pieces."""
    starts = inverted.starts.astype(np.int64)
    last = len(starts) - 1
    first = 0
    values = _values(inverted, format_)
    while first < last:
        end = int(np.searchsorted(starts, starts[first] + AT_ONCE, "right")) - 1
        end = min(max(end, first + 1), last)
        piece = slice(int(starts[first]), int(starts[end]))
        codes = inverted.codes[piece]
        weights = inverted.weights[codes].astype(np.float64)
        yield _Piece(
            starts[first : end + 1] - starts[first],
            inverted.docs[piece].astype(np.int64),
            weights,
            inverted.sizes[codes].astype(np.int64),
            values(piece),
        )
        first = end


def _values(inverted: Inverted, format_: Any) -> Callable[[slice], _Values]:
    """What makes the values of a piece."""
    if isinstance(format_, Existence):
        return lambda _piece: _None()
    if isinstance(format_, Positions):
        return lambda piece: _Apart(_positions(inverted, piece))
    if isinstance(format_, Frequency):
        of_codes = [pack_uint(int(weight)) for weight in inverted.weights.tolist()]
        codes = inverted.codes
        return lambda piece: _Joined([of_codes[code] for code in codes[piece].tolist()])
    raise TypeError(f"No way to write {type(format_).__name__}")


def _positions(inverted: Inverted, piece: slice) -> list[bytes]:
    """Where a term stands, for each posting: the gaps, the first from the document's beginning."""
    places = inverted.places[piece.start : piece.stop + 1].astype(np.int64)
    counts = np.diff(places)
    spots = inverted.spots[places[0] : places[-1]].astype(np.int64)
    spots -= np.repeat(inverted.firsts[inverted.docs[piece]], counts)
    gaps = np.diff(spots, prepend=0)
    begins = places[:-1] - places[0]
    gaps[begins] = spots[begins]
    listed = gaps.tolist()
    found = [_once(listed[first]) for first in begins.tolist()]
    for number in np.flatnonzero(counts > 1).tolist():
        first = int(begins[number])
        found[number] = _several(listed[first : first + int(counts[number])])
    return found


def _several(gaps: list[int]) -> bytes:
    return bytes(pack_uint(len(gaps)) + dumps(gaps, PICKLED))


@lru_cache(4096)
def _once(place: int) -> bytes:
    """The value of a posting with one place; most postings have one of a few hundred."""
    return _several([place])
