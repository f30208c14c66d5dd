"""Reading somebody's recent searches."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, exists, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.limits import RECENT
from forum.search.recent.models import NoRecentSearches, RecentSearch


def recent_searches(person: Person, *, most: int = RECENT.value) -> list[RecentSearch]:
    """What somebody looked for lately, newest first. One query."""
    query = (
        select(RecentSearch)
        .where(RecentSearch.person_id == person.id)
        .order_by(RecentSearch.at.desc(), RecentSearch.id.desc())
        .limit(most)
    )
    return list(db.session.scalars(query))


def are_kept(person: Person) -> bool:
    """Whether somebody's searches are kept; they are, unless they said no. One query."""
    said_no = exists().where(NoRecentSearches.person_id == person.id)
    return not db.session.scalar(select(said_no))


def beyond_the_last(person: Person) -> Any:
    """The statement that removes all but the newest of somebody's."""
    newest = (
        select(RecentSearch.id)
        .where(RecentSearch.person_id == person.id)
        .order_by(RecentSearch.at.desc(), RecentSearch.id.desc())
        .limit(RECENT.value)
    )
    return delete(RecentSearch).where(
        RecentSearch.person_id == person.id, RecentSearch.id.not_in(newest)
    )
