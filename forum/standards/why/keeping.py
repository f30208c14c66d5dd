"""Linking the clauses that a version brought or changed with the ideas that fed it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.core.clock import now
from forum.core.db import db
from forum.standards.clauses.models import VersionClause
from forum.standards.models import Version, VersionState
from forum.standards.why.models import ClauseOrigin, Source


class Turn(NamedTuple):
    """The clauses that a version brings or words anew, and those that it drops, by their ids."""

    changed: list[int]
    dropped: list[int]


def turn_of(draft: Version) -> Turn:
    """How a draft turns the clauses in force. One query."""
    query = (
        select(Version.id, VersionClause.clause_id, VersionClause.words)
        .join(VersionClause, VersionClause.version_id == Version.id)
        .where(
            Version.standard_id == draft.standard_id,
            (Version.id == draft.id) | (Version.state == VersionState.IN_FORCE),
        )
        .order_by(Version.id, VersionClause.place)
    )
    here: dict[int, str | None] = {}
    there: dict[int, str | None] = {}
    for version_id, clause_id, words in db.session.execute(query):
        (here if version_id == draft.id else there)[clause_id] = words
    changed = [c for c, words in here.items() if words is None or there.get(c) != words]
    return Turn(changed, [c for c in there if c not in here])


def link_ideas(draft: Version, clause_ids: Sequence[int], ideas: Sequence[int]) -> None:
    """Say that clauses came from the ideas that fed their version; in the open write.

    What somebody has taken away stays away.
    """
    rows = [
        {
            "clause_id": clause_id,
            "kind": Source.IDEA,
            "source_id": idea_id,
            "version_id": draft.id,
            "at": now(),
        }
        for clause_id in clause_ids
        for idea_id in ideas
    ]
    if rows:
        insert = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
        db.session.execute(insert(ClauseOrigin).on_conflict_do_nothing(), rows)
