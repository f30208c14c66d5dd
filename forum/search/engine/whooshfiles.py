"""Writing an inverted field the way Whoosh 2.7.4 writes it, a term at a time instead of a posting
at a time: its own readers and searchers read the outcome.

What is followed here is `whoosh.codec.whoosh3`: postings lie in blocks, each a pickled head (count,
last document, highest weight, compression, shortest and longest length byte) and a pickled body
(document gaps, weights, values); the table of terms leads from a field's number and the term to
statistics and the place of its blocks.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import lru_cache
from hashlib import md5
from itertools import pairwise
from pickle import dumps
from typing import Any

import numpy as np
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3FieldWriter, W3TermInfo
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
_INFO = W3TermInfo._struct
_INT, _DOUBLE = struct.Struct("<i"), struct.Struct(">d")
_EXTENT = struct.Struct("!qi")


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
        for term in piece:
            data, named = term.blocks(), key + terms[number]
            row = term.statistics() + _EXTENT.pack(offset, len(data))
            postings.append(data)
            rows += (_lengths.pack(len(named), len(row)), named, row)
            hashed = int.from_bytes(md5(named, usedforsecurity=False).digest()[-4:], "big")
            table.buckets[hashed & 255].append((hashed, at))
            table.index.append(at)
            offset += len(data)
            at += _lengths.size + len(named) + len(row)
            number += 1
        writer._postfile.write(b"".join(postings))
        table.dbfile.write(b"".join(rows))
    writer.finish_field()


class _Term:
    """The postings of one term as Python's own numbers."""

    __slots__ = ("docs", "sizes", "values", "weights")

    def __init__(
        self, docs: list[int], weights: list[float], sizes: list[int], values: Any
    ) -> None:
        self.docs, self.weights, self.sizes, self.values = docs, weights, sizes, values

    def blocks(self) -> bytes:
        """The magic word and all blocks; the length of the last is negative."""
        if len(self.docs) == 1:
            return self._alone()
        if len(self.docs) <= BLOCK:
            return bytes(WHOOSH3_HEADER_MAGIC + self._block(0, len(self.docs), -1))
        last = (len(self.docs) - 1) // BLOCK * BLOCK
        parts = [
            self._block(first, first + BLOCK, -1 if first == last else 1)
            for first in range(0, len(self.docs), BLOCK)
        ]
        return b"".join([WHOOSH3_HEADER_MAGIC, *parts])

    def _alone(self) -> bytes:
        """The block of a single posting, which is what most terms have: pickled by hand."""
        weight, size = _DOUBLE.pack(self.weights[0]), self.sizes[0]
        doc = _INT.pack(self.docs[0])
        body = (
            b"\x80\x03J%b\x85" % doc,
            b"N" if self.weights[0] == 1.0 else b"G" + weight,
            _pickled(self.values),
            b"\x87.",
        )
        head = b"\x80\x03(K\x01J%bG%bK\x00K%cK%ct." % (doc, weight, size, size)
        length = pack_int(-len(head) - sum(map(len, body)))
        return b"".join((WHOOSH3_HEADER_MAGIC, length, head, *body))

    def _block(self, first: int, end: int, sign: int) -> bytes:
        docs, weights, sizes = self.docs[first:end], self.weights[first:end], self.sizes[first:end]
        head = dumps((len(docs), docs[-1], max(weights), 0, min(sizes), max(sizes)), PICKLED)
        gaps = (docs[0], *(after - before for before, after in pairwise(docs)))
        body = dumps((gaps, _least(weights), self._values(first, end)), PICKLED)
        return b"".join((pack_int(sign * (len(head) + len(body))), head, body))

    def _values(self, first: int, end: int) -> Any:
        values = self.values
        if values is None:
            return None
        part = values[first:end]
        return b"".join(part) if isinstance(values, tuple) else tuple(part)

    def statistics(self) -> bytes:
        """What Whoosh tells of a term without reading its postings."""
        docs, weights, sizes = self.docs, self.weights, self.sizes
        found: bytes = _INFO.pack(
            0, sum(weights), len(docs), min(sizes), max(sizes), max(weights), docs[0], docs[-1]
        )
        return found


def _pickled(values: Any) -> bytes:
    """The only value of a list kept apart or joined, or none, as a pickle's part."""
    if values is None:
        return b"N"
    length = len(values[0])
    value: bytes = (b"C%c" % length if length < 256 else b"B" + _INT.pack(length)) + values[0]
    return value if isinstance(values, tuple) else value + b"\x85"


def _least(weights: list[float]) -> Any:
    """Weights as Whoosh writes them: nothing for ones, one for equal ones."""
    first = weights[0]
    if any(weight != first for weight in weights):
        return tuple(weights)
    return None if first == 1.0 else first


def _pieces(inverted: Inverted, format_: Any) -> Iterator[Iterator[_Term]]:
    """Every term's postings, read from the arrays in large pieces."""
    starts = inverted.starts.tolist()
    last = len(starts) - 1
    first = 0
    while first < last:
        end = int(np.searchsorted(inverted.starts, starts[first] + AT_ONCE, "right")) - 1
        end = min(max(end, first + 1), last)
        yield _piece(inverted, format_, starts[first : end + 1])
        first = end


def _piece(inverted: Inverted, format_: Any, starts: list[int]) -> Iterator[_Term]:
    base = starts[0]
    piece = slice(base, starts[-1])
    docs = inverted.docs[piece].tolist()
    codes = inverted.codes[piece]
    weights = inverted.weights[codes].tolist()
    sizes = inverted.sizes[codes].tolist()
    values = _values(inverted, format_, piece, weights)
    for first, end in pairwise(starts):
        own = slice(first - base, end - base)
        yield _Term(docs[own], weights[own], sizes[own], None if values is None else values[own])


def _values(inverted: Inverted, format_: Any, piece: slice, weights: list[float]) -> Any:
    """The value of each posting: a list where each is kept apart, a tuple where they are joined."""
    if isinstance(format_, Existence):
        return None
    if isinstance(format_, Positions):
        return _positions(inverted, piece)
    if isinstance(format_, Frequency):
        return tuple(pack_uint(int(weight)) for weight in weights)
    raise TypeError(f"No way to write {type(format_).__name__}")


def _positions(inverted: Inverted, piece: slice) -> list[bytes]:
    places = inverted.places[piece.start : piece.stop + 1]
    counts = np.diff(places)
    spots = inverted.spots[places[0] : places[-1]].astype(np.int64)
    spots -= np.repeat(inverted.firsts[inverted.docs[piece]], counts)
    gaps = np.diff(spots, prepend=0)
    begins = (places[:-1] - places[0]).astype(np.int64)
    gaps[begins] = spots[begins]
    listed = gaps.tolist()
    bounds = [*begins.tolist(), len(listed)]
    return [
        _once(listed[first]) if end - first == 1 else _several(listed[first:end])
        for first, end in pairwise(bounds)
    ]


def _several(gaps: list[int]) -> bytes:
    return bytes(pack_uint(len(gaps)) + dumps(gaps, PICKLED))


@lru_cache(4096)
def _once(place: int) -> bytes:
    """The value of a posting with one place; most postings have one of a few hundred."""
    return _several([place])
