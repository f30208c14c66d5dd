"""What a person approved, sent, published over or looked back at."""

from __future__ import annotations

from sqlalchemy import or_

from forum.core.personal import Holding, Rows, rows
from forum.standards.approvals.models import Approval, Release


def about(person_id: int) -> dict[str, Rows]:
    """Approvals and releases. Two queries."""
    by = (Release.sent_by_id, Release.over_by_id, Release.reviewed_by_id)
    return {
        "approvals": rows(Approval, Approval.by_id == person_id),
        "releases": rows(Release, or_(*(column == person_id for column in by))),
    }


HOLDING = Holding("approvals", about)
