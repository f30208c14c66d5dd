"""What a person may see: everything, or for a consultant what touches their departments."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, has_request_context
from sqlalchemy import or_, select

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db
from forum.departments.models import Attachment


@dataclass(frozen=True, slots=True)
class Scope:
    """The departments somebody is limited to; None means no limit."""

    departments: frozenset[int] | None

    @property
    def limited(self) -> bool:
        """Whether anything is hidden because of an attachment."""
        return self.departments is not None


EVERYTHING = Scope(None)


def scope_of(person: Person) -> Scope:
    """The reader's scope. No query, except one a request for a consultant."""
    if not person.is_consultant:
        return EVERYTHING
    if not has_request_context():
        return Scope(attached_departments(person.id))
    kept: dict[int, Scope] = g.setdefault("scopes", {})
    if person.id not in kept:
        kept[person.id] = Scope(attached_departments(person.id))
    return kept[person.id]


def attached_departments(person_id: int) -> frozenset[int]:
    """The departments a consultant is attached to now. One query."""
    query = select(Attachment.department_id).where(
        Attachment.person_id == person_id,
        Attachment.since <= now(),
        or_(Attachment.until.is_(None), Attachment.until > now()),
    )
    return frozenset(db.session.scalars(query))
