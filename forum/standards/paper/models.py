"""Sheets that are printed in a job, and which files standards came from."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import Id, LongText, Model


class Printing(Model):
    """A PDF that somebody asked for, known by the digest of its sheet.

    The sheet is kept until it is printed; the PDF lies in a folder. A try is counted before it is
    made, so that a sheet which ends its printer is not printed for ever.
    """

    __tablename__ = "printing"
    __table_args__ = (
        Index(
            "ix_printing_waiting",
            "at",
            sqlite_where=text("done_at IS NULL AND NOT failed"),
            postgresql_where=text("done_at IS NULL AND NOT failed"),
        ),
    )

    id: Mapped[Id]
    digest: Mapped[str] = mapped_column(unique=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("standard_version.id"), index=True)
    html: Mapped[LongText]
    style: Mapped[LongText]
    pages: Mapped[int] = mapped_column(default=0)
    """Pages laid out so far, or at the end."""
    tries: Mapped[int] = mapped_column(default=0)
    failed: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(default=now)
    """When it was asked for, tried or went on last."""
    done_at: Mapped[datetime | None]


class ImportedStandard(Model):
    """Which file a standard came from, and what that said: the same again changes nothing."""

    __tablename__ = "imported_standard"

    standard_id: Mapped[int] = mapped_column(ForeignKey("standard.id"), primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    digest: Mapped[str]
