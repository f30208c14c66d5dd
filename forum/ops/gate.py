"""Between the server and the application: nobody slow may hold what others need.

A body is read whole before the application begins and an answer is handed over whole, so a slow
client holds a cheap waiting thread but never a database connection or one of the few turns. What is
longer than a usual form waits on the disk, so that many who send slowly do not fill the memory.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterable
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from forum.core import limits

TURNS = 12
"""Requests that one process works on at once; fewer than the database pool has connections."""
LARGEST = limits.UPLOAD.value + 200_000
"""Bytes; the application refuses less than this with a page, more is cut off here."""
IN_MEMORY = 64 * 1024
"""Bytes of a body that are held in memory; the rest of a longer one is on the disk."""
PART = 64 * 1024
FULL = f"{HTTPStatus.INSUFFICIENT_STORAGE.value} {HTTPStatus.INSUFFICIENT_STORAGE.phrase}"


class Gate:
    """A WSGI application around another."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.turns = threading.BoundedSemaphore(TURNS)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        """Read, wait for a turn, answer."""
        try:
            body = self._read_body(environ)
        except OSError:  # the disk is full: nothing was begun
            start_response(FULL, [("Content-Type", "text/plain"), ("Content-Length", "0")])
            return []
        with body, self.turns:
            parts: Iterable[bytes] = self.app(environ, start_response)
            try:
                return [b"".join(parts)]
            finally:
                close = getattr(parts, "close", None)
                if close is not None:
                    close()

    def _read_body(self, environ: dict[str, Any]) -> IO[bytes]:
        """Put what is sent where the application reads it; raises OSError on a full disk."""
        length = environ.get("CONTENT_LENGTH") or ""
        chunked = "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
        none = length in ("", "0") and not chunked
        if none or (length.isdecimal() and int(length) > LARGEST):
            environ["wsgi.input"] = io.BytesIO()
            return io.BytesIO()
        sent = environ["wsgi.input"]
        body = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 -- the caller closes it
        while body.tell() <= LARGEST and (part := sent.read(PART)):
            body.write(part)
        environ["CONTENT_LENGTH"] = str(body.tell())
        body.seek(0)
        environ["wsgi.input"] = body
        return body
