"""What goes wrong below the forum is said in its words, with the right number."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from forum.core.db import db
from forum.core.errorpages import database_error, disk_error
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]


@pytest.fixture
def away(app: Flask) -> Iterator[Callable[[], None]]:
    """`away()`: from now on nothing answers where the database was."""

    def nowhere(_dialect: Any, _record: Any, places: list[Any], options: dict[str, Any]) -> None:
        if places and db_is_a_file:
            places[0] = "/proc/no-such-place/forum.db"
        else:
            options.update(host="127.0.0.1", port=1)

    with app.app_context():
        engine = db.engine
    db_is_a_file = engine.dialect.name == "sqlite"

    def go() -> None:
        event.listen(engine, "do_connect", nowhere)
        engine.dispose()

    yield go
    event.remove(engine, "do_connect", nowhere)
    engine.dispose()


def test_while_the_database_is_away_every_page_says_so(
    app: Flask, sign_in: SignIn, anonymous: Browser, away: Callable[[], None]
) -> None:
    idea = make.idea(app)
    browser = sign_in()
    browser.page("/ideas")
    away()

    shown = [browser.get("/ideas"), anonymous.get("/sign-in"), browser.get(f"/ideas/{idea}")]
    sent = browser.post("/ideas/new", {"problem": "Typed and kept.", "action": "post"})
    told = browser.get("/ideas", headers={"Accept": "application/json"})

    assert [each.status_code for each in (*shown, sent, told)] == [503] * 5
    assert all("try again in a moment" in each.text for each in shown)
    assert all(each.headers["Retry-After"] for each in (*shown, told))
    assert "Typed and kept." in sent.text
    assert told.content_type == "application/problem+json"


def _of_sqlite(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("trouble", "status"),
    [
        (_of_sqlite(sqlite3.SQLITE_FULL), 507),
        (_of_sqlite(sqlite3.SQLITE_IOERR_WRITE), 507),
        (psycopg.errors.DiskFull(), 507),
        (psycopg.errors.DeadlockDetected(), 409),
        (psycopg.errors.SerializationFailure(), 409),
        (psycopg.errors.AdminShutdown(), 503),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_the_database_says_is_put_into_our_words(
    app: Flask, trouble: Exception, status: int
) -> None:
    headers = {"Accept": "application/json"}
    with app.test_request_context("/ideas", headers=headers):
        answer = app.make_response(database_error(OperationalError("", {}, trouble)))

    assert answer.status_code == status


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_no_room_for_a_file_is_said_as_such(app: Flask, number: int) -> None:
    with app.test_request_context("/files", headers={"Accept": "application/json"}):
        answer = app.make_response(disk_error(OSError(number, "no room")))

    assert answer.status_code == 507


def test_what_is_a_bug_stays_one(app: Flask) -> None:
    trouble = OperationalError("", {}, _of_sqlite(sqlite3.SQLITE_ERROR))

    with app.test_request_context("/ideas"), pytest.raises(OperationalError):
        database_error(trouble)
