"""Promises that somebody named; they stay as the idea's."""

from __future__ import annotations

from forum.core.personal import Holding, Rows, rows
from forum.surveys.change.models import IdeaPromise


def about(person_id: int) -> dict[str, Rows]:
    """Promises. One query."""
    return {"promises": rows(IdeaPromise, IdeaPromise.by_id == person_id)}


HOLDING = Holding("survey-changes", about)
