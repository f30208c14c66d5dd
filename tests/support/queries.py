"""Counting what a block asks the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from forum.core.db import db

FREE = ("BEGIN", "PRAGMA", "SET ", "SHOW ", "SAVEPOINT", "RELEASE")


@contextmanager
def listening(app: Flask) -> Iterator[list[str]]:
    """The statements of a block, in order."""
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(FREE):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


@contextmanager
def count_queries(app: Flask, expected: int) -> Iterator[list[str]]:
    """Fail unless the block costs exactly this many queries."""
    with listening(app) as seen:
        yield seen
    assert len(seen) == expected, f"{len(seen)} queries, not {expected}:\n" + "\n\n".join(seen)
