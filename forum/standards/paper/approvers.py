"""Who stands for a version on paper. Whatever keeps approvals adds itself to `SOURCES`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from forum.accounts.models import Person
from forum.accounts.names import shown_name
from forum.core.db import db
from forum.core.i18n import _
from forum.standards.approvals.models import Approval, Said
from forum.standards.models import Version


class Approver(NamedTuple):
    """Somebody who stands for a version, as what, and since when if that is known."""

    name: str
    role: str
    at: datetime | None


def _approved(version: Version) -> list[Approver]:
    """Those whom approval asked and who gave it. One query."""
    query = (
        select(Person.name, Person.erased_at, Approval.at)
        .join(Person, Person.id == Approval.by_id)
        .where(Approval.version_id == version.id, Approval.state == Said.APPROVED)
        .order_by(Approval.at, Approval.id)
    )
    return [
        Approver(shown_name(name if erased is None else None), _("Approved by"), at)
        for name, erased, at in db.session.execute(query)
    ]


SOURCES: list[Callable[[Version], Sequence[Approver]]] = [_approved]
"""What knows who approved a version."""


def approvers_of(version: Version) -> list[Approver]:
    """Who approved a version; where nothing knows, who put it in force. Two queries at most."""
    known = [approver for source in SOURCES for approver in source(version)]
    return known or _published(version)


def _published(version: Version) -> list[Approver]:
    if version.published_by_id is None:
        return []
    person = db.session.get(Person, version.published_by_id)
    name = shown_name(person.name if person and person.erased_at is None else None)
    return [Approver(name, _("Put in force by"), version.published_at)]
