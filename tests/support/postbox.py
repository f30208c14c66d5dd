"""A mail server that keeps what it is given."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Talk(socketserver.StreamRequestHandler):
    server: Postbox

    def handle(self) -> None:
        self._say("220 postbox")
        while line := self.rfile.readline():
            word = line.split()[0].upper() if line.split() else b""
            if word == b"DATA":
                self._say("354 go on")
                self._take()
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _take(self) -> None:
        lines = iter(self.rfile.readline, b".\r\n")
        self.server.mails.append(b"".join(lines).decode())
        self._say("250 taken")

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


class Postbox(socketserver.ThreadingTCPServer):
    """Listens on a port of its own; `mails` holds what came."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.mails: list[str] = []

    @property
    def url(self) -> str:
        """The address to set as mail server."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"


@contextmanager
def postbox() -> Iterator[Postbox]:
    """A running mail server."""
    with Postbox() as server:
        runner = threading.Thread(target=server.serve_forever, args=(0.05,))
        runner.start()
        yield server
        server.shutdown()
        runner.join()
