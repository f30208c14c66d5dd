"""Between the server and the application: nobody slow may hold what others need.

A body is read whole before the application begins and an answer is handed over whole, so a slow
client holds a cheap waiting thread but never a database connection or one of the few turns.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterable
from typing import Any

from forum.core import limits

TURNS = 12
"""Requests that one process works on at once; fewer than the database pool has connections."""
LARGEST = limits.UPLOAD.value + 200_000
"""Bytes; the application refuses less than this with a page, more is cut off here."""


class Gate:
    """A WSGI application around another."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.turns = threading.BoundedSemaphore(TURNS)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        """Read, wait for a turn, answer."""
        self._read_body(environ)
        with self.turns:
            parts: Iterable[bytes] = self.app(environ, start_response)
            try:
                return [b"".join(parts)]
            finally:
                close = getattr(parts, "close", None)
                if close is not None:
                    close()

    def _read_body(self, environ: dict[str, Any]) -> None:
        length = environ.get("CONTENT_LENGTH") or ""
        chunked = "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
        if length in ("", "0") and not chunked:
            return
        if length.isdecimal() and int(length) > LARGEST:
            environ["wsgi.input"] = io.BytesIO()
            return
        body = environ["wsgi.input"].read(LARGEST + 1)
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
