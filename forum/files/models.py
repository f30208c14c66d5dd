"""Uploaded files and what they belong to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import Id, LongText, Model


class Upload(Model):
    """A file: seen by its uploader, and by whoever may see what it is used in.

    A picture is made anew and has no name; a document is as it was sent and has one.
    """

    __tablename__ = "upload"

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    sha256: Mapped[str] = mapped_column(index=True)
    media_type: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    size: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)


class UploadUse(Model):
    """A text that shows a file, such as an idea's; a standard may show the same one."""

    __tablename__ = "upload_use"
    __table_args__: Any = (Index("ix_upload_use_subject", "kind", "subject_id"),)

    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True)


class UploadText(Model):
    """The words of a document, for the search: none yet while it is tried, empty if it has none.

    A try is counted before it is made, so that a file which ends its reader is not read for ever.
    """

    __tablename__ = "upload_text"
    __table_args__: Any = (
        Index(
            "ix_upload_text_waiting",
            "upload_id",
            sqlite_where=text("plain IS NULL AND fault IS NULL"),
            postgresql_where=text("plain IS NULL AND fault IS NULL"),
        ),
    )

    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"), primary_key=True)
    tries: Mapped[int] = mapped_column(default=0)
    plain: Mapped[LongText | None]
    fault: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(default=now)
