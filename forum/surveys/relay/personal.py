"""What somebody asked for a department. Whose the answers are nobody knows, so they are nobody's
data."""

from __future__ import annotations

from forum.core.personal import Holding, Rows, rows
from forum.surveys.relay.models import VoiceQuestion


def about(person_id: int) -> dict[str, Rows]:
    """Questions. One query."""
    return {"questions": rows(VoiceQuestion, VoiceQuestion.by_id == person_id)}


HOLDING = Holding("survey-relay", about)
