"""Which schema the database has, and which one this code wants."""

from __future__ import annotations

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import SQLAlchemyError

from forum.core.config import bundled
from forum.core.db import db

_heads: list[str] = []


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(bundled("migrations")))
    return ScriptDirectory.from_config(config)


def wanted_revision() -> str:
    """The newest migration that ships with this code."""
    if not _heads:
        _heads.append(_scripts().get_current_head() or "")
    return _heads[0]


def known_revisions() -> list[tuple[str, str]]:
    """Every migration that ships with this code as (revision, sentence), oldest first."""
    scripts = reversed(list(_scripts().walk_revisions()))
    return [(script.revision, script.doc or "") for script in scripts]


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
