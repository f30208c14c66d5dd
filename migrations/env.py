"""How migrations run: one connection, batch mode on SQLite, own column types spelt out."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection

db = current_app.extensions["migrate"].db


SPELT_OUT = {"UTCDateTime": "sa.DateTime(timezone=True)", "ShortText": "sa.String()"}


def render_item(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """Write our types as what they are in the database."""
    found = SPELT_OUT.get(type(item).__name__) if kind == "type" else None
    return found or False


def compare_type(_context: Any, _column: Any, _old: Any, _new: Any, new: Any) -> bool | None:
    """Our datetime type equals the plain one."""
    return False if type(new).__name__ == "UTCDateTime" else None


def migrate(connection: Connection) -> None:
    """Run within one transaction, so that a failed migration leaves nothing."""
    context.configure(
        connection=connection,
        target_metadata=db.metadatas[None],
        render_as_batch=True,
        render_item=render_item,
        compare_type=compare_type,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def run() -> None:
    """Use the connection that was handed over, or open one that may write."""
    given = context.config.attributes.get("connection")
    if given is not None:
        migrate(given)
        return
    with db.engine.connect().execution_options(forum_write=True) as connection:
        migrate(connection)
        connection.commit()


run()
