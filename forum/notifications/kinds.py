"""Why somebody hears of something, strongest reason first."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """The reasons, in the order in which they win when one event gives a person several."""

    ANSWER_WANTED = "answer-wanted"
    OWNERS_TURN = "owners-turn"
    DATE_ASKED = "date-asked"
    SCORE_WANTED = "score-wanted"
    MENTIONED = "mentioned"
    DECIDED = "decided"
    ANSWERED = "answered"
    DONE = "done"
    STANDARDISED = "standardised"
    REPLIED = "replied"
    COMMENTED = "commented"
    COMMENTED_FOLLOWED = "commented-followed"
    PUBLISHED = "published"
    FOUND = "found"


STRENGTH = {kind: place for place, kind in enumerate(Kind)}
"""The smaller, the stronger."""

Thing = tuple[str, int]
"""What a notification leads to: `("idea", 7)` or `("standard", 3)`; what features above give
out has kinds of its own (see `elsewhere`)."""
