"""The reader of the log that notices what is new in saved searches.

It runs with the sweep of each minute, so that the work is bounded however much happens: the new and
changed things of a batch become a small index of their own, and each different search is asked of
that once, for everybody who sees the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

from sqlalchemy import select

from forum.accounts.facts import IMPORTED as PERSON_IMPORTED
from forum.accounts.models import Kind, Person
from forum.core import readers
from forum.core.clock import now
from forum.core.db import db
from forum.core.events import Event
from forum.core.readers import Reader
from forum.discussion.models import Comment
from forum.ideas.facts import IMPORTED as IDEA_IMPORTED
from forum.ideas.facts import SUPPORT_CHANGED
from forum.ideas.models import Idea
from forum.search import hits, loading
from forum.search.changes import QUIET, aged, showing, touched
from forum.search.documents import Document, Ref
from forum.search.engine.snapshot import Snapshot
from forum.search.language.operators import BY_NAME
from forum.search.saved import told
from forum.search.saved.matching import Eyes, eyes_of, found_by, small_index
from forum.search.saved.models import Alert, SavedSearch
from forum.search.visibility import ref_of

IMPORTS = frozenset((IDEA_IMPORTED.name, PERSON_IMPORTED.name))
"""Imports notify nobody."""
VOTED = frozenset((SUPPORT_CHANGED.name,))
"""Of these only searches that ask for votes may hear, for which nothing else changes."""
ABOUT_VOTES = re.compile(rf"\b({'|'.join(BY_NAME['votes'].words)})[:=]", re.IGNORECASE)
ABOUT_ONESELF = re.compile(r"[:=]\W?(me|mine|my|я|мне|меня|мной|мои|мо[её])\b", re.IGNORECASE)
"""Searches that mean something else for each reader."""


class Watch(NamedTuple):
    """A saved search with an alert, and whose it is."""

    id: int
    address: str
    since: int
    known_from: int
    person_id: int
    kind: str
    role: str

    @property
    def view(self) -> tuple[str, int]:
        """Equal for those who are found the same: the search, and the person where that matters."""
        limited = self.kind == Kind.CONSULTANT or ABOUT_ONESELF.search(unquote_plus(self.address))
        return self.address, self.person_id if limited else 0

    @property
    def counts_votes(self) -> bool:
        """Whether it asks how many support an idea."""
        return ABOUT_VOTES.search(unquote_plus(self.address)) is not None


class News(NamedTuple):
    """A thing that came or changed: by which event, and by whom."""

    document: Document
    event_id: int
    author_id: int | None


def prepare(batch: Sequence[Event]) -> Callable[[], None]:
    """Find which saved searches a batch of events is news for. Ten queries and those of the
    things, however many searches there are; three more for each consultant who waits for news."""
    events = [e for e in batch if e.type not in QUIET - VOTED and e.type not in IMPORTS]
    watches = _watches() if touched(events) or showing(events) else []
    if all(event.type in VOTED for event in events):
        watches = [watch for watch in watches if watch.counts_votes]
    news = _news(events) if watches else {}
    rows = list(_rows(watches, news)) if news else []

    def apply() -> None:
        told.insert(rows)

    return apply


READER = Reader("saved-searches", prepare)


def follow() -> int:
    """Read the log to its end; the number of events handled."""
    total = 0
    while handled := readers.advance(READER):
        total += handled
    return total


def _watches() -> list[Watch]:
    query = (
        select(
            SavedSearch.id,
            SavedSearch.address,
            SavedSearch.since,
            SavedSearch.known_from,
            Person.id,
            Person.kind,
            Person.role,
        )
        .join(Person, Person.id == SavedSearch.person_id)
        .where(
            SavedSearch.alert != Alert.NEVER,
            SavedSearch.deleted_at.is_(None),
            Person.deactivated_at.is_(None),
            Person.erased_at.is_(None),
        )
        .order_by(SavedSearch.id)
    )
    return [Watch(*row) for row in db.session.execute(query)]


def _news(events: Sequence[Event]) -> dict[Ref, News]:
    """What the events touched, as it is now."""
    newest: dict[Ref, Event] = {}
    for event in events:
        newest.update(
            (ref, event) for ref in (*touched([event]), *showing([event]), *aged([event]))
        )
    authors = _authors(newest)
    return {
        (one.kind, one.id): News(
            one,
            newest[one.kind, one.id].id,
            authors.get((one.kind, one.id), newest[one.kind, one.id].actor_id),
        )
        for one in loading.load(newest)
    }


def _authors(refs: Any) -> dict[Ref, int]:
    """Who wrote the ideas and comments; of other things, whoever changed them last counts."""
    found: dict[Ref, int] = {
        ("person", number): number for kind, number in refs if kind == "person"
    }
    for kind, model in (("idea", Idea), ("comment", Comment)):
        ids = [number for known, number in refs if known == kind]
        if ids:
            query = select(model.id, model.author_id).where(model.id.in_(ids))
            found.update(((kind, number), who) for number, who in db.session.execute(query))
    return found


def _rows(watches: Sequence[Watch], news: dict[Ref, News]) -> Iterator[dict[str, Any]]:
    """Each different search is asked once for everybody who is found the same."""
    views: dict[tuple[str, int], list[Watch]] = {}
    for watch in watches:
        views.setdefault(watch.view, []).append(watch)
    moment = now()
    with small_index([one.document for one in news.values()]) as snapshot:
        eyes = _eyes(snapshot, views)
        for (address, person_id), waiting in views.items():
            for doc in found_by(eyes[person_id], address).tolist():
                ref = ref_of(snapshot, doc)
                for watch in waiting:
                    if _is_news(watch, news[ref]):
                        yield {
                            "saved_search_id": watch.id,
                            "kind": ref[0],
                            "thing_id": ref[1],
                            "at": moment,
                            "told_at": None,
                        }


def _eyes(snapshot: Snapshot, views: dict[tuple[str, int], list[Watch]]) -> dict[int, Eyes]:
    """One reader for everybody without a limit, and each of the others."""
    readers = {person_id: waiting[0].person_id for (_address, person_id), waiting in views.items()}
    cards, people = hits.all_cards(), _people(sorted(set(readers.values())))
    return {key: eyes_of(people[number], snapshot, cards) for key, number in readers.items()}


def _is_news(watch: Watch, news: News) -> bool:
    """Neither from before the alert, nor the person's own."""
    recent = news.event_id > watch.since and news.document.at >= watch.known_from
    return recent and news.author_id != watch.person_id


def _people(ids: Sequence[int]) -> dict[int, Person]:
    """People by id. One query for 500."""
    found: dict[int, Person] = {}
    for start in range(0, len(ids), 500):
        query = select(Person).where(Person.id.in_(ids[start : start + 500]))
        found.update((person.id, person) for person in db.session.scalars(query))
    return found
