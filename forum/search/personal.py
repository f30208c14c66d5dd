"""What search keeps of a person: the searches they saved, and those they made lately."""

from __future__ import annotations

from sqlalchemy import delete, select

from forum.core.db import db
from forum.core.personal import Erasure, Holding, Rows, rows
from forum.search.likely.models import LikelyDuplicate
from forum.search.recent.models import NoRecentSearches, RecentSearch
from forum.search.saved import actions
from forum.search.saved.models import SavedSearch, ToldThing


def about(person_id: int) -> dict[str, Rows]:
    """Their searches, what alerts have told, and whether recent ones are kept. Five queries."""
    own = select(SavedSearch.id).where(SavedSearch.person_id == person_id)
    machine = ("address_key", "since", "known_from", "feed_number")
    told_by = ToldThing.saved_search_id.in_(own)
    recent = RecentSearch.person_id == person_id
    return {
        "saved": rows(SavedSearch, SavedSearch.person_id == person_id, hide=machine),
        "told": rows(ToldThing, told_by),
        "recent": rows(RecentSearch, recent, hide=("address_key",)),
        "dismissed": rows(LikelyDuplicate, LikelyDuplicate.dismissed_by_id == person_id),
        "none_kept": rows(NoRecentSearches, NoRecentSearches.person_id == person_id),
    }


def erase(erasure: Erasure) -> None:
    """All of it goes."""
    person_id = erasure.person_id
    saved = select(SavedSearch.id).where(SavedSearch.person_id == person_id)
    actions.forget(list(db.session.scalars(saved)))
    db.session.execute(delete(RecentSearch).where(RecentSearch.person_id == person_id))
    db.session.execute(delete(NoRecentSearches).where(NoRecentSearches.person_id == person_id))


HOLDING = Holding("search", about, erase)
