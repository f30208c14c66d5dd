"""Who thanks, takes back and hides: pure functions."""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime, timedelta

from forum.accounts.models import Person
from forum.thanks.models import Thanks

TAKEN_BACK_WITHIN = timedelta(days=1)
"""For how long a thank-you can be taken back; after that it belongs to those thanked too."""


def may_thank(person: Person) -> bool:
    """Everybody who may come in; whom and for what, their scope says."""
    return person.can_sign_in


def may_withdraw(person: Person, thanks: Thanks, at: datetime) -> bool:
    """Who said it, for a day."""
    young = thanks.at > at - TAKEN_BACK_WITHIN
    return thanks.author_id == person.id and thanks.withdrawn_at is None and young


def may_hide(person: Person, thanks: Thanks, reach: Set[int] | None) -> bool:
    """Moderators where they act, what the company reads and they did not say themselves."""
    here = reach is None or thanks.author_department_id in reach
    others = thanks.author_id != person.id
    return person.moderates and not thanks.private and others and here


def may_flag(person: Person, thanks: Thanks) -> bool:
    """Whoever reads one that stands, a private one too, but for who said it."""
    return person.can_sign_in and thanks.author_id != person.id and thanks.hidden_at is None


def may_see_flow(person: Person) -> bool:
    """Everybody but consultants, who see what touches their departments and nothing else."""
    return not person.is_consultant
