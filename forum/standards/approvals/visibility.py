"""Who is asked about which version, as conditions that queries carry."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select

from forum.accounts.models import Kind
from forum.departments.models import Department, Deputy
from forum.departments.queries import answered_by, is_away
from forum.standards.approvals.models import Approval, Side
from forum.standards.models import CLOSED, Standard, Version

KEPT = 64
"""People for whom conditions are kept: a page asks for the same one several times, and to build it
costs more than what it is asked of."""
# Of the table and made once, for the same reason.
UPCOMING = Version.__table__.alias("upcoming").c


def asked_of(reader: Any) -> ColumnElement[bool]:
    """Approvals that the reader gives for a department, today; boards and consultants give none."""
    if reader.kind != Kind.STAFF:
        return false()
    return _asked_of(reader.id)


@lru_cache(KEPT)
def _asked_of(person_id: int) -> ColumnElement[bool]:
    away = select(Deputy.person_id).where(Deputy.deputy_id == person_id, is_away())
    heads = or_(Department.head_id == person_id, Department.head_id.in_(away))
    theirs = or_(
        and_(Approval.side == Side.HEAD, heads, Department.archived_at.is_(None)),
        and_(Approval.side == Side.DEPARTMENT, answered_by(person_id)),
    )
    mine = exists().where(Department.id == Approval.department_id, theirs)
    return mine.correlate(Approval)


def standard_asked_of(reader: Any) -> ColumnElement[bool]:
    """Standards with a next version that the reader was asked to approve."""
    if reader.kind != Kind.STAFF:
        return false()
    return _standard_asked_of(reader.id)


@lru_cache(KEPT)
def _standard_asked_of(person_id: int) -> ColumnElement[bool]:
    asked = (
        select(Approval.id)
        .join(UPCOMING.id.table, UPCOMING.id == Approval.version_id)
        .where(UPCOMING.standard_id == Standard.id, UPCOMING.state.in_(CLOSED))
        .where(_asked_of(person_id))
    )
    return asked.correlate(Standard).exists()


def version_asked_of(reader: Any) -> ColumnElement[bool]:
    """Versions that the reader was asked to approve."""
    if reader.kind != Kind.STAFF:
        return false()
    return _version_asked_of(reader.id)


@lru_cache(KEPT)
def _version_asked_of(person_id: int) -> ColumnElement[bool]:
    mine = _asked_of(person_id)
    asked = select(Approval.id).where(Approval.version_id == Version.id, mine)
    return asked.correlate(Version).exists()
