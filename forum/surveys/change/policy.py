"""Who says what an idea should move: pure functions."""

from __future__ import annotations

from collections.abc import Set

from forum.accounts.models import Person
from forum.ideas.models import Idea, StageKind
from forum.ideas.policy import carries_out, moderates

PROMISES = (StageKind.ACCEPTED, StageKind.STANDARDISED)


def may_promise(person: Person, idea: Idea, answering: Set[int], *, measured: bool) -> bool:
    """Moderators and who carries it out, once it is accepted and until it is measured."""
    theirs = moderates(person, idea) or carries_out(person, idea, answering)
    return theirs and idea.stage_kind in PROMISES and not measured and not person.is_consultant
