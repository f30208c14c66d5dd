"""Keeping and forgetting what somebody looked for. No event tells of it: it is theirs alone."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Table, delete
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.search import addresses
from forum.search.recent.models import NoRecentSearches, RecentSearch
from forum.search.recent.queries import are_kept, beyond_the_last


def remember(person: Person, address: str) -> None:
    """Keep a search whose results somebody saw, unless they want none kept; the oldest goes."""
    if not address or not are_kept(person):
        return
    values = {"address": address, "address_key": addresses.key_of(address), "at": now()}
    with transaction():
        query = _insert(RecentSearch).values(person_id=person.id, **values)
        again = query.on_conflict_do_update(
            index_elements=["person_id", "address_key"], set_={"at": values["at"]}
        )
        db.session.execute(again)
        db.session.execute(beyond_the_last(person))


def forget(person: Person, recent_id: int) -> None:
    """Forget one of somebody's own searches; twice is the same as once."""
    _forget(RecentSearch.person_id == person.id, RecentSearch.id == recent_id)


def forget_all(person: Person) -> None:
    """Forget all of them."""
    _forget(RecentSearch.person_id == person.id)


def _forget(*which: Any) -> None:
    with transaction():
        db.session.execute(delete(RecentSearch).where(*which))


def keep(person: Person) -> None:
    """Keep somebody's searches from now on."""
    with transaction():
        said_no = NoRecentSearches.person_id == person.id
        db.session.execute(delete(NoRecentSearches).where(said_no))


def keep_none(person: Person) -> None:
    """Keep none from now on, and forget those there are."""
    with transaction():
        query = _insert(NoRecentSearches).values(person_id=person.id, since=now())
        db.session.execute(query.on_conflict_do_nothing())
        forget_all(person)


def _insert(model: Any) -> Any:
    insert = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    return insert(cast(Table, model.__table__))
