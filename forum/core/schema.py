"""Which schema the database has, and which one this code wants."""

from __future__ import annotations

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import SQLAlchemyError

from forum.core.config import bundled
from forum.core.db import db

_heads: list[str] = []


def wanted_revision() -> str:
    """The newest migration that ships with this code."""
    if not _heads:
        config = Config()
        config.set_main_option("script_location", str(bundled("migrations")))
        _heads.append(ScriptDirectory.from_config(config).get_current_head() or "")
    return _heads[0]


def current_revision() -> str | None:
    """The migration the database stands at, None for an empty one."""
    return MigrationContext.configure(db.session.connection()).get_current_revision()


def schema_state() -> str:
    """`ok`, `empty`, `other` (older or newer), or `failed`."""
    try:
        current = current_revision()
    except SQLAlchemyError:
        return "failed"
    if current is None:
        return "empty"
    return "ok" if current == wanted_revision() else "other"
