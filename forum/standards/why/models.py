"""What a clause came from."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import Model


class Source(StrEnum):
    """What a clause may come from."""

    IDEA = "idea"
    COMMENT = "comment"
    CASE = "case"


class ClauseOrigin(Model):
    """A clause came from something; `by_id` is who linked them, None if a version did.

    `source_id` refers to a row of its kind, which may be gone or hidden: who reads asks for it.
    `taken_away_at` remembers that somebody said it did not, so that no version links them again.
    """

    __tablename__ = "clause_origin"
    __table_args__ = (Index("ix_clause_origin_source", "kind", "source_id"),)

    clause_id: Mapped[int] = mapped_column(ForeignKey("clause.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("standard_version.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    taken_away_at: Mapped[datetime | None]
