"""What becomes of approvals when a department is merged or archived."""

from __future__ import annotations

from sqlalchemy import delete, func, select

from forum.core.db import db
from forum.departments.hooks import Follower
from forum.standards.approvals.models import Approval, Said
from forum.standards.models import CLOSED, Version, VersionState

_STRICT = {Said.CHANGE: 0, Said.WAITING: 1, Said.ABSTAINED: 2, Said.APPROVED: 3}


def open_things(department_id: int) -> int:
    """Approvals that wait for a department. One query."""
    query = (
        select(func.count(Approval.id))
        .join(Version, Version.id == Approval.version_id)
        .where(
            Approval.department_id == department_id,
            Approval.state == Said.WAITING,
            Version.state == VersionState.APPROVAL,
        )
    )
    return db.session.scalar(query) or 0


def release(department_id: int) -> None:
    """Who is gone is not asked."""
    waiting = select(Version.id).where(Version.state.in_(CLOSED))
    gone = delete(Approval).where(
        Approval.department_id == department_id,
        Approval.state == Said.WAITING,
        Approval.version_id.in_(waiting),
    )
    db.session.execute(gone)


def move(old_id: int, new_id: int) -> None:
    """The heir is asked in its place; of two answers the one that asks for more stands."""
    theirs = _rows(new_id)
    for key, row in _rows(old_id).items():
        other = theirs.get(key)
        if other is None:
            row.department_id = new_id
            continue
        mine_first = _STRICT[Said(row.state)] < _STRICT[Said(other.state)]
        loser, winner = (other, row) if mine_first else (row, other)
        db.session.delete(loser)
        db.session.flush()
        winner.department_id = new_id
    db.session.flush()


def _rows(department_id: int) -> dict[tuple[int, str], Approval]:
    query = (
        select(Approval)
        .join(Version, Version.id == Approval.version_id)
        .where(Approval.department_id == department_id)
    )
    found = db.session.scalars(query.execution_options(populate_existing=True))
    return {(row.version_id, row.side): row for row in found}


FOLLOWER = Follower("approvals", open_things, release, move)
