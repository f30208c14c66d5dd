"""Which life of the log this is: renewed by a restore, so that copies made from it start anew."""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Model, db, transaction


class LogEpoch(Model):
    """The one row that names the log's epoch."""

    __tablename__ = "log_epoch"
    __table_args__: Any = {}

    token: Mapped[str] = mapped_column(primary_key=True)


def current_epoch() -> str | None:
    """The log's epoch, None before anybody asked for one. One query."""
    return db.session.scalar(select(LogEpoch.token).order_by(LogEpoch.token).limit(1))


def log_epoch() -> str:
    """The log's epoch, made at first use. One query; a write the first time."""
    return current_epoch() or renew()


def renew() -> str:
    """Begin a new epoch, as a restore must: every index and copy of the log is then rebuilt."""
    token = secrets.token_hex(8)
    with transaction():
        db.session.execute(delete(LogEpoch))
        db.session.add(LogEpoch(token=token))
    return token
