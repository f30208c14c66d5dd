"""Who may send, answer, publish over and review. Of those who see the version."""

from __future__ import annotations

from collections.abc import Set

from forum.accounts.models import Kind, Person
from forum.standards import policy
from forum.standards.approvals.models import Approval, Release, Side
from forum.standards.models import Standard, Version, VersionState


def may_send(person: Person, standard: Standard, version: Version) -> bool:
    """Its editors, while it is a draft."""
    return version.state == VersionState.DRAFT and policy.may_edit(person, standard)


def may_take_back(person: Person, standard: Standard, version: Version) -> bool:
    """Its editors while it is in approval, moderators while it waits for its day."""
    if version.state == VersionState.COMING:
        return policy.may_publish(person, standard)
    return version.state == VersionState.APPROVAL and policy.may_edit(person, standard)


def may_answer(
    person: Person, approval: Approval, *, answering: Set[int], heading: Set[int], reviews: bool
) -> bool:
    """Staff for the departments they head or answer for today, moderators for themselves.

    `reviews`: whether this person may look at the text, see `may_review`.
    """
    if approval.side == Side.MODERATOR:
        return person.moderates and reviews
    theirs = heading if approval.side == Side.HEAD else answering
    return person.kind == Kind.STAFF and approval.department_id in theirs


def may_review(person: Person, version: Version, *, others: Set[int]) -> bool:
    """Moderators who did not write the text; who wrote it only where there is nobody else."""
    wrote = {version.created_by_id, version.edited_by_id}
    return person.moderates and (person.id not in wrote or not others - wrote)


def may_look_back(person: Person, version: Version, release: Release, *, others: Set[int]) -> bool:
    """Moderators, on what was published in an emergency; by somebody else where there is one."""
    alone = not others - {version.published_by_id}
    waits = bool(release.emergency_why) and release.reviewed_at is None
    waits = waits and version.state == VersionState.IN_FORCE
    return waits and person.moderates and (person.id != version.published_by_id or alone)


def may_name_deputy(person: Person, standard: Standard) -> bool:
    """Moderators and the owner."""
    if standard.state == VersionState.RETIRED:
        return False
    owns = standard.owner_id == person.id and person.kind == Kind.STAFF
    return person.moderates or owns
