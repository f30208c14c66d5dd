"""What the forum knows about a person, and how it forgets them: every feature answers for its own.

Texts are the company's and stay, unless asked otherwise; the name in them does not. Votes and the
event log name nobody but an id, so they stay too, and the audit chain still verifies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update

from forum.core.db import db
from forum.core.richtext import plain_text, render
from forum.core.richtext.mentions import MENTION
from forum.core.textcheck import detect_lang
from forum.core.texts import Text

Rows = list[dict[str, Any]]
Things = list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Erasure:
    """Whom to forget, at whose word, and whether what they wrote goes with them."""

    person_id: int
    name: str
    email: str | None
    by: Any
    blank_texts: bool = False
    words: Mapping[str, str] = field(default_factory=dict)

    def said(self, text: str) -> str:
        """What is said instead of the name, in a text's own language."""
        return said(text, self.words)


def _nothing(_erasure: Erasure) -> None:
    """For features whose rows name people by id only."""


Relabel = Callable[[str], str]
"""A title or excerpt as it reads without the name."""


def _nowhere(_text_ids: Sequence[int], _relabel: Relabel) -> Things:
    return []


@dataclass(frozen=True, slots=True)
class Holding:
    """A feature's answers: its rows about a person by table, how it erases them in the open write,
    and which things show given texts, after relabelling the titles and excerpts made from them."""

    feature: str
    about: Callable[[int], dict[str, Rows]]
    erase: Callable[[Erasure], None] = _nothing
    shows: Callable[[Sequence[int], Relabel], Things] = _nowhere


_HOLDINGS: dict[str, Holding] = {}


def hold(holding: Holding) -> None:
    """Register a feature; the same name again replaces it."""
    _HOLDINGS[holding.feature] = holding


def known_about(person_id: int) -> dict[str, dict[str, Rows]]:
    """Every row about somebody, by feature and table."""
    return {name: holding.about(person_id) for name, holding in _HOLDINGS.items()}


def erase_everywhere(erasure: Erasure) -> None:
    """Let every feature forget, highest first, in the open write."""
    for holding in reversed(_HOLDINGS.values()):
        holding.erase(erasure)


def rows(model: Any, where: ColumnElement[bool], *, hide: Iterable[str] = ()) -> Rows:
    """A table's rows in plain words, as they came; what is hidden is the machine's. One query."""
    hidden = set(hide)
    columns = [column for column in model.__table__.columns if column.name not in hidden]
    query = select(*columns).where(where).order_by(*model.__table__.primary_key)
    return [
        {column.name: _plain(value) for column, value in zip(columns, row, strict=True)}
        for row in db.session.execute(query)
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else value


def with_sources(found: Rows, *columns: str) -> Rows:
    """Rows with what was typed beside each text's id. One query."""
    ids = {row[column] for row in found for column in columns if row[column] is not None}
    query = select(Text.id, Text.source).where(Text.id.in_(ids))
    sources = dict(db.session.execute(query).all()) if ids else {}
    for row in found:
        for column in columns:
            row[column.removesuffix("_id")] = sources.get(row[column], "")
    return found


def blank(text_ids: Iterable[int | None]) -> None:
    """Empty texts, in the open write; their digests stay, so what named them still does.

    The salt goes with the words: without it nobody can test a guess against the digest.
    """
    ids = sorted({text_id for text_id in text_ids if text_id is not None})
    for start in range(0, len(ids), 500):
        chunk = ids[start : start + 500]
        empty = {"source": "", "html": "", "plain": "", "salt": b""}
        db.session.execute(update(Text).where(Text.id.in_(chunk)).values(**empty))


@dataclass(frozen=True, slots=True)
class Renamed:
    """Texts that call somebody, as they read without the name, and what they were called there."""

    texts: dict[int, dict[str, Any]]
    labels: set[str]
    words: Mapping[str, str]
    person_id: int

    def relabel(self, text: str) -> str:
        """A title or excerpt made from such a text, in its own language; a mention that was typed
        into a title stands there as it was typed."""
        instead = said(text, self.words)
        text = _relabelled(text, self.person_id, instead)[0]
        for label in sorted(self.labels, key=len, reverse=True):
            text = text.replace(label, f"@{instead}")
        return text


def said(text: str, words: Mapping[str, str]) -> str:
    """The words that fit a text's language."""
    return words.get(detect_lang(text), words["en"])


def without_name(person_id: int, words: Mapping[str, str]) -> Renamed:
    """Every text that calls somebody, rewritten; `words` is what is said instead, by language.

    Reads all texts once: seconds on a large forum, before any write is open.
    """
    query = select(Text.id, Text.source, Text.format, Text.plain).where(
        Text.source.contains(f"](person:{person_id})", autoescape=True)
    )
    texts: dict[int, dict[str, Any]] = {}
    labels: set[str] = set()
    for row in db.session.execute(query):
        source, called = _relabelled(row.source, person_id, said(row.plain, words))
        # Rendered anew: in code, or in another link's words, a mention is no link but a name.
        html = render(source, row.format)
        texts[row.id] = {
            "source": source, "html": html, "plain": plain_text(html), "salt": b"",
        }  # fmt: skip
        labels.update(called)
    return Renamed(texts, labels, words, person_id)


def _relabelled(source: str, person_id: int, instead: str) -> tuple[str, list[str]]:
    called: list[str] = []

    def relabel(mention: Any) -> str:
        if mention.group(2) != "person" or int(mention.group(3)) != person_id:
            return str(mention.group())
        called.append(f"@{mention.group(1)}")
        return f"@[{instead}](person:{person_id})"

    return MENTION.sub(relabel, source), called


def write_without_name(renamed: Renamed) -> Things:
    """Put the rewritten texts in place, in the open write; the things that show them."""
    for text_id, values in renamed.texts.items():
        db.session.execute(update(Text).where(Text.id == text_id).values(**values))
    ids = list(renamed.texts)
    found = [thing for each in _HOLDINGS.values() for thing in each.shows(ids, renamed.relabel)]
    return list(dict.fromkeys(found))
