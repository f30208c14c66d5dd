"""Who is asked about which version, as conditions that queries carry."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select

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
    return Standard.id.in_(
        select(Version.standard_id)
        .join(Approval, Approval.version_id == Version.id)
        .where(Version.state.in_(CLOSED), asked_of(reader))
    )


def version_asked_of(reader: Any) -> ColumnElement[bool]:
    """Versions that the reader was asked to approve."""
    if reader.kind != Kind.STAFF:
        return false()
    return Version.id.in_(select(Approval.version_id).where(asked_of(reader)))
