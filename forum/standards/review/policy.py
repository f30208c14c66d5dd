"""Who may review a standard they can see."""

from __future__ import annotations

from forum.accounts.models import Kind, Person
from forum.standards.models import Standard, Version, VersionState
from forum.standards.policy import sees_drafts


def may_review(person: Person, standard: Standard, *, stands_in: bool) -> bool:
    """Moderators, the owner, and who stands in for the owner today."""
    deputy = stands_in and person.kind == Kind.STAFF
    return person.can_sign_in and (sees_drafts(person, standard) or deputy)


def is_due(standard: Standard) -> bool:
    """Only what is in force is looked at again."""
    return standard.state == VersionState.IN_FORCE


def alone_wrote(person: Person, version: Version) -> bool:
    """Whether nobody else had a hand in a version."""
    return {version.created_by_id, version.edited_by_id} - {None} == {person.id}


def may_plan(person: Person) -> bool:
    """Moderators say how often a standard is looked at, and give it to another owner."""
    return person.moderates
