"""Kept safe: upgrades with a way back, the doctor, read-only times, full disks."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, event, func, select, text

from forum.core import epoch
from forum.core.db import Model, db
from forum.core.events import Event
from forum.core.texts import Text
from forum.ideas.models import Idea
from forum.ops.archive import Reading
from tests.support import make
from tests.support.browser import Browser
from tests.support.postbox import postbox
from tests.support.server import close, forum

SignIn = Callable[..., Browser]
TYPED = "Every Friday the pallets wait for a signature."


def stamp(app: Flask, revision: str | None) -> None:
    """Make the database look like one of another version."""
    with app.app_context(), db.engine.execution_options(forum_write=True).begin() as connection:
        if revision is None:
            connection.exec_driver_sql("DELETE FROM alembic_version")
        else:
            connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")
    close(app)


def test_an_upgrade_of_a_forum_that_is_up_to_date_changes_nothing(
    company: Flask, folder: Path
) -> None:
    done = forum("upgrade", folder=folder)

    assert (done.returncode, done.stdout) == (0, "nothing to upgrade\n")
    assert not (folder / "backups").exists()


def test_an_upgrade_from_a_newer_version_is_refused(company: Flask, folder: Path) -> None:
    stamp(company, "9999")

    refused = forum("upgrade", folder=folder)

    assert refused.returncode == 1
    assert refused.stderr == "The database belongs to a newer version of the forum.\n"


def test_an_upgrade_of_nothing_says_how_to_begin(tmp_path: Path) -> None:
    refused = forum("upgrade", folder=tmp_path)

    assert refused.returncode == 1
    assert refused.stderr == ("The database is empty. Run `forum init` or `forum demo` first.\n")


def test_an_upgrade_backs_up_first_and_has_the_index_made_anew(
    company: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is one migration so far, so the step to a second is stood in for."""
    from forum.ops import upgrades

    with company.app_context():
        before = epoch.log_epoch()
        ran: list[str] = []
        monkeypatch.setattr(upgrades, "pending", lambda: [("0002", "One more table")])
        monkeypatch.setattr(upgrades, "migrate", lambda: ran.append("migrated"))
        kept = upgrades.upgrade()

        assert ran == ["migrated"]
        assert kept is not None
        assert Reading(kept).check().tables["person"].rows == 4
        assert epoch.current_epoch() != before


def test_the_doctor_finds_nothing_worse_than_warnings_in_a_fresh_forum(
    company: Flask, folder: Path
) -> None:
    report = forum("doctor", folder=folder)

    assert report.returncode == 0, report.stdout
    levels = {line.split()[0] for line in report.stdout.splitlines()}
    assert levels <= {"ok", "warn"}
    for what in ("address", "proxy", "disk", "database", "mail", "clock", "jobs", "index"):
        assert f" {what} " in report.stdout


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"FORUM_MAIL_URL": "smtp://127.0.0.1:9"}, "fail  mail"),
        ({"FORUM_PUBLIC_URL": "forum.example.org"}, "fail  address"),
        ({"FORUM_PUBLIC_URL": "https://forum.example.org"}, "warn  proxy"),
    ],
    ids=["no-mail-server", "no-scheme", "no-proxy"],
)
def test_the_doctor_names_what_hurts(
    company: Flask, folder: Path, settings: dict[str, str], line: str
) -> None:
    report = forum("doctor", folder=folder, **settings)

    assert line in report.stdout
    assert report.returncode == (1 if line.startswith("fail") else 0)


def test_the_doctor_is_content_with_a_mail_server_that_answers(
    company: Flask, folder: Path
) -> None:
    with postbox() as box:
        report = forum("doctor", folder=folder, FORUM_MAIL_URL=box.url)

    assert "ok    mail" in report.stdout


def test_the_doctor_fails_without_a_database(folder: Path) -> None:
    report = forum("doctor", folder=folder)

    assert report.returncode == 1
    assert "fail  database  The database is empty" in report.stdout
    assert len(report.stderr.splitlines()) == 1


@pytest.fixture
def read_only(app: Flask) -> Iterator[None]:
    """The forum while it is being moved."""
    app.config["READ_ONLY"] = True
    app.extensions["forum.site"].__init__()
    yield
    app.config["READ_ONLY"] = False
    app.extensions["forum.site"].__init__()


def test_a_read_only_forum_shows_its_pages_and_keeps_what_is_typed(
    app: Flask, sign_in: SignIn, read_only: None
) -> None:
    idea = 1
    browser = sign_in()
    before = rows(app)

    assert browser.get("/ideas").status_code == 200
    refused = browser.post("/ideas/new", {"problem": TYPED, "action": "post"})

    assert refused.status_code == 503
    assert TYPED in refused.text
    assert browser.post(f"/ideas/{idea}/vote").status_code == 503
    assert rows(app) == before


def rows(app: Flask) -> dict[str, int]:
    """How many rows the tables hold that a post would touch."""
    tables: tuple[type[Model], ...] = (Idea, Text, Event)
    with app.app_context():
        return {
            table.__tablename__: db.session.scalar(select(func.count()).select_from(table)) or 0
            for table in tables
        }


@contextmanager
def full_disk(app: Flask) -> Iterator[None]:
    """A database that has no room for another text."""
    with app.app_context():
        engine = db.engine
    filled = no_more_pages if engine.dialect.name == "sqlite" else no_more_texts
    with filled(engine):
        yield


@contextmanager
def no_more_pages(engine: Engine) -> Iterator[None]:
    """SQLite's file may not grow."""

    def no_room(connection: sqlite3.Connection, _record: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")

    engine.dispose()
    event.listen(engine, "connect", no_room)
    try:
        yield
    finally:
        event.remove(engine, "connect", no_room)
        engine.dispose()


@contextmanager
def no_more_texts(engine: Engine) -> Iterator[None]:
    """PostgreSQL's own error for a full disk comes with the next text."""
    writing = engine.execution_options(forum_write=True)
    with writing.begin() as connection:
        connection.execute(text(NO_ROOM))
        connection.execute(text(REFUSE_TEXTS))
    try:
        yield
    finally:
        with writing.begin() as connection:
            connection.execute(text("DROP FUNCTION no_room CASCADE"))


NO_ROOM = """CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
END $$"""
REFUSE_TEXTS = """CREATE TRIGGER full_disk BEFORE INSERT ON "text"
FOR EACH ROW EXECUTE FUNCTION no_room()"""


@pytest.mark.parametrize("path", ["post", "comment"])
def test_a_full_disk_is_507_with_nothing_half_written_and_the_text_kept(
    app: Flask, sign_in: SignIn, path: str
) -> None:
    idea = make.idea(app)
    browser = sign_in()
    before = rows(app)
    typed = TYPED * 300

    with full_disk(app):
        if path == "post":
            refused = browser.post("/ideas/new", {"problem": typed, "action": "post"})
        else:
            refused = browser.post(f"/ideas/{idea}/comments", {"body": typed[:9000]})

        assert refused.status_code == 507
        assert TYPED in refused.text
        assert rows(app) == before
        assert browser.get(f"/ideas/{idea}").status_code == 200
