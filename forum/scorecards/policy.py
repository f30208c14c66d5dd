"""Who asks, who rates and who sees: pure functions."""

from __future__ import annotations

from collections.abc import Set

from forum.accounts.models import Person
from forum.ideas.models import Idea
from forum.ideas.policy import NOBODY_ELSE, writes
from forum.scorecards.models import Expert


def may_open(person: Person) -> bool:
    """Whoever may be an expert somewhere: everybody but consultants."""
    return not person.is_consultant


def may_ask(person: Person, idea: Idea, co_authors: Set[int] = NOBODY_ELSE) -> bool:
    """Moderators, about ideas that they do not write, alone or with others."""
    return person.moderates and not writes(person, idea, co_authors)


def is_asked(expert: Expert | None) -> bool:
    """Who was asked, until they submitted or are asked no more."""
    return expert is not None and expert.withdrawn_at is None and expert.submitted_at is None


def may_rate(
    person: Person, idea: Idea, expert: Expert | None, co_authors: Set[int] = NOBODY_ELSE
) -> bool:
    """Who is asked, but for what they have come to write themselves."""
    return is_asked(expert) and not writes(person, idea, co_authors)


def may_see_scores(
    person: Person, idea: Idea, expert: Expert | None, co_authors: Set[int] = NOBODY_ELSE
) -> bool:
    """Moderators and experts, once they have nothing to submit themselves; not who writes it."""
    if is_asked(expert) or writes(person, idea, co_authors):
        return False
    rated = expert is not None and expert.submitted_at is not None
    return rated or may_ask(person, idea, co_authors)


def may_open_card(
    person: Person, idea: Idea, expert: Expert | None, co_authors: Set[int] = NOBODY_ELSE
) -> bool:
    """Who may ask, rate or has rated; not who is asked no more, nor who has come to write it."""
    if may_ask(person, idea, co_authors):
        return True
    there = expert is not None and expert.withdrawn_at is None
    return there and not writes(person, idea, co_authors)
