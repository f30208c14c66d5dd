"""Hiding ideas and showing them again."""

from __future__ import annotations

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.db import transaction
from forum.core.errors import Conflict
from forum.core.i18n import lazy
from forum.ideas import policy, stages
from forum.ideas.models import Idea
from forum.moderation.matters import is_pending
from forum.moderation.things import Thing, set_hidden

PENDING = lazy("This idea waits in the moderators’ queue. Decide there.")


def hide(moderator: Person, idea: Idea) -> None:
    """Take an idea out of everybody's sight but the moderators' and its author's."""
    require(policy.moderates(moderator, idea))
    with transaction():
        set_hidden(moderator, Thing("idea", idea, "idea", idea), hidden=True)


def show_again(moderator: Person, idea: Idea) -> None:
    """Undo: everybody sees it again. Conflict for what lies in the trash or belongs to a matter."""
    require(policy.moderates(moderator, idea))
    if idea.trashed_at is not None:
        raise Conflict(stages.TRASHED)
    if is_pending("idea", idea.id):
        raise Conflict(PENDING)
    with transaction():
        set_hidden(moderator, Thing("idea", idea, "idea", idea), hidden=False)
