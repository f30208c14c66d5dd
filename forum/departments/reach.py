"""How far a moderator reaches: the whole company, or subtrees of its departments."""

from __future__ import annotations

from typing import Any

from flask import g, has_request_context
from sqlalchemy import ForeignKey, Index, delete, exists, select
from sqlalchemy.orm import Mapped, mapped_column

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.db import Model, db, transaction
from forum.core.errors import Invalid
from forum.core.events import record
from forum.core.i18n import lazy
from forum.departments import facts, policy
from forum.departments.models import Department
from forum.departments.queries import DepartmentCard, cards_by_id
from forum.departments.tree import with_all_below

NO_MODERATOR = lazy("Only moderators can be limited to departments.")
UNKNOWN = lazy("Choose a department from the list.")


class ModeratorScope(Model):
    """A department whose subtree a moderator is limited to; no rows are no limit."""

    __tablename__ = "moderator_scope"
    __table_args__: Any = (Index("ix_moderator_scope_department", "department_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True)


IS_LIMITED = exists().where(ModeratorScope.person_id == Person.id).correlate(Person)
"""Whether the query's person is limited, for those who moderate."""


def reach_of(moderator: Person) -> frozenset[int] | None:
    """The departments somebody acts in as a moderator, None for no limit.

    No query in the own request of those who have none; else two, once a request.
    """
    if moderator.administers or not _may_be_limited(moderator):
        return None
    if not has_request_context():
        return _below(_limits(moderator.id))
    kept: dict[int, frozenset[int] | None] = g.setdefault("reaches", {})
    if moderator.id not in kept:
        kept[moderator.id] = _below(_limits(moderator.id))
    return kept[moderator.id]


def _may_be_limited(moderator: Person) -> bool:
    along = g.get("along") if has_request_context() else None
    if along is None or g.person.id != moderator.id:
        return True
    return bool(along.get("limited"))


def _limits(person_id: int) -> list[int]:
    query = select(ModeratorScope.department_id).where(ModeratorScope.person_id == person_id)
    return list(db.session.scalars(query))


def _below(roots: list[int]) -> frozenset[int] | None:
    """Departments and everything under them; None for no departments."""
    if not roots:
        return None
    rows = db.session.execute(select(Department.id, Department.parent_id))
    return with_all_below(roots, ((row.id, row.parent_id) for row in rows))


def limits_of(person_id: int) -> list[DepartmentCard]:
    """The departments whose subtrees somebody is limited to. Two queries."""
    cards = cards_by_id(_limits(person_id))
    return sorted(cards.values(), key=lambda card: card.name)


def limit(admin: Person | None, moderator: Person, department_id: int) -> None:
    """Let a moderator act in this subtree, and nowhere but in those given; twice is once."""
    require(policy.may_manage(admin))
    if not moderator.moderates or moderator.administers:
        raise Invalid(NO_MODERATOR, field="department")
    with transaction():
        if db.session.get(Department, department_id) is None:
            raise Invalid(UNKNOWN, field="department")
        if db.session.get(ModeratorScope, (moderator.id, department_id)) is None:
            db.session.add(ModeratorScope(person_id=moderator.id, department_id=department_id))
            db.session.flush()
            about = ("person", moderator.id)
            record(facts.REACH_CHANGED, by=admin, about=about, added=department_id)


def unlimit(admin: Person | None, moderator: Person, department_id: int) -> None:
    """Take a subtree from those a moderator acts in; with the last one the limit ends."""
    require(policy.may_manage(admin))
    with transaction():
        gone = db.session.execute(
            delete(ModeratorScope).where(
                ModeratorScope.person_id == moderator.id,
                ModeratorScope.department_id == department_id,
            )
        )
        if gone.rowcount:  # type: ignore[attr-defined]
            about = ("person", moderator.id)
            record(facts.REACH_CHANGED, by=admin, about=about, removed=department_id)


def move_limits(old_id: int, new_id: int) -> None:
    """Whoever was limited to a department that is merged is limited to its heir."""
    limited = select(ModeratorScope.person_id).where(ModeratorScope.department_id == old_id)
    people = list(db.session.scalars(limited))
    known = select(ModeratorScope.person_id).where(ModeratorScope.department_id == new_id)
    for person_id in sorted(set(people) - set(db.session.scalars(known))):
        db.session.add(ModeratorScope(person_id=person_id, department_id=new_id))
    db.session.execute(delete(ModeratorScope).where(ModeratorScope.department_id == old_id))
    db.session.flush()
