"""Reads on SQLite cannot write, and are cheap: their statements stay compiled."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from forum.core.db import db, transaction
from tests.support.forums import Prepared, prepare

CHANGE = text("INSERT INTO log_epoch (token) VALUES ('changed')")


@pytest.fixture(scope="module")
def forum(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """On SQLite only: on PostgreSQL what reads is kept from writing by the session alone."""
    return prepare("sqlite", tmp_path_factory.mktemp("reads"))


@contextmanager
def said(app: Flask) -> Iterator[list[str]]:
    """What the one connection of this thread is told in a block."""
    seen: list[str] = []
    with app.app_context():
        plain: Any = db.session.connection().connection.dbapi_connection
    assert isinstance(plain, sqlite3.Connection)
    plain.set_trace_callback(seen.append)
    try:
        yield seen
    finally:
        plain.set_trace_callback(None)


def read(app: Flask) -> None:
    with app.app_context():
        db.session.execute(text("SELECT 1"))


def test_what_reads_cannot_write_neither_before_nor_after_a_write(forum: Prepared) -> None:
    for _time in range(2):
        with forum.app.app_context(), pytest.raises(OperationalError, match="readonly"):
            db.session.execute(CHANGE)
        with forum.app.app_context(), transaction():
            db.session.execute(text("DELETE FROM log_epoch"))


def test_reads_in_a_row_leave_the_compiled_statements_alone(forum: Prepared) -> None:
    read(forum.app)

    with said(forum.app) as seen:
        read(forum.app)
        read(forum.app)

    assert seen.count("SELECT 1") == 2
    assert not [each for each in seen if each.startswith("PRAGMA")]
