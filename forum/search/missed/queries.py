"""Reading what several people looked for in vain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import exists, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.errors import NotFound
from forum.search import queries
from forum.search.facets import Filters
from forum.search.missed.models import MissedSearch

SHOWN = 50
"""Rows on the page; the rest comes up as these are cleared."""
WAITING = (MissedSearch.shown.is_(True), MissedSearch.dismissed_at.is_(None))


def missed_searches(reader: Person) -> tuple[list[MissedSearch], bool]:
    """What was asked for most often, and whether there is more. What something has been found for
    since is left out. One query, and one for each search that does find something."""
    query = (
        select(MissedSearch)
        .where(*WAITING)
        .order_by(MissedSearch.times.desc(), MissedSearch.id.desc())
        .limit(SHOWN + 1)
    )
    rows = list(db.session.scalars(query))
    return [row for row in rows[:SHOWN] if finds_nothing(reader, row.words)], len(rows) > SHOWN


def finds_nothing(reader: Person, words: str) -> bool:
    """Whether a search is in vain now: nothing has even most of its words. Not while the index
    cannot tell. One query for what it does find."""
    found = queries.search(reader, words, Filters(), {}, limit=1)
    return not found.rebuilding and (not found.total or found.relaxed == "any")


def missed_or_404(missed_id: int) -> MissedSearch:
    """One that is shown, put aside or not. One query."""
    missed = db.session.get(MissedSearch, missed_id)
    if missed is None or not missed.shown:
        raise NotFound
    return missed


def for_moderators(_reader: Person, places: Sequence[Any]) -> dict[int, bool]:
    """The way to the page, if any wait. One query."""
    waiting = db.session.scalar(select(exists().where(*WAITING)))
    return {place.id: True for place in places} if waiting else {}
