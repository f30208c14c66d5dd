"""The versions of a standard as a line of time, each with what moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam

from forum.accounts.models import Person
from forum.accounts.standin import run
from forum.core.i18n import _, ngettext
from forum.core.texts import Text
from forum.standards.clauses.comparing import Counts, count
from forum.standards.clauses.known import keys_of
from forum.standards.document import Document, lay_out
from forum.standards.models import Standard, Version
from forum.standards.queries import LARGEST, VersionLine, version_lines

PAGE = 20
"""Versions on one page: as many texts are laid out, and one more."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A version on the line; `counts` is None for the first, or where clauses are not known yet."""

    line: VersionLine
    title: str
    counts: Counts | None


@dataclass(frozen=True, slots=True)
class History:
    """A page of versions, newest first; `before` is where the next page begins."""

    moments: Sequence[Moment]
    before: int | None


def history_of(reader: Person, standard: Standard, *, before: int | None = None) -> History:
    """A page of the versions a reader may see. Two queries, whatever the length."""
    until = {} if before is None else {"before": min(before, LARGEST)}
    rows = run(_versions, reader, before is not None, of_standard=standard.id, **until).all()
    keys = keys_of([row.id for row in rows])
    documents = {row.number: _document(row, keys) for row in rows}
    moments = []
    for row in rows[:PAGE]:
        older = next((other.number for other in rows if other.number < row.number), None)
        counts = _counts(documents.get(older), documents[row.number]) if older else None
        moments.append(Moment(VersionLine(*row[:8]), row.title, counts))
    return History(moments, rows[PAGE - 1].number if len(rows) > PAGE else None)


def _versions(reader: Any, older: bool) -> Any:
    query = version_lines(reader, PAGE + 1).add_columns(Version.title, Text.html)
    query = query.outerjoin(Text, Text.id == Version.text_id)
    return query.where(Version.number < bindparam("before")) if older else query


def _document(row: Any, keys: Mapping[int, Sequence[int]]) -> Document | None:
    """A version's text with its clauses' own keys, None while those are not written down."""
    document = lay_out(row.html or "")
    known = keys.get(row.id, ())
    return document.keyed(known) if len(known) == len(document.clauses) else None


def _counts(old: Document | None, new: Document | None) -> Counts | None:
    return count(old, new) if old is not None and new is not None else None


def told(counts: Counts) -> list[str]:
    """What moved, in words; that nothing did is said too."""
    added, changed, moved, removed = counts.added, counts.changed, counts.moved, counts.removed
    said = (
        (added, ngettext("%(num)d new clause", "%(num)d new clauses", added)),
        (changed, ngettext("%(num)d clause changed", "%(num)d clauses changed", changed)),
        (moved, ngettext("%(num)d clause moved", "%(num)d clauses moved", moved)),
        (removed, ngettext("%(num)d clause removed", "%(num)d clauses removed", removed)),
    )
    return [words for number, words in said if number] or [_("No clause changed")]
