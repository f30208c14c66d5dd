"""Who sees figures of the company."""

from __future__ import annotations

from forum.accounts.models import Person


def may_see(person: Person) -> bool:
    """Staff and boards. Consultants see what touches their departments, and nothing counted of
    others."""
    return not person.is_consultant
