"""Who translated what. Translations are the company's, as the standards are, and stay."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select

from forum.core.db import db
from forum.core.personal import Holding, Relabel, Rows, Things, rows, with_sources
from forum.standards.models import Version
from forum.standards.tongues.models import Translation


def about(person_id: int) -> dict[str, Rows]:
    """Translations with what was typed. Two queries."""
    found = rows(Translation, Translation.by_id == person_id, hide=("words",))
    return {"translations": with_sources(found, "text_id")}


def shows(text_ids: Sequence[int], relabel: Relabel) -> Things:
    """The standards that say these texts in any language, with titles and headings of their
    translations put right: a heading repeats a name that only the main text calls. One query."""
    ids = list(text_ids)
    in_main = select(Version.standard_id).where(Version.text_id.in_(ids))
    translated = select(Translation.standard_id).where(Translation.text_id.in_(ids))
    here = Translation.standard_id.in_(in_main.union(translated))
    named = Translation.title.contains("](person:", autoescape=True)
    query = select(Translation).where(or_(here, named))
    found = list(db.session.scalars(query))
    for row in found:
        row.title = relabel(row.title)
    db.session.flush()
    return [("standard", standard_id) for standard_id in sorted({row.standard_id for row in found})]


HOLDING = Holding("translations", about, shows=shows)
