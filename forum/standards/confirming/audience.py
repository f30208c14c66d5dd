"""Whom a version asks to confirm it: one condition, over everybody as they are now.

Departments, roles and kinds each narrow it down; what names none of a sort means all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, exists, or_, select

from forum.accounts.models import Kind, Person, Role
from forum.core.db import db, read_columns
from forum.core.errors import Invalid
from forum.core.i18n import _, lazy
from forum.standards.confirming.models import VersionPeople, What
from forum.standards.models import Version, VersionDepartment

Named = tuple[str, str]
"""A sort of people and one of it, as (`role`, `moderator`)."""
NOBODY = lazy("Nobody belongs to this audience. Choose departments or people it has.")
KNOWN: dict[str, tuple[str, ...]] = {
    What.ROLE: tuple(Role),
    What.KIND: (Kind.STAFF, Kind.BOARD),
}
"""What may be named. Consultants are guests and are asked to confirm nothing."""


def asks(version_id: Any, person: Any) -> ColumnElement[bool]:
    """Whether a version is for somebody: `person` is one, or the columns of many."""
    departments = VersionDepartment.version_id == version_id
    mine = VersionDepartment.department_id == person.department_id
    return and_(
        or_(
            exists().where(departments, mine).correlate_except(VersionDepartment),
            ~exists().where(departments).correlate_except(VersionDepartment),
        ),
        _fits(version_id, What.ROLE, person.role),
        _fits(version_id, What.KIND, person.kind),
    )


def _fits(version_id: Any, what: What, value: Any) -> ColumnElement[bool]:
    named = (VersionPeople.version_id == version_id, VersionPeople.what == what)
    fits = exists().where(*named, VersionPeople.value == value)
    return or_(
        fits.correlate_except(VersionPeople),
        ~exists().where(*named).correlate_except(VersionPeople),
    )


def may_confirm(person: Any = Person) -> ColumnElement[bool]:
    """Who can be asked at all: whoever may come in and is no guest."""
    return and_(
        person.deactivated_at.is_(None),
        person.erased_at.is_(None),
        person.kind != Kind.CONSULTANT,
    )


def people_of(version_id: int) -> list[Named]:
    """The roles and kinds that a version names. One query."""
    return sorted((row[0], row[1]) for row in read_columns(_NAMED, {"of_version": version_id}))


_NAMED = select(VersionPeople.what, VersionPeople.value).where(
    VersionPeople.version_id == bindparam("of_version")
)


def known_people(roles: Iterable[str], kinds: Iterable[str]) -> list[Named]:
    """Roles and kinds as they are kept, each once. Raises Invalid for unknown ones."""
    found = [(str(What.ROLE), each) for each in roles] + [(str(What.KIND), each) for each in kinds]
    if any(value not in KNOWN[what] for what, value in found):
        raise Invalid(_("Choose people from the list."), field="roles")
    return sorted(set(found))


def keep(version: Version, people: Sequence[Named]) -> None:
    """Write down the roles and kinds of a draft, in the open write, in place of those it had."""
    db.session.execute(delete(VersionPeople).where(VersionPeople.version_id == version.id))
    db.session.add_all(
        VersionPeople(version_id=version.id, what=what, value=value) for what, value in people
    )


def require_somebody(version: Version) -> None:
    """Refuse an audience to which nobody belongs. Raises Invalid. One query."""
    query = select(Person.id).where(may_confirm(), asks(version.id, Person)).limit(1)
    if db.session.scalar(query) is None:
        raise Invalid(str(NOBODY), field="departments")
