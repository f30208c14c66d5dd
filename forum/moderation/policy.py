"""Who may do what to flagged things and matters."""

from __future__ import annotations

from collections.abc import Set

from forum.accounts.models import Person
from forum.core.modules import is_on
from forum.departments.reach import reach_of
from forum.ideas.deciding import acts_on
from forum.moderation.models import OPEN, Matter

MODULES = {"thanks": "thanks"}
"""Kinds of things that belong to a module: while it is off, nothing of them shows anywhere."""


def gone() -> list[str]:
    """Kinds of things whose module is off."""
    return [kind for kind, module in MODULES.items() if not is_on(module)]


def may_flag(person: Person, authors: Set[int]) -> bool:
    """Whoever sees it, but for those who wrote it."""
    return person.can_sign_in and person.id not in authors


def may_handle(moderator: Person, matter: Matter, authors: Set[int] = frozenset()) -> bool:
    """Moderators where they act, but not on what they wrote, alone or with others; on what belongs
    to no idea only those who act everywhere."""
    return moderator.id not in {matter.author_id, *authors} and may_read(moderator, matter)


def may_read(moderator: Person, matter: Matter) -> bool:
    """Moderators where they act; what belongs to no idea only those who act everywhere; nobody what
    is about a thing whose module is off."""
    if matter.thing_kind in gone():
        return False
    if matter.idea_id is None:
        return moderator.moderates and reach_of(moderator) is None
    return moderator.moderates and acts_on(moderator, matter.idea_id)


def waits(matter: Matter) -> bool:
    """Whether moderators have the turn."""
    return matter.state in OPEN


def may_suspend(moderator: Person, person: Person) -> bool:
    """Moderators, but nobody who moderates, and not themselves."""
    return moderator.moderates and not person.moderates and person.id != moderator.id
