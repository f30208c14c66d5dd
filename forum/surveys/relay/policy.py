"""Who asks about a text: pure functions."""

from __future__ import annotations

from collections.abc import Set

from forum.accounts.models import Person

ASKED_AT = ("service", "provider")
"""Where a text is told as one of one department's; further up nobody is told whose it is about."""


def may_ask(person: Person, provider_id: int | None, answering: Set[int]) -> bool:
    """Who answers for the department that serves, or for its heir, and nobody in its place."""
    return not person.is_consultant and provider_id is not None and provider_id in answering
