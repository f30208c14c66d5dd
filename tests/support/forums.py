"""Applications for tests: migrated once, emptied before each test in well under a millisecond."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import event

from forum.app import create_app
from forum.core.db import db
from forum.core.schema import migrate
from tests.support import postgres

KEEP = {"stage", "alembic_version"}
AS_SHIPPED = (
    "UPDATE stage SET name_en = '', name_ru = '', meaning_en = '', meaning_ru = '', hue = NULL, "
    "days = NULL, enter = 'moderators', leave = 'moderators', removed_at = NULL"
)


class Copies(Protocol):
    """Copies of a database nobody is connected to, by name."""

    def keep(self, name: str) -> None:
        """Copy it away."""

    def bring_back(self, name: str) -> None:
        """Put the copy in its place."""

    def close(self) -> None:
        """None is wanted any more."""


class FileCopies:
    """Copies of an SQLite file beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.live = folder / "forum.sqlite3"

    def keep(self, name: str) -> None:
        """Copy the file away."""
        shutil.copyfile(self.live, self.folder / f"{name}.sqlite3")

    def bring_back(self, name: str) -> None:
        """Copy it back, and drop what was not checkpointed."""
        for beside in ("forum.sqlite3-wal", "forum.sqlite3-shm"):
            (self.folder / beside).unlink(missing_ok=True)
        shutil.copyfile(self.folder / f"{name}.sqlite3", self.live)

    def close(self) -> None:
        """Nothing is open."""


FOLDERS = ("index", "uploads", "jobs", "printed")


@dataclass(frozen=True, slots=True)
class Prepared:
    """An application, how to empty its database, and how to copy it away and back by a name."""

    app: Flask
    empty: Callable[[], None]
    copies: Copies

    def reset(self) -> None:
        """An empty database, no index, no remembered settings."""
        self.close()
        self.empty()
        for name in FOLDERS:
            shutil.rmtree(self._folder / name, ignore_errors=True)
        self._forget()

    def keep(self, name: str) -> None:
        """Copy the database and what lies beside it, in the place of an older copy."""
        self.close()
        self.copies.keep(name)
        shutil.rmtree(self._folder / "kept" / name, ignore_errors=True)
        for folder in FOLDERS:
            if (self._folder / folder).exists():
                shutil.copytree(self._folder / folder, self._folder / "kept" / name / folder)

    def bring_back(self, name: str) -> None:
        """Everything as it was when it was kept under this name."""
        self.close()
        self.copies.bring_back(name)
        for folder in FOLDERS:
            shutil.rmtree(self._folder / folder, ignore_errors=True)
            kept = self._folder / "kept" / name / folder
            if kept.exists():
                shutil.copytree(kept, self._folder / folder)
        self._forget()

    @property
    def _folder(self) -> Path:
        return Path(self.app.config["DATA_DIR"])

    def _forget(self) -> None:
        forget = self.app.extensions.get("forum.forget", [])
        for hook in forget:
            hook()
        from forum.core.site import SiteCache

        self.app.extensions["forum.site"] = SiteCache()

    def close(self) -> None:
        """Give back every connection; those to a file that will be another one are closed."""
        with self.app.app_context():
            db.session.remove()
            if db.engine.dialect.name == "sqlite":
                db.engine.dispose()

    def end(self) -> None:
        """Leave no connection behind."""
        self.close()
        self.copies.close()
        with self.app.app_context():
            db.engine.dispose()


def prepare(
    database: str, folder: Path, *, compiled: Path | None = None, **overrides: Any
) -> Prepared:
    """A migrated forum on `sqlite` or `postgresql` in `folder`.

    What templates are `compiled` to may lie in a folder that other applications read too.
    """
    url = None if database == "sqlite" else postgres.new_database()
    settings = {"DATA_DIR": folder, "DATABASE_URL": url, "RATE_LIMITS": False, "SITE_NAME": None}
    app = create_app({**settings, "TESTING": True, **overrides})
    if compiled is not None:
        app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(compiled))
    with app.app_context():
        if url is None:
            event.listen(db.engine, "connect", _without_syncing)
        migrate()
        db.session.remove()
        db.engine.dispose()
    if url is not None:
        behind = postgres.Behind(url)
        return Prepared(app, _delete_rows(app, behind), postgres.Copies(behind))
    copies = FileCopies(folder)
    copies.keep("clean")
    return Prepared(app, lambda: copies.bring_back("clean"), copies)


def _without_syncing(connection: Any, _record: Any) -> None:
    """No test cuts the power to its own process; the ones that kill a server start a real one."""
    connection.execute("PRAGMA synchronous=OFF")


def _delete_rows(app: Flask, behind: postgres.Behind) -> Callable[[], None]:
    with app.app_context():
        tables = [table.name for table in db.metadata.sorted_tables if table.name not in KEEP]
    script = "; ".join(f'DELETE FROM "{name}"' for name in reversed(tables))
    script += f"; DELETE FROM stage WHERE slug <> kind; {AS_SHIPPED}"
    return partial(behind.run, script)


def summary(reporter: Any) -> Iterator[str]:
    """One line a database: its version and how many tests ran on it."""
    import sqlite3

    versions = {"sqlite": f"SQLite {sqlite3.sqlite_version}", "postgresql": postgres.version()}
    for database, version in versions.items():
        counts = {
            outcome: sum(_ran_on(report, database) for report in reporter.stats.get(outcome, []))
            for outcome in ("passed", "failed")
        }
        if any(counts.values()):
            yield f"{version}: {counts['passed']} passed, {counts['failed']} failed"


def _ran_on(report: Any, database: str) -> bool:
    name = getattr(report, "nodeid", "")
    return f"[{database}" in name or f"-{database}" in name
