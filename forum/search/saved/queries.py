"""Reading somebody's saved searches."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.errors import NotFound
from forum.core.i18n import ngettext
from forum.core.limits import SAVED
from forum.notifications.elsewhere import Called, Given
from forum.search.saved.models import SavedSearch, ToldThing


def saved_searches(person: Person, *, most: int = SAVED.value) -> list[SavedSearch]:
    """Somebody's searches, last used first. One query."""
    query = (
        select(SavedSearch)
        .where(SavedSearch.person_id == person.id, SavedSearch.deleted_at.is_(None))
        .order_by(SavedSearch.used_at.desc(), SavedSearch.id.desc())
        .limit(most)
    )
    return list(db.session.scalars(query))


def saved_or_404(person: Person, saved_id: int, *, deleted: bool = False) -> SavedSearch:
    """One of somebody's own searches, or one they deleted. One query."""
    gone = SavedSearch.deleted_at.is_not(None) if deleted else SavedSearch.deleted_at.is_(None)
    query = select(SavedSearch).where(
        SavedSearch.id == saved_id, SavedSearch.person_id == person.id, gone
    )
    saved = db.session.scalar(query)
    if saved is None:
        raise NotFound
    return saved


def with_key(person: Person, address_key: str) -> SavedSearch | None:
    """The search that somebody keeps of this address, deleted ones too. One query."""
    query = select(SavedSearch).where(
        SavedSearch.person_id == person.id, SavedSearch.address_key == address_key
    )
    return db.session.scalar(query)


def count_of(person: Person) -> int:
    """How many searches somebody keeps. One query."""
    query = select(func.count()).where(
        SavedSearch.person_id == person.id, SavedSearch.deleted_at.is_(None)
    )
    return db.session.scalar(query) or 0


def by_feed(saved_id: int, feed_number: int, epoch: int) -> tuple[SavedSearch, Person]:
    """The search behind a feed's address and whose it is, while the address holds. One query."""
    query = (
        select(SavedSearch, Person)
        .join(Person, Person.id == SavedSearch.person_id)
        .where(
            SavedSearch.id == saved_id,
            SavedSearch.feed_number == feed_number,
            SavedSearch.deleted_at.is_(None),
            Person.epoch == epoch,
            Person.deactivated_at.is_(None),
            Person.erased_at.is_(None),
        )
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


def in_inbox(_reader: Person, news: Sequence[Given]) -> dict[int, Called]:
    """News of saved searches as the inbox shows them. Two queries."""
    ids = {each.object_id for each in news}
    names = dict(
        db.session.execute(
            select(SavedSearch.id, SavedSearch.name).where(
                SavedSearch.id.in_(ids), SavedSearch.deleted_at.is_(None)
            )
        ).all()
    )
    counted = (
        select(ToldThing.saved_search_id, ToldThing.told_at, func.count())
        .where(
            ToldThing.saved_search_id.in_(ids), ToldThing.told_at.in_({each.at for each in news})
        )
        .group_by(ToldThing.saved_search_id, ToldThing.told_at)
    )
    counts = {(row[0], row[1]): row[2] for row in db.session.execute(counted)}
    return {
        each.id: Called(
            names[each.object_id],
            _sentence(counts.get((each.object_id, each.at), 1)),
            f"/search/saved/{each.object_id}",
        )
        for each in news
        if each.object_id in names
    }


def _sentence(count: int) -> str:
    return ngettext(
        "%(num)d new result of your saved search",
        "%(num)d new results of your saved search",
        count,
    )
