"""What a command says when it cannot do what it was asked: one line, in words."""

from __future__ import annotations

from typing import Any

import click
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from forum.core.config import BadSetting
from forum.core.errors import DomainError


def sentence_of(trouble: BaseException) -> str | None:
    """One line about an expected failure; None for anything else, which is a bug."""
    for kind, say in SENTENCES.items():
        if isinstance(trouble, kind):
            return " ".join(say(trouble).split())
    return None


def _asked_wrongly(trouble: Any) -> str:
    """What click says, and where to read more."""
    where = trouble.ctx.command_path if trouble.ctx is not None else "forum"
    return f"{trouble.format_message()} See `{where} --help`."


def _database(trouble: Any) -> str:
    reason = str(trouble.orig).partition("\n")[0]
    return f"The database says: {reason}. See `forum doctor`."


def _file(trouble: Any) -> str:
    reason = trouble.strerror or type(trouble).__name__
    return f"{trouble.filename}: {reason}." if trouble.filename else f"{reason}."


SENTENCES: dict[type[BaseException], Any] = {
    DomainError: str,
    BadSetting: lambda trouble: f"{trouble}.",
    click.UsageError: _asked_wrongly,
    click.ClickException: lambda trouble: trouble.format_message(),
    click.Abort: lambda _trouble: "Interrupted.",
    # Most often a folder that holds no forum yet.
    DBAPIError: _database,
    SQLAlchemyError: lambda trouble: f"FORUM_DATABASE_URL cannot be used: {trouble}.",
    OSError: _file,
}
"""From the most special to the most general."""
