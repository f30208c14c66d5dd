"""The glossary as every worker remembers it.

The newest revision comes along with the query that loads the reader, so a search asks the database
only for the entries that changed since.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import Flask, current_app, g
from sqlalchemy import func, select

from forum.accounts.sessions import bring_along
from forum.core.db import db
from forum.search.analysis import Word, words_of
from forum.search.glossary.models import GlossaryEntry
from forum.search.language import One, Row

NAME = "glossary"

MOST_ENTRIES = 5
"""Entries looked at that share a word."""

Key = tuple[str, ...]
"""The dictionary forms of a word or phrase, in a row."""


@dataclass(frozen=True, slots=True)
class Side:
    """A word or phrase of an entry, as it was written and as it is compared."""

    text: str
    key: Key

    @property
    def operand(self) -> One | Row:
        """What is looked for."""
        words = _telling(self.text)
        return One(words[0]) if len(words) == 1 else Row(words)


def side_of(text: str) -> Side | None:
    """A word or phrase of an entry; None when nothing in it can be found."""
    key = tuple(part for word in _telling(text) for part in key_of(word))
    return Side(text, key) if key else None


def _telling(text: str) -> tuple[Word, ...]:
    return tuple(word for word in words_of(text) if word.lemmas)


def key_of(word: Word) -> Key:
    """What a word is compared by: товарно-материальные is two words in a row."""
    return tuple(place[0] for place in word.forms.row)


@dataclass(frozen=True, slots=True)
class Known:
    """All entries of a revision: their sides, and the entries that have a side."""

    revision: int = 0
    entries: Mapping[int, tuple[Side, ...]] = field(default_factory=dict)
    having: Mapping[Key, Sequence[int]] = field(default_factory=dict)
    longest: int = 0

    def others(self, key: Key) -> list[Side]:
        """The other sides of all entries that have this one."""
        found: dict[Key, Side] = {}
        for entry_id in self.having.get(key, ())[:MOST_ENTRIES]:
            found |= {side.key: side for side in self.entries[entry_id] if side.key != key}
        return list(found.values())


NOTHING = Known()


def arranged(revision: int, entries: Mapping[int, tuple[Side, ...]]) -> Known:
    """The entries, ready to be looked up."""
    having: dict[Key, list[int]] = {}
    for entry_id, sides in entries.items():
        for side in sides:
            having.setdefault(side.key, []).append(entry_id)
    return Known(revision, entries, having, max(map(len, having), default=0))


class Memory:
    """This process's copy of the glossary."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known = NOTHING

    def at(self, revision: int) -> Known:
        """The glossary as of a revision. One query when it moved, none otherwise."""
        known = self._known
        if known.revision != revision:
            with self._lock:
                if self._known.revision != revision:
                    self._known = _renewed(self._known, revision)
                known = self._known
        return known

    def forget(self) -> None:
        """Drop everything, as when the database was replaced."""
        self._known = NOTHING


def _renewed(known: Known, revision: int) -> Known:
    # An older revision is that of another database, as in a forum that was restored.
    since = known.revision if known.revision < revision else 0
    entries = dict(known.entries) if since else {}
    newest = since
    rows = select(
        GlossaryEntry.id, GlossaryEntry.words, GlossaryEntry.revision, GlossaryEntry.deleted_at
    ).where(GlossaryEntry.revision > since)
    for entry_id, words, at, deleted_at in db.session.execute(rows):
        newest = max(newest, at)
        entries.pop(entry_id, None)
        if deleted_at is None:
            entries[entry_id] = tuple(filter(None, map(side_of, words.split("\n"))))
    return arranged(newest, entries)


REVISION = select(func.coalesce(func.max(GlossaryEntry.revision), 0))


def watch(app: Flask) -> None:
    """Remember the glossary here, and let its newest revision come along with every reader."""
    memory = app.extensions["forum.glossary"] = Memory()
    app.extensions.setdefault("forum.forget", []).append(memory.forget)
    bring_along(NAME, REVISION.scalar_subquery())


def glossary() -> Known:
    """The glossary now. No query while nothing changed; one outside a request."""
    along = g.get("along", {})
    revision = along[NAME] if NAME in along else db.session.scalar(REVISION)
    memory: Memory = current_app.extensions["forum.glossary"]
    return memory.at(revision or 0)
