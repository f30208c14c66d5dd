"""What somebody looked for lately, kept for them alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import Id, LongText, Model


class RecentSearch(Model):
    """A search whose results somebody saw."""

    __tablename__ = "recent_search"
    __table_args__ = (
        UniqueConstraint("person_id", "address_key"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    address: Mapped[LongText]
    address_key: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)


class NoRecentSearches(Model):
    """Somebody who wants none of theirs kept."""

    __tablename__ = "no_recent_searches"
    __table_args__: Any = {}

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(default=now)
