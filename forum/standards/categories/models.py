"""Rows of categories."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Id, LongText, Model


class Category(Model):
    """A place in the tree, named in both languages; `template` is how a new standard of it begins,
    empty for the usual outline."""

    __tablename__ = "standard_category"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[Id]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("standard_category.id"), index=True)
    name_en: Mapped[str]
    name_ru: Mapped[str]
    template: Mapped[LongText] = mapped_column(default="")
