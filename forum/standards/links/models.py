"""Rows of links to standards, in the texts of versions, ideas and comments."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Model


class StandardLink(Model):
    """A text that names a standard, or one of its clauses.

    `source` is `version`, `idea` or `comment`; `place` the clause of a version it stands in, 0 for
    what stands before the first; `number` as it is written, there or not; `clause` the key of the
    clause it leads to, 0 for the whole; `linked` where it is a link and not only the number.
    """

    __tablename__ = "standard_link"
    __table_args__ = (Index("ix_standard_link_number", "number", "clause"),)

    source: Mapped[str] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[str] = mapped_column(primary_key=True)
    clause: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    linked: Mapped[bool] = mapped_column(default=True)
