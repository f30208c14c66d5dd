"""What stands before the application reads whole, holds little, and hands on unchanged."""

from __future__ import annotations

import io
import tracemalloc
from typing import Any

import pytest

from forum.ops.gate import IN_MEMORY, LARGEST, Gate


class Stream(io.RawIOBase):
    """A body of so many bytes that is made while it is read."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        size = self.left if size < 0 else min(size, self.left)
        self.left -= size
        return b"x" * size


def through(size: int, **environ: Any) -> tuple[list[str], int]:
    """The status and how many bytes the application read."""
    said: list[str] = []

    def application(asked: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        read = 0
        while part := asked["wsgi.input"].read(4096):
            read += len(part)
        assert str(read) == asked.get("CONTENT_LENGTH", "0")
        return [str(read).encode()]

    asked = {"CONTENT_LENGTH": str(size), "wsgi.input": Stream(size), **environ}
    parts = Gate(application)(asked, lambda status, _headers: said.append(status))
    return said, int(b"".join(parts) or 0)


@pytest.mark.parametrize("size", [0, 1, IN_MEMORY, IN_MEMORY + 1, 1_000_000, LARGEST])
def test_a_body_arrives_whole(size: int) -> None:
    assert through(size) == (["200 OK"], size)


def test_a_body_without_a_length_arrives_whole_up_to_the_limit() -> None:
    chunked = {"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}

    assert through(100_000, **chunked) == (["200 OK"], 100_000)
    _status, read = through(10 * LARGEST, **chunked)
    assert LARGEST < read <= LARGEST + 2 * IN_MEMORY


def test_a_long_body_takes_little_memory() -> None:
    through(IN_MEMORY)
    tracemalloc.start()
    try:
        through(LARGEST)
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert most < 1_000_000


def test_a_full_disk_is_told_and_nothing_is_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.BytesIO):
        def write(self, _part: Any) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("forum.ops.gate.SpooledTemporaryFile", lambda _size: Full())

    assert through(500_000) == (["507 Insufficient Storage"], 0)
