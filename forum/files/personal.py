"""The files a person uploaded."""

from __future__ import annotations

from forum.core.personal import Erasure, Holding, Rows, rows
from forum.files.actions import forget_uploads
from forum.files.models import Upload


def about(person_id: int) -> dict[str, Rows]:
    """Their uploads. One query."""
    return {"pictures": rows(Upload, Upload.person_id == person_id)}


def erase(erasure: Erasure) -> None:
    """Files no text shows go; those in texts stay with the texts."""
    forget_uploads(erasure.person_id, used_too=erasure.blank_texts)


HOLDING = Holding("files", about, erase)
