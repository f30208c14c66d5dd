"""Keeping searches. No event tells of it: like a draft, a saved search is its owner's alone."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete as delete_rows
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.i18n import _
from forum.core.limits import SAVED
from forum.notifications import elsewhere
from forum.search import addresses
from forum.search.saved import told
from forum.search.saved.delivery import INBOX
from forum.search.saved.models import Alert, SavedSearch, ToldThing
from forum.search.saved.policy import owns
from forum.search.saved.queries import count_of, with_key

KEPT_AFTER_DELETION = timedelta(days=1)
"""How long a deleted search can be had back."""


def save(person: Person, address: str, *, name: str, alert: Alert) -> SavedSearch:
    """Keep a search; one that is kept already gets this name and alert.

    Raises Invalid when nothing is asked for, or somebody keeps too many.
    """
    if not address:
        raise Invalid(_("Search for something first; then you can keep it."), field="name")
    known = told.known_now(person, address) if alert != Alert.NEVER else None
    try:
        with transaction():
            saved = _kept(person, address)
            _set(saved, name, alert)
            if alert != Alert.NEVER:
                told.know(saved, known)
            return saved
    except IntegrityError:
        raise Conflict from None


def _kept(person: Person, address: str) -> SavedSearch:
    """The row for an address, in the open write."""
    key = addresses.key_of(address)
    saved = with_key(person, key)
    if (saved is None or saved.deleted_at) and not SAVED.allows(count_of(person) + 1):
        sentence = _("You keep %(limit)d searches. Delete one first.", limit=SAVED.value)
        raise Invalid(sentence, field="name")
    if saved is None:
        saved = SavedSearch(person_id=person.id, address=address, address_key=key)
        db.session.add(saved)
    saved.deleted_at, saved.used_at = None, now()
    return saved


def change(person: Person, saved: SavedSearch, *, name: str, alert: Alert) -> None:
    """Give it another name or alert. An alert that begins tells of what comes from now on."""
    require(owns(person, saved))
    begins = saved.alert == Alert.NEVER != alert
    known = told.known_now(person, saved.address) if begins else None
    with transaction():
        if begins:
            told.know(saved, known)
        if alert == Alert.NEVER:
            told.drop_waiting(saved)
        _set(saved, name, alert)


def _set(saved: SavedSearch, name: str, alert: Alert) -> None:
    saved.name, saved.alert = name, alert.value
    db.session.flush()


def delete(person: Person, saved: SavedSearch) -> None:
    """Keep it no more; it can be had back for a day. Its feed stops, what waits is not told."""
    require(owns(person, saved))
    with transaction():
        saved.deleted_at = now()
        db.session.flush()
        told.drop_waiting(saved)
        elsewhere.take_back((INBOX, saved.id))


def restore(person: Person, saved: SavedSearch) -> None:
    """Keep it again, as it was."""
    require(owns(person, saved))
    with transaction():
        saved.deleted_at = None
        db.session.flush()


def renew_feed(person: Person, saved: SavedSearch) -> None:
    """Give its feed another address; the one before stops working."""
    require(owns(person, saved))
    _touch(saved, feed_number=SavedSearch.feed_number + 1)


def use(person: Person, saved: SavedSearch) -> None:
    """Note that it was asked again, for the order of the list."""
    require(owns(person, saved))
    _touch(saved, used_at=now())


def _touch(saved: SavedSearch, **values: object) -> None:
    with transaction():
        db.session.execute(update(SavedSearch).where(SavedSearch.id == saved.id).values(**values))


def purge() -> int:
    """Forget searches that were deleted a day ago; how many."""
    old = SavedSearch.deleted_at < now() - KEPT_AFTER_DELETION
    total = 0
    while db.session.scalar(select(SavedSearch.id).where(old).limit(1)):
        with transaction():
            held = select(SavedSearch.id).where(old).limit(100).with_for_update()
            ids = list(db.session.scalars(held))
            forget(ids)
        total += len(ids)
    return total


def forget(ids: list[int]) -> None:
    """Remove searches with what they told, in the open write."""
    told_by = ToldThing.saved_search_id.in_(ids)
    db.session.execute(delete_rows(ToldThing).where(told_by))
    db.session.execute(delete_rows(SavedSearch).where(SavedSearch.id.in_(ids)))
