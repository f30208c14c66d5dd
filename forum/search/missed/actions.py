"""Counting what people look for in vain, without keeping who did.

People are told apart by a digest under the forum's key and a salt of the row's own, so that rows
cannot be joined; digests are dropped once five people have asked, or with the row.
"""

from __future__ import annotations

import hmac
import re
import secrets
from datetime import timedelta

from flask import current_app
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from forum.accounts.models import Kind, Person
from forum.core.access import require
from forum.core.clock import now, today
from forum.core.db import db, transaction
from forum.core.events import record
from forum.core.words import words_in
from forum.search.asked import Asked
from forum.search.missed import facts
from forum.search.missed.models import MissedSearch
from forum.search.missed.queries import finds_nothing

PEOPLE = 3
"""How many different people have to ask before anybody is shown the words."""
MANY = 5
"""How many before the words may be told to everybody."""
KEPT_FOR = timedelta(days=90)
LONGEST = 80
"""Characters; a longer text is more likely to be about somebody than about a topic."""
PRIVATE = re.compile(r"[@:]|\d{5}")
"""An address, a name after a colon, a long number: not kept at all."""


def note(person: Person, wish: Asked) -> None:
    """Count a search in vain, if it was; of consultants, who see little, none is counted."""
    words = words_of(wish)
    if not words or person.kind == Kind.CONSULTANT or not finds_nothing(person, wish.q):
        return
    try:
        with transaction():
            _count(person, words)
    except IntegrityError:
        # Somebody else was the first to miss this, at the same moment: one of them is enough.
        return


def words_of(wish: Asked) -> str:
    """What is kept of a search: its words in one case; empty where it is not about a topic."""
    words = " ".join(words_in(wish.q)).casefold()
    fits = 2 <= len(words) <= LONGEST and any(char.isalpha() for char in words)
    return words if fits and not wish.narrowed and not PRIVATE.search(wish.q) else ""


def _count(person: Person, words: str) -> None:
    held = select(MissedSearch).where(MissedSearch.words == words).with_for_update()
    missed = db.session.scalar(held)
    if missed is None:
        missed = MissedSearch(words=words, salt=secrets.token_bytes(16), askers=[], times=0)
        db.session.add(missed)
    if not missed.by_many:
        askers = {*missed.askers, _digest(person, missed.salt)}
        missed.shown = missed.shown or len(askers) >= PEOPLE
        missed.by_many = len(askers) >= MANY
        missed.askers = [] if missed.by_many else sorted(askers)
    missed.times += 1
    missed.last_on = today()
    db.session.flush()


def _digest(person: Person, salt: bytes) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode() + salt
    return hmac.new(key, f"missed:{person.id}".encode(), "sha256").hexdigest()


def dismiss(moderator: Person, missed: MissedSearch) -> None:
    """Put it aside; it stays there while it is kept."""
    _set_aside(moderator, missed, aside=True)


def take_back(moderator: Person, missed: MissedSearch) -> None:
    """Undo: it waits again."""
    _set_aside(moderator, missed, aside=False)


def _set_aside(moderator: Person, missed: MissedSearch, *, aside: bool) -> None:
    require(moderator.moderates)
    column = MissedSearch.dismissed_at
    with transaction():
        changed = db.session.execute(
            update(MissedSearch)
            .where(MissedSearch.id == missed.id, column.is_(None) if aside else column.is_not(None))
            .values(dismissed_at=now() if aside else None)
        )
        if changed.rowcount:  # type: ignore[attr-defined]
            about = ("missed-search", missed.id)
            record(facts.DISMISSED, by=moderator, about=about, aside=int(aside))


def forget_old() -> int:
    """Forget what nobody has looked for in ninety days; how many."""
    old = MissedSearch.last_on < today() - KEPT_FOR
    if not db.session.scalar(select(MissedSearch.id).where(old).limit(1)):
        return 0
    with transaction():
        gone = db.session.execute(delete(MissedSearch).where(old))
    return int(gone.rowcount)  # type: ignore[attr-defined]
