"""The reviews a person made. They are part of the company's records and stay."""

from __future__ import annotations

from forum.core.personal import Holding, Rows, rows
from forum.standards.review.models import Review


def about(person_id: int) -> dict[str, Rows]:
    """Reviews. One query."""
    return {"reviews": rows(Review, Review.by_id == person_id)}


HOLDING = Holding("standard-reviews", about)
