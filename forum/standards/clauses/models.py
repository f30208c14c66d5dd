"""Rows of clauses: one for a clause of a standard, and one for each version in which it stands."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Id, Model


class Clause(Model):
    """A part of a standard that may be worded, numbered and placed differently in each version.

    `key` tells it from the others of its standard, in addresses too, and is never used again.
    """

    __tablename__ = "clause"
    __table_args__ = (UniqueConstraint("standard_id", "key"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"))
    key: Mapped[int]


class VersionClause(Model):
    """The clause that stands at a place of a version, under a number and a heading.

    `guessed` where only its words told which clause it is, and nobody has confirmed it. `words`
    tells one wording from another (see `wording_of`); None in versions from before it was kept.
    """

    __tablename__ = "version_clause"
    __table_args__ = (
        UniqueConstraint("version_id", "clause_id"),
        Index("ix_version_clause_clause", "clause_id"),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("standard_version.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    clause_id: Mapped[int] = mapped_column(ForeignKey("clause.id"))
    depth: Mapped[int] = mapped_column(default=1)
    number: Mapped[str] = mapped_column(default="")
    title: Mapped[str]
    guessed: Mapped[bool] = mapped_column(default=False)
    words: Mapped[str | None]


class ClauseKin(Model):
    """A clause that was split from another in a version, or took another's words in."""

    __tablename__ = "clause_kin"
    __table_args__ = (Index("ix_clause_kin_from", "from_id"),)

    clause_id: Mapped[int] = mapped_column(ForeignKey("clause.id"), primary_key=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("clause.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("standard_version.id"))
