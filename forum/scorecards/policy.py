"""Who asks, who rates and who sees: pure functions."""

from __future__ import annotations

from forum.accounts.models import Person
from forum.ideas.models import Idea
from forum.scorecards.models import Expert


def may_open(person: Person) -> bool:
    """Whoever may be an expert somewhere: everybody but consultants."""
    return not person.is_consultant


def may_ask(person: Person, idea: Idea) -> bool:
    """Moderators, about ideas that are not their own."""
    return person.moderates and idea.author_id != person.id


def may_rate(expert: Expert | None) -> bool:
    """Who was asked, until they submitted or are asked no more."""
    return expert is not None and expert.withdrawn_at is None and expert.submitted_at is None


def may_see_scores(person: Person, idea: Idea, expert: Expert | None) -> bool:
    """Moderators and experts, once they have nothing to submit themselves."""
    if may_rate(expert):
        return False
    rated = expert is not None and expert.submitted_at is not None
    return rated or may_ask(person, idea)
