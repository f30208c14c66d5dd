"""Which schema the database has, which one this code wants, and the way from one to the other.

Alembic is imported when something is to be migrated: a server that finds its schema starts without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask, current_app
from sqlalchemy import column, inspect, select, table
from sqlalchemy.exc import SQLAlchemyError

from forum.core.config import bundled
from forum.core.db import db, end_read
from forum.core.errors import Conflict

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

WANTED = "0037"
"""The newest migration that ships with this code."""
STANDS_AT = table("alembic_version", column("version_num"))


def know_migrations(app: Flask) -> None:
    """Let `flask_migrate` work on this application."""
    from flask_migrate import Migrate

    if "migrate" not in app.extensions:
        Migrate(app, db, directory=str(bundled("migrations")), render_as_batch=True)


def migrate(revision: str = "head") -> None:
    """Bring the database up to a migration."""
    from flask_migrate import upgrade

    know_migrations(current_app)
    upgrade(revision=revision)


def begin() -> None:
    """Bring an empty database to the schema. Raises Conflict for one of another release."""
    state = schema_state()
    end_read()
    if state in ("failed", "other"):
        raise Conflict("The database cannot be used as it is; see `forum upgrade`.")
    if state == "empty":
        migrate()


def known_revisions() -> list[tuple[str, str]]:
    """Every migration that ships with this code as (revision, sentence), oldest first."""
    scripts = reversed(list(_scripts().walk_revisions()))
    return [(script.revision, script.doc or "") for script in scripts]


def _scripts() -> ScriptDirectory:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(bundled("migrations")))
    return ScriptDirectory.from_config(config)


def current_revision() -> str | None:
    """The migration the database stands at, None for an empty one."""
    connection = db.session.connection()
    if not inspect(connection).has_table(STANDS_AT.name):
        return None
    return connection.scalar(select(STANDS_AT.c.version_num))


def schema_state() -> str:
    """`ok`, `empty`, `other` (older or newer), or `failed`."""
    try:
        current = current_revision()
    except SQLAlchemyError:
        return "failed"
    if current is None:
        return "empty"
    return "ok" if current == WANTED else "other"
