"""Rows of translations: what a wording of a standard's part says in the other language."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import Id, Model


class Part(StrEnum):
    """What of a standard is translated by itself."""

    TITLE = "title"
    CHANGE = "change"
    OPENING = "opening"
    CLAUSE = "clause"


class Translation(Model):
    """One wording of a part in another language; of each wording there is at most one.

    `key` is that of the clause, which it follows wherever it moves; 0 for what is no clause.
    `words` tells the wording (see `clauses.keeping`), `version` is the newest it was written for.
    A title, or what changes for readers, has no text, an opening no title; one with neither says
    that the translation was taken away. Saved again it is a new row, so that its number tells
    whether somebody has seen it.
    """

    __tablename__ = "translation"
    __table_args__ = (
        UniqueConstraint("standard_id", "lang", "part", "key", "words"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"))
    lang: Mapped[str]
    part: Mapped[str]
    key: Mapped[int] = mapped_column(default=0)
    words: Mapped[str]
    version: Mapped[int]
    title: Mapped[str] = mapped_column(default="")
    text_id: Mapped[int | None] = mapped_column(ForeignKey("text.id"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)
