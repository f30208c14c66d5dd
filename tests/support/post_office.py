"""A mail server of one thread: takes what is sent, or refuses it, and keeps it for the test."""

from __future__ import annotations

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_string, policy
from email.message import EmailMessage
from threading import Thread
from typing import Any


class PostOffice(socketserver.ThreadingTCPServer):
    """Listens on a free port of this machine."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, refusal: str) -> None:
        super().__init__(("127.0.0.1", 0), _Counter)
        self.refusal = refusal
        self.letters: list[EmailMessage] = []

    @property
    def url(self) -> str:
        """Where the forum finds it."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.server_address[1])


class _Counter(socketserver.StreamRequestHandler):
    server: PostOffice

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        self._say("220 post office")
        while line := self.rfile.readline():
            verb = line.decode(errors="replace").strip().upper()
            if verb == "QUIT":
                self._say("221 bye")
                return
            if verb == "DATA":
                self._take()
            elif verb.startswith("RCPT") and self.server.refusal:
                self._say(self.server.refusal)
            else:
                self._say("250 fine")

    def _take(self) -> None:
        self._say("354 go on")
        lines: list[str] = []
        while (line := self.rfile.readline().decode()) not in (".\r\n", ""):
            lines.append(line)
        letter: Any = message_from_string("".join(lines), policy=policy.default)
        self.server.letters.append(letter)
        self._say("250 taken")


@contextmanager
def post_office(refusal: str = "") -> Iterator[PostOffice]:
    """A running post office; `refusal` such as `550 no such person` refuses every letter."""
    with PostOffice(refusal) as office:
        thread = Thread(target=office.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield office
        finally:
            office.shutdown()
            thread.join()
