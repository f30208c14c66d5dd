"""What the moderators' page of the glossary shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from forum.core.db import db
from forum.core.errors import NotFound
from forum.core.limits import PHRASE
from forum.core.paging import Cursor, Page, decode_cursor, page_of
from forum.core.textcheck import clean_line
from forum.core.words import normalize
from forum.search.glossary.models import GlossaryEntry

PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is asked for."""

    typed: str
    after: Cursor | None

    def query(self, **changes: str) -> str:
        """The address of this view, with changes."""
        values = {"q": self.typed, **changes}
        kept = {name: value for name, value in values.items() if value}
        return "/moderation/glossary" + ("?" + urlencode(kept) if kept else "")


def read_wanted(arguments: Mapping[str, str]) -> Wanted:
    """The list's address as a wish."""
    typed = clean_line(arguments.get("q", ""))[: PHRASE.value]
    return Wanted(typed, decode_cursor(arguments.get("after"), (int,)))


def list_entries(wanted: Wanted) -> Page[GlossaryEntry]:
    """A page of entries by their first word, those that have what was typed. One query."""
    query = _present().order_by(GlossaryEntry.folded, GlossaryEntry.id).limit(PAGE + 1)
    if wanted.typed:
        typed = normalize(wanted.typed)
        query = query.where(GlossaryEntry.folded.contains(typed, autoescape=True))
    if wanted.after:
        query = query.where(_behind(wanted.after[0]))
    return page_of(list(db.session.scalars(query)), PAGE, lambda entry: (entry.id,))


def _present() -> Select[GlossaryEntry]:
    return select(GlossaryEntry).where(GlossaryEntry.deleted_at.is_(None))


def _behind(entry_id: int) -> ColumnElement[bool]:
    """What comes after an entry, whose words may be too long for an address."""
    folded = select(GlossaryEntry.folded).where(GlossaryEntry.id == entry_id).scalar_subquery()
    same = and_(GlossaryEntry.folded == folded, GlossaryEntry.id > entry_id)
    return or_(GlossaryEntry.folded > folded, same)


def count() -> int:
    """How many entries there are. One query."""
    there = select(func.count(GlossaryEntry.id)).where(GlossaryEntry.deleted_at.is_(None))
    return db.session.scalar(there) or 0


def everything() -> list[GlossaryEntry]:
    """All entries, in the order in which they were added. One query."""
    return list(db.session.scalars(_present().order_by(GlossaryEntry.id)))


def entry_or_404(entry_id: int) -> GlossaryEntry:
    """An entry. One query."""
    entry = taken_out_or_404(entry_id)
    if entry.deleted_at is not None:
        raise NotFound
    return entry


def taken_out_or_404(entry_id: int) -> GlossaryEntry:
    """An entry, also one that was taken out. One query."""
    entry = db.session.get(GlossaryEntry, entry_id)
    if entry is None:
        raise NotFound
    return entry
