"""A real `forum serve` in its own process group, and visitors who speak HTTP with it."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.cookies import SimpleCookie
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from flask import Flask

from forum.app import create_app
from forum.core import schema
from forum.core.db import db

ROOT = Path(__file__).resolve().parents[2]
FORUM = (sys.executable, "-c", "from forum.__main__ import main; main()")
TOKEN = re.compile(rb'name="csrf-token" content="([^"]+)"')
PASSWORD = "a long enough phrase"


def environment(folder: Path, url: str | None = None, **more: str) -> dict[str, str]:
    """The settings of a forum in `folder`; nothing of this machine's own settings.

    Bytecode is kept from one process to the next, as where the forum is installed.
    """
    own = ("FORUM_", "PYTHONDONTWRITEBYTECODE")
    plain = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    plain.update(FORUM_DATA_DIR=str(folder), FORUM_RATE_LIMITS="off", PYTHONUNBUFFERED="1")
    if url:
        plain["FORUM_DATABASE_URL"] = url.replace("postgresql+psycopg://", "postgresql://")
    return {**plain, **more}


def forum(
    *arguments: str, folder: Path, url: str | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run a `forum` command to its end."""
    return subprocess.run(
        [*FORUM, *arguments],
        env=environment(folder, url, **more),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


@cache
def migrated() -> bytes:
    """An empty SQLite forum as its file's bytes; made once a test process."""
    with tempfile.TemporaryDirectory() as folder:
        with opened(Path(folder)) as app:
            migrate(app)
        return (Path(folder) / "forum.sqlite3").read_bytes()


def migrate(app: Flask) -> None:
    """Bring a database to today's schema."""
    with app.app_context():
        schema.migrate()


def fresh(folder: Path, url: str | None = None) -> Flask:
    """A migrated forum in a folder, as an application to fill and inspect it with."""
    if url is None:
        (folder / "forum.sqlite3").write_bytes(migrated())
    app = create_app({"DATA_DIR": folder, "DATABASE_URL": url, "RATE_LIMITS": False})
    if url is not None:
        migrate(app)
    return app


@contextmanager
def opened(folder: Path, url: str | None = None) -> Iterator[Flask]:
    """A forum that exists already, to look into."""
    app = create_app({"DATA_DIR": folder, "DATABASE_URL": url, "RATE_LIMITS": False})
    try:
        yield app
    finally:
        close(app)


def close(app: Flask) -> None:
    """Give back every connection."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def processes() -> dict[int, int]:
    """Every living process and its parent; the dead that nobody has buried do not count.

    A process whose first thread is dead lives on, its files open, until the last one is.
    """
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, parent = (entry / "stat").read_text().rpartition(") ")[2].split()[:2]
                threads_left = len(os.listdir(entry / "task"))
            except (FileNotFoundError, ProcessLookupError):
                continue
            if state not in "ZX" or threads_left > 1:
                found[int(entry.name)] = int(parent)
    return found


def threads(pid: int) -> int:
    """Threads of a process."""
    return int(Path(f"/proc/{pid}/status").read_text().split("Threads:")[1].split()[0])


def family(first: int) -> set[int]:
    """A process and all it brought forth."""
    parents, known = processes(), {first}
    while more := {pid for pid, parent in parents.items() if parent in known} - known:
        known |= more
    return known


def wait_until(what: object, within: float, every: float = 0.02) -> bool:
    """Whether a condition becomes true in time."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if what():  # type: ignore[operator]
            return True
        time.sleep(every)  # polling another process: there is nothing to wait on
    return bool(what())  # type: ignore[operator]


class Server:
    """`forum serve` on a port of its own."""

    def __init__(
        self,
        folder: Path,
        url: str | None = None,
        workers: int = 2,
        command: str = "serve",
        **more: str,
    ) -> None:
        self.folder, self.url, self.more = folder, url, more
        self.command = [command] if command == "demo" else [command, "--workers", str(workers)]
        self.port = free_port()
        self.process: subprocess.Popen[str] | None = None
        self.members: set[int] = set()

    def start(self) -> float:
        """Start and wait until it listens; the seconds that took."""
        began = time.monotonic()
        self.log = (self.folder.parent / f"serve-{self.port}.log").open("a")
        self.process = subprocess.Popen(
            [*FORUM, *self.command, "--port", str(self.port)],
            env=environment(self.folder, self.url, **self.more),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        line = next((line for line in self.process.stdout if line.startswith("Listening")), "")
        if line.strip() != f"Listening on http://127.0.0.1:{self.port}":
            self.stop()
            raise AssertionError((line, self.tail()))
        self.members = family(self.process.pid)
        return time.monotonic() - began

    def tail(self) -> str:
        """The end of what it logged."""
        return (self.folder.parent / f"serve-{self.port}.log").read_text()[-3000:]

    @property
    def first(self) -> int:
        """The process that was started."""
        assert self.process is not None
        return self.process.pid

    def kill_first(self) -> None:
        """SIGKILL to the first process alone."""
        self.members = family(self.first)
        os.kill(self.first, signal.SIGKILL)
        self._bury()

    def kill_group(self) -> None:
        """SIGKILL to all of them at once."""
        self.members = family(self.first)
        os.killpg(self.first, signal.SIGKILL)
        self._bury()

    def stop(self) -> None:
        """SIGTERM, and wait for the end."""
        if self.process is not None and self.process.poll() is None:
            os.kill(self.first, signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(self.first, signal.SIGKILL)
                raise
        self._bury()

    def _bury(self) -> None:
        if self.process is not None:
            self.process.wait(10)
            if self.process.stdout is not None:
                self.process.stdout.close()
            self.log.close()

    def survivors(self) -> set[int]:
        """Members that still live."""
        return self.members & set(processes())

    def is_gone(self) -> bool:
        """Whether no member lives and nobody listens."""
        return not self.survivors() and self.refuses()

    def refuses(self) -> bool:
        """Whether nobody listens on the port."""
        with socket.socket() as trial:
            trial.settimeout(1)
            return trial.connect_ex(("127.0.0.1", self.port)) != 0


class Answer(NamedTuple):
    """What came back."""

    status: int
    location: str
    body: bytes


class Visitor:
    """One browser over real HTTP, without pictures."""

    def __init__(self, port: int, timeout: float = 20) -> None:
        self.port, self.timeout = port, timeout
        self.cookies: dict[str, str] = {}
        self.token = ""

    def ask(
        self, method: str, address: str, fields: dict[str, str] | None = None, **headers: str
    ) -> Answer:
        """One request on a connection of its own. Raises OSError when nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if fields is not None:
            body = urlencode({"csrf_token": self.token, **fields})
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, address, body, sent)
            response = connection.getresponse()
            answer = Answer(response.status, response.getheader("Location", ""), response.read())
            self._keep(response)
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()
        found = TOKEN.search(answer.body)
        if found:
            self.token = found.group(1).decode()
        return answer

    def _keep(self, response: http.client.HTTPResponse) -> None:
        for line in response.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value

    def get(self, address: str, **headers: str) -> Answer:
        """Fetch."""
        return self.ask("GET", address, **headers)

    def post(self, address: str, **fields: str) -> Answer:
        """Send a form with the session's token."""
        return self.ask("POST", address, fields)

    def sign_in(self, email: str, password: str = PASSWORD) -> Visitor:
        """Enter, and learn the session's token."""
        self.get("/sign-in")
        answer = self.post("/sign-in", email=email, password=password)
        assert answer.status == 303, (answer.status, answer.body[:2000])
        self.get("/settings")
        return self


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a forum that is served from a folder, by one worker."""
    server = Server(folder, workers=1)
    server.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.stop()
