"""Who may post without a name, and who may learn who did."""

from __future__ import annotations

from forum.accounts.models import Person
from forum.accounts.trust import must_wait
from forum.core.modules import is_on
from forum.ideas import policy
from forum.ideas.anonymous.models import Level
from forum.ideas.models import Idea

MODULE = "anonymous"


def may_post(person: Person) -> bool:
    """Everybody, but not a newcomer whose posts moderators want to look at: of the few there are
    one would be told by it. Consultants neither: they are known by the departments they see."""
    return is_on(MODULE) and not person.is_consultant and not must_wait(person)


def may_learn(moderator: Person, idea: Idea) -> bool:
    """Moderators where they act, of what was posted for them to know, while the module is on."""
    known = is_on(MODULE) and idea.anonymous == Level.MODERATORS
    return known and policy.moderates(moderator, idea)


def may_withdraw(idea: Idea) -> bool:
    """Whoever has the secret, until the idea is decided."""
    return idea.stage_kind in policy.UNSETTLED and idea.trashed_at is None
