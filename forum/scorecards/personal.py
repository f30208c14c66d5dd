"""What somebody was asked to rate, and how they did."""

from __future__ import annotations

from sqlalchemy import or_, select, update

from forum.core.db import db
from forum.core.personal import Erasure, Holding, Rows, rows
from forum.scorecards.models import Expert, Score


def about(person_id: int) -> dict[str, Rows]:
    """Requests, those made of others too, and marks. Two queries."""
    named = or_(Expert.person_id == person_id, Expert.asked_by_id == person_id)
    own = select(Expert.id).where(Expert.person_id == person_id)
    return {
        "experts": rows(Expert, named, hide=("submitted_at",)),
        "scores": rows(Score, Score.expert_id.in_(own)),
    }


def erase(erasure: Erasure) -> None:
    """Marks stay as numbers; notes go where texts go."""
    if erasure.blank_texts:
        own = select(Expert.id).where(Expert.person_id == erasure.person_id)
        blanked = update(Score).where(Score.expert_id.in_(own)).values(note="")
        db.session.execute(blanked.execution_options(synchronize_session=False))


HOLDING = Holding("scorecards", about, erase)
