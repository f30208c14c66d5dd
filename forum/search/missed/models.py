"""Words that several people looked for in vain."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, LargeBinary, false
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Id, Model


class MissedSearch(Model):
    """A search that found nothing, in words only; nothing here names a person.

    `askers` are keyed digests that tell different people apart while fewer than five have asked;
    then they are emptied. Moderators see the words once three have (`shown`), everybody may once
    five have (`by_many`).
    """

    __tablename__ = "missed_search"
    __table_args__: Any = {"sqlite_autoincrement": True}

    id: Mapped[Id]
    words: Mapped[str] = mapped_column(unique=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    askers: Mapped[list[str]] = mapped_column(JSON().with_variant(JSONB, "postgresql"))
    times: Mapped[int]
    last_on: Mapped[date] = mapped_column(index=True)
    shown: Mapped[bool] = mapped_column(default=False)
    by_many: Mapped[bool] = mapped_column(default=False, server_default=false())
    dismissed_at: Mapped[datetime | None]
