"""What somebody said thank you for, and was thanked for. Lines stay without the name."""

from __future__ import annotations

from sqlalchemy import or_, select

from forum.core.db import db
from forum.core.personal import Erasure, Holding, Rows, blank, rows, with_sources
from forum.thanks.models import Thanks, ThanksNotNow, ThanksTo


def about(person_id: int) -> dict[str, Rows]:
    """Thank-yous said or hidden, those to them, and where they want not to be asked. Four
    queries."""
    named = or_(Thanks.author_id == person_id, Thanks.hidden_by_id == person_id)
    return {
        "thanks": with_sources(rows(Thanks, named), "text_id"),
        "thanked": rows(ThanksTo, ThanksTo.person_id == person_id),
        "not_now": rows(ThanksNotNow, ThanksNotNow.person_id == person_id),
    }


def erase(erasure: Erasure) -> None:
    """What they wrote is emptied with their other texts."""
    if erasure.blank_texts:
        query = select(Thanks.text_id).where(Thanks.author_id == erasure.person_id)
        blank(db.session.scalars(query))


HOLDING = Holding("thanks", about, erase)
