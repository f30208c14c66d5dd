"""Named arrays in one file, mapped by any number of readers.

A file is written whole under another name and then renamed, so a reader sees all of it or none of
it; it is never written again, so a map of it stays true for as long as anybody holds it.

    magic (8 bytes) | version, length and CRC-32 of the header (3 x uint32, little-endian)
    header (JSON): {"size", "crc", "facts", "arrays": {name: [dtype, count, offset]}}
    arrays, each at a multiple of 64 bytes

Opening a file costs the same however long it is: the header is checked, and that the file has the
length which the header names. `check` reads all of it.
"""

from __future__ import annotations

import json
import mmap
import os
import secrets
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAGIC = b"WHARRAYS"
VERSION = 1
ALIGNED = 64
_HEAD = struct.Struct("<8sIII")


class Damaged(Exception):
    """The file is not what was written: cut, of another version, or changed."""


def write(path: Path, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> None:
    """Put one-dimensional arrays and some JSON facts into a new file, at once."""
    kept = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    places, size = {}, 0
    for name, array in kept.items():
        places[name] = [array.dtype.str, len(array), size]
        size += -(-array.nbytes // ALIGNED) * ALIGNED
    header = {"size": size, "crc": _crc(kept), "facts": dict(facts), "arrays": places}
    encoded = json.dumps(header, separators=(",", ":")).encode()
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with temporary.open("wb") as file:
            file.write(_HEAD.pack(MAGIC, VERSION, len(encoded), zlib.crc32(encoded)))
            file.write(encoded)
            file.write(b"\0" * (_start(len(encoded)) - file.tell()))
            for array in kept.values():
                file.write(array.view(np.uint8).data)
                file.write(b"\0" * (-array.nbytes % ALIGNED))
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _start(header: int) -> int:
    """Where the first array begins."""
    return -(-(_HEAD.size + header) // ALIGNED) * ALIGNED


def _crc(arrays: Mapping[str, NDArray[Any]]) -> int:
    total = 0
    for array in arrays.values():
        total = zlib.crc32(array.view(np.uint8).data, total)
    return total


class Arrays:
    """The arrays of one file, read where they lie. Raises Damaged, or OSError if there is none."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            head = file.read(_HEAD.size)
            if len(head) < _HEAD.size:
                raise Damaged(path.name)
            magic, version, length, crc = _HEAD.unpack(head)
            encoded = file.read(length) if (magic, version) == (MAGIC, VERSION) else b""
            if not encoded or len(encoded) != length or zlib.crc32(encoded) != crc:
                raise Damaged(path.name)
            header = json.loads(encoded)
            start = _start(length)
            if os.fstat(file.fileno()).st_size != start + header["size"]:
                raise Damaged(path.name)
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.path = path
        self.facts: dict[str, Any] = header["facts"]
        self._crc = header["crc"]
        self._arrays: dict[str, NDArray[Any]] = {
            name: np.frombuffer(self._map, dtype=dtype, count=count, offset=start + offset)
            for name, (dtype, count, offset) in header["arrays"].items()
        }

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self._arrays[name]

    @property
    def is_whole(self) -> bool:
        """Whether the file is as long as it was: reading behind its end would end the process."""
        return self._map.size() >= len(self._map)

    def check(self) -> None:
        """Read everything and compare it with what was written. Raises Damaged."""
        if _crc(self._arrays) != self._crc:
            raise Damaged(self.path.name)
