"""What a person flagged, and what moderators did about them or in their office."""

from __future__ import annotations

from sqlalchemy import and_, delete, or_, select, update

from forum.accounts.trust import Suspension, Trust
from forum.core.db import db
from forum.core.personal import Erasure, Holding, Rows, blank, rows, with_sources
from forum.departments.reach import ModeratorScope
from forum.moderation.models import Flag, Matter, MatterNote, Trashed

INTERNAL = (
    "claimed_by_id", "claimed_at", "serial", "reminded_at", "flag_count", "decided_by_id",
)  # fmt: skip


def about(person_id: int) -> dict[str, Rows]:
    """Everything by table; who flagged what they wrote is told to nobody. Twelve queries."""
    notes = rows(MatterNote, MatterNote.by_id == person_id)
    suspensions = or_(Suspension.person_id == person_id, Suspension.by_id == person_id)
    about_them = and_(Matter.author_id == person_id, Matter.outcome != "")
    matters = rows(Matter, about_them, hide=INTERNAL)
    return {
        "flags": with_sources(rows(Flag, Flag.person_id == person_id), "note_id"),
        "notes": with_sources(notes, "text_id"),
        "matters": with_sources(matters, "why_id"),
        "decided": rows(
            Matter, or_(Matter.decided_by_id == person_id, Matter.claimed_by_id == person_id)
        ),
        "trashed": with_sources(rows(Trashed, Trashed.by_id == person_id), "why_id"),
        "suspensions": with_sources(rows(Suspension, suspensions), "why_id"),
        "reach": rows(ModeratorScope, ModeratorScope.person_id == person_id),
        "trust": rows(Trust, or_(Trust.person_id == person_id, Trust.by_id == person_id)),
    }


def erase(erasure: Erasure) -> None:
    """Why somebody flagged a thing goes with them; what they did in an office stays."""
    person_id = erasure.person_id
    blank(list(db.session.scalars(select(Flag.note_id).where(Flag.person_id == person_id))))
    db.session.execute(delete(ModeratorScope).where(ModeratorScope.person_id == person_id))
    db.session.execute(delete(Trust).where(Trust.person_id == person_id))
    own = update(Matter).where(Matter.claimed_by_id == person_id)
    db.session.execute(own.values(claimed_by_id=None, claimed_at=None))


HOLDING = Holding("moderation", about, erase)
