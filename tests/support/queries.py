"""Counting what a block asks the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import event

from forum.core.db import db

EACH = 10
"""Instructions of SQLite that are counted at once."""
FREE = ("BEGIN", "PRAGMA", "SET ", "SHOW ", "SAVEPOINT", "RELEASE")


@contextmanager
def _hearing(app: Flask, moment: str, note: Callable[..., None]) -> Iterator[None]:
    """Tell `note` of each statement of a block, at a moment that SQLAlchemy knows."""
    with app.app_context():
        engine = db.engine
    event.listen(engine, moment, note)
    try:
        yield
    finally:
        event.remove(engine, moment, note)


@contextmanager
def listening(app: Flask) -> Iterator[list[str]]:
    """The statements of a block, in order."""
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(FREE):
            seen.append(statement)

    with _hearing(app, "before_cursor_execute", note):
        yield seen


@contextmanager
def count_queries(app: Flask, expected: int) -> Iterator[list[str]]:
    """Fail unless the block costs exactly this many queries."""
    with listening(app) as seen:
        yield seen
    assert len(seen) == expected, f"{len(seen)} queries, not {expected}:\n" + "\n\n".join(seen)


@dataclass(slots=True)
class Fetched:
    """The statements of a block, and how many rows it was given for them."""

    statements: list[str] = field(default_factory=list)
    rows: int = 0


class _Counting:
    """A cursor that counts the rows it gives out."""

    def __init__(self, cursor: Any, fetched: Fetched) -> None:
        self._cursor, self._fetched = cursor, fetched

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    def fetchone(self) -> Any:
        return self._counted(self._cursor.fetchone(), lambda _row: 1)

    def fetchmany(self, *size: int) -> Any:
        return self._counted(self._cursor.fetchmany(*size), len)

    def fetchall(self) -> Any:
        return self._counted(self._cursor.fetchall(), len)

    def _counted(self, found: Any, count: Any) -> Any:
        self._fetched.rows += count(found) if found is not None else 0
        return found


@contextmanager
def fetching(app: Flask) -> Iterator[Fetched]:
    """The statements of a block, and the rows that came back."""
    fetched = Fetched()

    def count(_c: Any, cursor: Any, _statement: str, _p: Any, context: Any, _many: bool) -> None:
        context.cursor = _Counting(cursor, fetched)

    with _hearing(app, "after_cursor_execute", count), listening(app) as fetched.statements:
        yield fetched


@contextmanager
def _on_connections(
    app: Flask, begin: Callable[[Any], None], end: Callable[[Any], None]
) -> Iterator[list[str]]:
    """Begin something on each of SQLite's connections that a block uses, before its first
    statement, and end it after the block. Holds the statement that runs."""
    current = [""]
    known: list[Any] = []

    def note(_c: Any, cursor: Any, statement: str, *_rest: Any) -> None:
        current[0] = statement
        if cursor.connection not in known:
            begin(cursor.connection)
            known.append(cursor.connection)

    try:
        with _hearing(app, "before_cursor_execute", note):
            yield current
    finally:
        for connection in known:
            end(connection)


@contextmanager
def preparing(app: Flask) -> Iterator[list[str]]:
    """The statements of a block that SQLite prepares when they are run, and not when they were run
    before: only then it asks for the columns that they read."""
    seen: list[str] = []

    def ask(action: int, *_what: Any) -> int:
        if action == sqlite3.SQLITE_READ and current[0] not in seen:
            seen.append(current[0])
        return sqlite3.SQLITE_OK

    with _on_connections(
        app, lambda each: each.set_authorizer(ask), lambda each: each.set_authorizer(None)
    ) as current:
        yield seen


@dataclass(slots=True)
class Work:
    """How many instructions SQLite followed."""

    steps: int = 0


@contextmanager
def working(app: Flask) -> Iterator[Work]:
    """What SQLite does in a block, whatever it is asked."""
    work = Work()

    def count() -> int:
        work.steps += EACH
        return 0

    with _on_connections(
        app,
        lambda each: each.set_progress_handler(count, EACH),
        lambda each: each.set_progress_handler(None, 0),
    ):
        yield work
