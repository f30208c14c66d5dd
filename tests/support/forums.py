"""Applications for tests: migrated once, emptied before each test in well under a millisecond."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

from forum.app import create_app
from forum.core.db import db
from tests.support import postgres

KEEP = {"stage", "alembic_version"}


@dataclass(frozen=True, slots=True)
class Prepared:
    """An application and how to empty its database."""

    app: Flask
    empty: Callable[[], None]

    def reset(self) -> None:
        """An empty database, no index, no remembered settings."""
        self.close()
        self.empty()
        folder = Path(self.app.config["DATA_DIR"])
        for name in ("index", "uploads", "jobs"):
            shutil.rmtree(folder / name, ignore_errors=True)
        forget = self.app.extensions.get("forum.forget", [])
        for hook in forget:
            hook()
        from forum.core.site import SiteCache

        self.app.extensions["forum.site"] = SiteCache()

    def close(self) -> None:
        """Give back every connection."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


def prepare(database: str, folder: Path, **overrides: Any) -> Prepared:
    """A migrated forum on `sqlite` or `postgresql` in `folder`."""
    url = None if database == "sqlite" else postgres.new_database()
    settings = {"DATA_DIR": folder, "DATABASE_URL": url, "RATE_LIMITS": False, "SITE_NAME": None}
    app = create_app({**settings, "TESTING": True, **overrides})
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()
    empty = _copy_file(folder) if database == "sqlite" else _delete_rows(app)
    return Prepared(app, empty)


def _copy_file(folder: Path) -> Callable[[], None]:
    live, clean = folder / "forum.sqlite3", folder / "clean.sqlite3"
    shutil.copyfile(live, clean)

    def empty() -> None:
        for name in ("forum.sqlite3-wal", "forum.sqlite3-shm"):
            (folder / name).unlink(missing_ok=True)
        shutil.copyfile(clean, live)

    return empty


def _delete_rows(app: Flask) -> Callable[[], None]:
    with app.app_context():
        tables = [table.name for table in db.metadata.sorted_tables if table.name not in KEEP]
    script = "SET session_replication_role = replica; "
    script += "; ".join(f'DELETE FROM "{name}"' for name in reversed(tables))

    def empty() -> None:
        with app.app_context(), db.engine.connect() as connection:
            connection.execute(text(script))
            connection.commit()

    return empty


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
