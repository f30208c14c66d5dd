"""Who replies for a department: pure functions."""

from __future__ import annotations

from collections.abc import Set

from forum.accounts.models import Person


def may_reply(person: Person, department_id: int, answering: Set[int]) -> bool:
    """Who answers for the department or its heir, and moderators in its place; no consultants."""
    return not person.is_consultant and (person.moderates or department_id in answering)
