"""Which standards and versions a reader sees, as conditions that every query over them carries."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true

from forum.accounts.models import Kind, Person
from forum.departments.scope import Scope, scope_of
from forum.standards.approvals.visibility import standard_asked_of, version_asked_of
from forum.standards.models import CLOSED, Standard, Version, VersionDepartment, VersionState


def visible_to(reader: Person) -> ColumnElement[bool]:
    """Published ones within the reader's scope; drafts to their editors and those asked to approve
    them."""
    if reader.moderates:
        return true()
    if scope_of(reader).limited:
        return in_force_for(reader)
    published = Standard.state != VersionState.DRAFT
    return or_(published, edited_by(reader), standard_asked_of(reader))


def in_force_for(reader: Person) -> ColumnElement[bool]:
    """Of those that are in force, the ones within the reader's scope."""
    return and_(Standard.state == VersionState.IN_FORCE, touches(scope_of(reader)))


def edited_by(reader: Person) -> ColumnElement[bool]:
    """Standards whose drafts the reader sees: `policy.sees_drafts` for the database."""
    if reader.moderates:
        return true()
    if reader.kind != Kind.STAFF:
        return Standard.id.is_(None)
    return or_(Standard.owner_id == reader.id, Standard.deputy_id == reader.id)


def open_version(reader: Person) -> ColumnElement[bool]:
    """Versions a reader of their standard sees: all but those not published, which only editors do
    and those asked to approve that one."""
    if reader.moderates:
        return true()
    return or_(Version.state.not_in(CLOSED), edited_by(reader), version_asked_of(reader))


def touches(scope: Scope) -> ColumnElement[bool]:
    """Standards owned by, or written for, a department of the scope."""
    if scope.departments is None:
        return true()
    ids = list(scope.departments)
    return or_(Standard.owner_department_id.in_(ids), written_for(ids))


def written_for(department_ids: Any) -> ColumnElement[bool]:
    """Standards with one of the departments in the audience of the version that is shown."""
    return exists(
        select(VersionDepartment.version_id)
        .join(Version, Version.id == VersionDepartment.version_id)
        .where(
            Version.standard_id == Standard.id,
            Version.number == shown_number(),
            VersionDepartment.department_id.in_(department_ids),
        )
        .correlate(Standard)
    )


def shown_number() -> ColumnElement[int]:
    """The version a standard's own address shows: the one in force, else the first draft."""
    return func.coalesce(Standard.in_force, 1)
