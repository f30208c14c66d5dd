"""Who may do what to flagged things and matters: pure functions."""

from __future__ import annotations

from forum.accounts.models import Person
from forum.moderation.models import OPEN, Matter


def may_flag(person: Person, author_id: int) -> bool:
    """Whoever sees it, but for its author."""
    return person.can_sign_in and author_id != person.id


def may_handle(moderator: Person, matter: Matter) -> bool:
    """Moderators, but for what they wrote themselves."""
    return moderator.moderates and matter.author_id != moderator.id


def waits(matter: Matter) -> bool:
    """Whether moderators have the turn."""
    return matter.state in OPEN


def may_suspend(moderator: Person, person: Person) -> bool:
    """Moderators, but nobody who moderates, and not themselves."""
    return moderator.moderates and not person.moderates and person.id != moderator.id
