"""What is kept of ideas that were posted without a name."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Model


class Level(StrEnum):
    """Who may learn who posted an idea: moderators, or nobody."""

    MODERATORS = "moderators"
    NOBODY = "nobody"


class AnonymousPost(Model):
    """The digest of the secret that its author keeps; whoever has the secret answers for them."""

    __tablename__ = "anonymous_post"
    __table_args__: Any = {}

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True)
    secret_hash: Mapped[str] = mapped_column(unique=True)


class AnonymousAuthor(Model):
    """Who posted what moderators may learn; read only for them, with a privileged event."""

    __tablename__ = "anonymous_author"
    __table_args__: Any = {}

    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
