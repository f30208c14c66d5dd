"""Two who write at once: the second waits for its turn, and is told when it took too long."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from forum.core import db as core
from forum.core.db import db, transaction
from tests.support.forums import Prepared, prepare


@pytest.fixture(scope="module")
def forum(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """On SQLite only: PostgreSQL lets many write."""
    return prepare("sqlite", tmp_path_factory.mktemp("writers"))


@contextmanager
def another_writer(app: Flask) -> Iterator[sqlite3.Connection]:
    """A write of another process, open until it is committed."""
    path = app.config["DATA_DIR"] / "forum.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


def test_the_second_waits_until_the_first_has_committed(forum: Prepared) -> None:
    with another_writer(forum.app) as other, forum.app.app_context():
        later = threading.Timer(0.3, other.commit)
        later.start()

        with transaction() as session:
            began_after = not other.in_transaction
            settled = session.connection().exec_driver_sql("PRAGMA busy_timeout").scalar()

        later.join()
    assert began_after
    assert settled == core.BUSY_TIMEOUT_MS


def test_who_waits_too_long_is_told_and_may_write_later(
    forum: Prepared, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core, "BUSY_TIMEOUT_MS", 100)

    with another_writer(forum.app), forum.app.app_context():
        with pytest.raises(OperationalError, match="locked"), transaction():
            pass
        db.session.remove()

    with forum.app.app_context(), transaction() as session:
        assert session.connection().exec_driver_sql("SELECT 1").scalar() == 1
