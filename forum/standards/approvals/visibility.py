"""Who is asked about which version, as conditions that queries carry."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Kind
from forum.departments.models import Department, Deputy
from forum.departments.queries import answered_by, is_away
from forum.standards.approvals.models import Approval, Side
from forum.standards.models import CLOSED, Standard, Version


def asked_of(reader: Any) -> ColumnElement[bool]:
    """Approvals that the reader gives for a department, today; boards and consultants give none."""
    if reader.kind != Kind.STAFF:
        return false()
    away = select(Deputy.person_id).where(Deputy.deputy_id == reader.id, is_away())
    heads = or_(Department.head_id == reader.id, Department.head_id.in_(away))
    theirs = or_(
        and_(Approval.side == Side.HEAD, heads, Department.archived_at.is_(None)),
        and_(Approval.side == Side.DEPARTMENT, answered_by(reader.id)),
    )
    mine = exists().where(Department.id == Approval.department_id, theirs)
    return mine.correlate(Approval)


def standard_asked_of(reader: Any) -> ColumnElement[bool]:
    """Standards with a next version that the reader was asked to approve."""
    if reader.kind != Kind.STAFF:
        return false()
    upcoming = aliased(Version)
    asked = (
        select(Approval.id)
        .join(upcoming, upcoming.id == Approval.version_id)
        .where(upcoming.standard_id == Standard.id, upcoming.state.in_(CLOSED), asked_of(reader))
    )
    return asked.correlate(Standard).exists()


def version_asked_of(reader: Any) -> ColumnElement[bool]:
    """Versions that the reader was asked to approve."""
    if reader.kind != Kind.STAFF:
        return false()
    asked = select(Approval.id).where(Approval.version_id == Version.id, asked_of(reader))
    return asked.correlate(Version).exists()
