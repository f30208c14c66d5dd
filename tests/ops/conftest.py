"""Forums in folders of their own, for tests that run them as separate processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from forum.accounts.passwords import hash_password
from tests.support import make
from tests.support.server import PASSWORD, Server, close, fresh


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty place for a forum's data."""
    made = tmp_path / "data"
    made.mkdir(mode=0o700)
    return made


@pytest.fixture
def url() -> str | None:
    """SQLite in the data folder; modules that want both databases say so themselves."""
    return None


@pytest.fixture
def company(folder: Path, url: str | None) -> Iterator[Flask]:
    """A migrated forum whose people sign in with PASSWORD: writer1 to writer4 @example.org."""
    app = fresh(folder, url)
    hashed = hash_password(PASSWORD)
    home = make.department(app)
    for number in range(1, 5):
        make.person(app, email=f"writer{number}@example.org", password_hash=hashed, department=home)
    close(app)
    yield app
    close(app)


@pytest.fixture
def serve(folder: Path, url: str | None, company: Flask) -> Iterator[Callable[..., Server]]:
    """`serve(workers=2)`: a running server on the company; stopped at the end."""
    started: list[Server] = []

    def start(**options: object) -> Server:
        server = Server(folder, url, **options)  # type: ignore[arg-type]
        started.append(server)
        server.start()
        return server

    yield start
    for server in started:
        server.stop()
