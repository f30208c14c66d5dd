"""The next text of a standard made from its newest one, with little changed."""

from __future__ import annotations

from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db
from forum.standards import drafts
from forum.standards.confirming.audience import people_of
from forum.standards.drafts import Wording
from forum.standards.editing import Editable, may_own


def reworded(base: Editable, *, title: str = "", body: str = "", change: str = "") -> Wording:
    """What a version says, with another title, text or line about what changed. Raises Invalid.

    An owner who has left is not named again. Eight queries.
    """
    version = base.version
    return drafts.word(
        of=base.standard,
        title=title or version.title,
        body=body or base.source,
        owner_id=_here(version.owner_id),
        owner_department_id=version.owner_department_id,
        departments=base.departments,
        change=change or (version.change if base.is_draft else ""),
        people=people_of(version.id),
        minor=version.minor and base.is_draft,
    )


def _here(person_id: int | None) -> int | None:
    """An owner who may still own standards."""
    query = select(Person.id).where(Person.id == person_id, may_own())
    found: int | None = db.session.scalar(query) if person_id is not None else None
    return found
