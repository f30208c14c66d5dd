"""Texts of standards that are not in force any more, for a search that asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.texts import Text
from forum.standards.models import Standard, Version, VersionState
from forum.standards.queries import audience_ids
from forum.standards.visibility import visible_to

OLDER = (VersionState.SUPERSEDED, VersionState.RETIRED)
"""What was in force once; drafts never were."""
_NOW = aliased(Version)


class Older(NamedTuple):
    """What the search keeps of a version; `department_ids` are those that let a consultant see its
    standard today, none once that is retired."""

    id: int
    number: str
    version: int
    title: str
    plain: str
    html: str
    lang: str
    department_ids: list[int]
    owner_department_id: int | None
    published_at: datetime | None


def older(ids: Sequence[int]) -> list[Older]:
    """Those of the versions that were in force once, for the index. Two queries."""
    now = and_(_NOW.standard_id == Standard.id, _NOW.state == VersionState.IN_FORCE)
    query = (
        select(
            Version.id,
            Standard.number,
            Version.number,
            Version.title,
            Text.plain,
            Text.html,
            Version.lang,
            Standard.owner_department_id,
            Version.published_at,
            _NOW.id,
        )
        .join(Standard, Standard.id == Version.standard_id)
        .outerjoin(_NOW, now)
        .outerjoin(Text, Text.id == Version.text_id)
        .where(Version.id.in_(list(ids)), Version.state.in_(OLDER))
        .order_by(Version.id)
    )
    rows = db.session.execute(query).all()
    audiences = audience_ids([row[9] for row in rows if row[9]])
    return [
        Older(
            *row[:4],
            row[4] or "",
            row[5] or "",
            row[6],
            _seen_by(row[7], audiences.get(row[9], ())) if row[9] else [],
            row[7],
            row[8],
        )
        for row in rows
    ]


def _seen_by(owner_id: int | None, audience: Sequence[int]) -> list[int]:
    return sorted({*audience, *([owner_id] if owner_id else [])})


def older_of(standard_ids: Sequence[int]) -> list[int]:
    """The versions of some standards that are not in force any more. One query."""
    query = select(Version.id).where(
        Version.standard_id.in_(list(standard_ids)), Version.state.in_(OLDER)
    )
    return list(db.session.scalars(query))


def seen_older(reader: Person) -> Any:
    """Versions as a hit shows them, as far as the reader may open their pages."""
    return (
        select(
            Version.id,
            Standard.id,
            Standard.number,
            Version.number,
            Version.title,
            Version.lang,
            Version.state,
            Version.superseded_at,
            Text.plain,
        )
        .join(Standard, Standard.id == Version.standard_id)
        .outerjoin(Text, Text.id == Version.text_id)
        .where(Version.state.in_(OLDER), visible_to(reader))
    )
