"""Saying whether a clause of a draft is the one it was taken for."""

from __future__ import annotations

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.db import transaction
from forum.core.errors import Conflict
from forum.core.events import record
from forum.core.i18n import lazy
from forum.standards import facts, policy
from forum.standards.clauses import keeping
from forum.standards.drafts import claim
from forum.standards.models import Standard, Version, VersionState

SETTLED = lazy("This clause is settled already, or the draft has changed.")


def settle(
    editor: Person, standard: Standard, draft: Version, key: int, *, same: bool, seen: int
) -> None:
    """The clause goes on, or is a new one.

    Raises Stale when the standard changed since `seen`, Conflict when there is nothing to settle.
    """
    require(policy.may_edit(editor, standard))
    if draft.state != VersionState.DRAFT:
        raise Conflict(SETTLED)
    with transaction():
        claim(standard, seen)
        if not (keeping.confirm(draft, key) if same else keeping.take_for_new(draft, key)):
            raise Conflict(SETTLED)
        about = ("standard", standard.id)
        record(facts.CLAUSE_SETTLED, by=editor, about=about, version=draft.number, clause=key)
