"""Replies somebody wrote for a department; they stay as what the department said."""

from __future__ import annotations

from forum.core.personal import Holding, Rows, rows
from forum.surveys.loop.models import Reply


def about(person_id: int) -> dict[str, Rows]:
    """Replies. One query."""
    return {"replies": rows(Reply, Reply.by_id == person_id, hide=("reminders", "next_on"))}


HOLDING = Holding("survey-replies", about)
