"""Which ideas can be merged, and the sentences for those that cannot."""

from __future__ import annotations

from typing import Any

from forum.accounts.models import Person
from forum.core.i18n import lazy
from forum.ideas import policy
from forum.ideas.models import Idea, StageKind
from forum.ideas.policy import UNSETTLED

ITSELF = lazy("An idea cannot be merged into itself.")
NOTHING = lazy("Choose the ideas that belong together, and the one that stays.")
TOO_MANY = lazy("Merge fewer ideas at a time.")
NOT_MERGED = lazy("This idea stands by itself already.")
WITHIN = lazy("The idea it was merged into has itself been merged since. Separate that one first.")
PARENT = {
    StageKind.DRAFT: lazy("A draft takes no other ideas in."),
    StageKind.MERGED: lazy("That idea has itself been merged. Choose the one it became part of."),
    StageKind.WITHDRAWN: lazy("That idea was withdrawn and takes no others in."),
}
WITHIN_TRASH = lazy("The idea it was merged into is in the trash. Restore that one first.")
PARENT_TRASHED = lazy("That idea is in the trash and takes no others in. Restore it first.")
CHILD_TRASHED = lazy("An idea in the trash cannot be merged. Restore it first.")
PARENT_HIDDEN = lazy("That idea is hidden and takes no others in. Show it again first.")
PARENT_DECIDED = lazy("That idea is decided and takes no others in any more.")
CHILD = {
    StageKind.DRAFT: lazy("A draft cannot be merged."),
    StageKind.MERGED: lazy("One of these ideas has been merged already."),
    StageKind.WITHDRAWN: lazy("One of these ideas was withdrawn; it stays as it is."),
}
CHILD_HIDDEN = lazy("A hidden idea cannot be merged: its text would be seen. Show it again first.")
CHILD_DECIDED = lazy("One of these ideas is decided; it stays as it is.")


def may_merge(person: Person, idea: Idea) -> bool:
    """Moderators where they act, their own ideas too: nothing is decided by it."""
    return policy.moderates(person, idea)


def is_mergeable(idea: Idea) -> bool:
    """Whether an idea can be merged or take others in."""
    return idea.stage_kind in UNSETTLED and idea.hidden_at is None


def why_no_parent(idea: Idea) -> Any:
    """Why an idea takes no others in; None if it does."""
    if idea.hidden_at is not None:
        return PARENT_TRASHED if idea.trashed_at is not None else PARENT_HIDDEN
    return None if idea.stage_kind in UNSETTLED else _of_stage(PARENT, idea, PARENT_DECIDED)


def why_no_child(idea: Idea) -> Any:
    """Why an idea cannot become part of another; None if it can."""
    if idea.hidden_at is not None:
        return CHILD_TRASHED if idea.trashed_at is not None else CHILD_HIDDEN
    return None if idea.stage_kind in UNSETTLED else _of_stage(CHILD, idea, CHILD_DECIDED)


def _of_stage(sentences: dict[StageKind, Any], idea: Idea, decided: Any) -> Any:
    return sentences.get(StageKind(idea.stage_kind), decided)
