"""One leader among all jobs processes: the only one that schedules and sends mail."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from forum.core.db import db

LEADER_LOCK = 7_040_002
"""Key of the PostgreSQL advisory lock that the leader holds as long as its connection lives."""


class FileLease:
    """Leadership on one machine: a locked file, which the kernel frees when the process dies."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: Any = None

    def held(self) -> bool:
        """Whether this process leads, trying to if nobody does."""
        if self._file is not None:
            return True
        self.path.parent.mkdir(mode=0o700, exist_ok=True)
        file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self._file = file
        return True

    def release(self) -> None:
        """Let another process lead."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


class DatabaseLease:
    """Leadership among machines: an advisory lock, freed when the connection breaks."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._connection: Connection | None = None

    def held(self) -> bool:
        """Whether this process leads, trying to if nobody does; a broken connection ends it."""
        try:
            return self._ask()
        except SQLAlchemyError:
            self._drop()
            return False

    def _ask(self) -> bool:
        if self._connection is not None:
            self._connection.execute(text("SELECT 1"))
            return True
        connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        query = text("SELECT pg_try_advisory_lock(:key)")
        if connection.execute(query, {"key": LEADER_LOCK}).scalar_one():
            self._connection = connection
            return True
        connection.close()
        return False

    def release(self) -> None:
        """Let another process lead, at once: a closed connection alone is noticed only later."""
        if self._connection is not None:
            with suppress(SQLAlchemyError):
                query = text("SELECT pg_advisory_unlock(:key)")
                self._connection.execute(query, {"key": LEADER_LOCK})
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


def lease_of(app: Flask) -> FileLease | DatabaseLease:
    """The lease that fits this application's database."""
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            return DatabaseLease(db.engine)
    return FileLease(app.config["DATA_DIR"] / "jobs" / "leader.lock")
