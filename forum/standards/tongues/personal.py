"""Who translated what. Translations are the company's, as the standards are, and stay."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from forum.core.db import db
from forum.core.personal import Holding, Relabel, Rows, Things, rows, with_sources
from forum.standards.tongues.models import Translation


def about(person_id: int) -> dict[str, Rows]:
    """Translations with what was typed. Two queries."""
    found = rows(Translation, Translation.by_id == person_id, hide=("words",))
    return {"translations": with_sources(found, "text_id")}


def shows(text_ids: Sequence[int], relabel: Relabel) -> Things:
    """The standards whose translations say these texts, with headings put right. One query."""
    query = select(Translation).where(Translation.text_id.in_(list(text_ids)))
    found = list(db.session.scalars(query))
    for row in found:
        row.title = relabel(row.title)
    db.session.flush()
    return [("standard", standard_id) for standard_id in sorted({row.standard_id for row in found})]


HOLDING = Holding("translations", about, shows=shows)
