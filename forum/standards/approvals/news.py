"""What those who tell people the news ask of approvals, for many standards at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db
from forum.standards.approvals.models import DONE, Approval, Release, Said
from forum.standards.models import Standard, Version, VersionState
from forum.standards.visibility import visible_to


@dataclass(slots=True)
class Asked:
    """A version in approval: for which sides it waits, who asked for a change, who edits it."""

    version: int
    editors: list[int]
    open: set[tuple[str, int]] = field(default_factory=set)
    changes: set[int] = field(default_factory=set)
    is_ready: bool = True

    def open_for(self, version: object, side: str, departments: Iterable[int]) -> list[int]:
        """Those of the departments whose approval of this version is missing."""
        if version != self.version:
            return []
        return [each for each in departments if (side, each) in self.open]


def asked_about(standard_ids: Collection[int]) -> dict[int, Asked]:
    """The versions of standards that are in approval. One query."""
    query = (
        select(Approval, Version.standard_id, Version.number, Release.sent_by_id)
        .add_columns(Standard.owner_id, Standard.deputy_id)
        .join(Version, Version.id == Approval.version_id)
        .join(Standard, Standard.id == Version.standard_id)
        .join(Release, Release.version_id == Version.id)
        .where(Standard.id.in_(standard_ids), Version.state == VersionState.APPROVAL)
    )
    found: dict[int, Asked] = {}
    for row, standard_id, number, *people in db.session.execute(query):
        editors = sorted({person for person in people if person is not None})
        asked = found.setdefault(standard_id, Asked(number, editors))
        if row.state == Said.WAITING:
            asked.open.add((row.side, row.department_id or 0))
        if row.state == Said.CHANGE:
            asked.changes.add(row.id)
        asked.is_ready = asked.is_ready and row.state in DONE
    return found


def drafts_among(standard_ids: Collection[int]) -> list[int]:
    """Those of the standards that were never published. One query, none for nothing."""
    if not standard_ids:
        return []
    query = select(Standard.id).where(
        Standard.id.in_(standard_ids), Standard.state == VersionState.DRAFT
    )
    return list(db.session.scalars(query))


def reads_draft(person: Person, standard_id: int) -> bool:
    """Whether somebody edits or approves a draft. One query."""
    query = select(Standard.id).where(Standard.id == standard_id, visible_to(person))
    return db.session.scalar(query) is not None
