"""Immutable texts, keyed by a salted digest that the event log may name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import Id, LongText, Model, db
from forum.core.richtext import RENDERER, Composed


class Text(Model):
    """What somebody wrote, with its rendered form. Never changed, only blanked by an erasure."""

    __tablename__ = "text"

    id: Mapped[Id]
    digest: Mapped[str] = mapped_column(unique=True)
    salt: Mapped[bytes]
    format: Mapped[str] = mapped_column(default="markdown")
    source: Mapped[LongText]
    html: Mapped[LongText]
    plain: Mapped[LongText]
    renderer: Mapped[str] = mapped_column(default=RENDERER)
    created_at: Mapped[datetime] = mapped_column(default=now)


def store(composed: Composed, *, at: datetime | None = None) -> Text:
    """Write a composed text, now or as of a moment; flushed, so its id can be used."""
    text = Text(**_columns(composed), created_at=at or now())
    db.session.add(text)
    db.session.flush()
    return text


def store_all(composed: Sequence[Composed]) -> dict[str, int]:
    """Write many texts at once; their ids by digest. One query for about a hundred texts."""
    if not composed:
        return {}
    query = insert(Text).returning(Text.digest, Text.id)
    rows = db.session.execute(query, [_columns(each) for each in composed])
    return {row.digest: row.id for row in rows}


def _columns(composed: Composed) -> dict[str, Any]:
    return {
        "digest": composed.digest,
        "salt": composed.salt,
        "format": composed.format,
        "source": composed.source,
        "html": composed.html,
        "plain": composed.plain,
    }


def store_if_any(composed: Composed | None, *, at: datetime | None = None) -> Text | None:
    """Write a text unless there is none or it is empty."""
    return store(composed, at=at) if composed is not None and composed.source else None
