"""What a saved search has told: one row a thing, so that nothing is told twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Table, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.accounts.models import Person
from forum.core import events
from forum.core.clock import now
from forum.core.db import db
from forum.search import hits
from forum.search.saved import matching
from forum.search.saved.matching import Newest
from forum.search.saved.models import SavedSearch, ToldThing

KNOWN = 500
"""Things kept as known when an alert begins. A wider search tells only of what is newer."""


def known_now(person: Person, address: str) -> list[Newest] | None:
    """What a search finds already, newest first; None while the index cannot tell. One query."""
    return matching.newest(person, address, hits.all_cards(), KNOWN + 1)


def know(saved: SavedSearch, known: Sequence[Newest] | None) -> None:
    """Begin an alert, in the open write: what is found already is no news, whatever becomes of it.

    Where more is found than is remembered, what is older than that is none either.
    """
    moment = now()
    saved.since = events.last_id()
    saved.known_from = 0
    if known is None:
        saved.known_from = int(moment.timestamp() * 1_000_000)
    elif len(known) > KNOWN:
        saved.known_from = known[KNOWN - 1].at
    db.session.flush()
    insert(
        {
            "saved_search_id": saved.id,
            "kind": one.ref[0],
            "thing_id": one.ref[1],
            "at": moment,
            "told_at": moment,
        }
        for one in (known or ())[:KNOWN]
    )


def insert(rows: Iterable[Mapping[str, Any]]) -> None:
    """Note what was found, but for what is noted already; in the open write."""
    dialect: Any = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    query = dialect(cast(Table, ToldThing.__table__)).on_conflict_do_nothing()
    if every := list(rows):
        db.session.execute(query, every)


def drop_waiting(saved: SavedSearch) -> None:
    """Tell nothing of what waits, in the open write."""
    waiting = (ToldThing.saved_search_id == saved.id) & ToldThing.told_at.is_(None)
    db.session.execute(update(ToldThing).where(waiting).values(told_at=now()))
