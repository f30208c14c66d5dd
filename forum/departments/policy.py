"""Who may change the tree."""

from __future__ import annotations

from forum.accounts.models import Person


def may_manage(person: Person | None) -> bool:
    """Administrators; None is the server's own shell."""
    return person is None or person.administers
