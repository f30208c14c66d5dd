"""Words and phrases that mean the same."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import Id, LongText, Model


class GlossaryEntry(Model):
    """A set of words and phrases that mean the same, one a line.

    `folded` has the same lines as they are compared. `revision` grows with every change of any
    entry: it tells workers that something changed, and a form that somebody was faster.
    """

    __tablename__ = "glossary_entry"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[Id]
    words: Mapped[LongText]
    folded: Mapped[LongText]
    note: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    deleted_at: Mapped[datetime | None]

    @property
    def sides(self) -> list[str]:
        """The words and phrases, as they were written."""
        return self.words.split("\n")
