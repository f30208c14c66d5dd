"""Who may do what to a standard they can see."""

from __future__ import annotations

from forum.accounts.models import Kind, Person
from forum.standards.models import Standard, VersionState


def may_begin(person: Person) -> bool:
    """Moderators curate the standards."""
    return person.moderates


def may_edit(person: Person, standard: Standard) -> bool:
    """Moderators, owner and deputy as long as they are staff; while it is not retired."""
    return sees_drafts(person, standard) and standard.state != VersionState.RETIRED


def sees_drafts(person: Person, standard: Standard) -> bool:
    """Its editors, a retired one's too: moderators, and owner and deputy who are staff."""
    owns = person.id in (standard.owner_id, standard.deputy_id) and person.kind == Kind.STAFF
    return person.moderates or owns


def may_publish(person: Person, standard: Standard) -> bool:
    """Moderators."""
    return person.moderates and standard.state != VersionState.RETIRED


def may_retire(person: Person, standard: Standard) -> bool:
    """Moderators, once it has been in force."""
    return person.moderates and standard.state == VersionState.IN_FORCE


def may_comment(person: Person, standard: Standard) -> bool:
    """Everybody who sees it, while it is in force."""
    return person.can_sign_in and standard.state == VersionState.IN_FORCE


def may_count(person: Person, standard: Standard) -> bool:
    """Its editors see how many have read it."""
    return sees_drafts(person, standard)
