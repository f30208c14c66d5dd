"""What the administration shows of people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, and_, or_, select

from forum.accounts.models import Kind, Person, Role
from forum.accounts.names import name_key
from forum.accounts.queries import person_or_404
from forum.core.clock import now
from forum.core.db import db
from forum.core.errors import Invalid, NotFound
from forum.core.i18n import _, lazy
from forum.core.numbers import id_or_none
from forum.core.paging import Cursor, Page, decode_cursor, page_of
from forum.core.textcheck import clean_line
from forum.departments.models import Attachment, Department

PAGE = 50

STATES: dict[str, tuple[Any, ColumnElement[bool]]] = {
    "active": (lazy("May sign in"), Person.deactivated_at.is_(None)),
    "new": (
        lazy("Not invited yet"),
        and_(Person.password_hash.is_(None), Person.deactivated_at.is_(None)),
    ),
    "admins": (lazy("Administrators and moderators"), Person.role != Role.EMPLOYEE),
    "consultants": (lazy("Consultants"), Person.kind == Kind.CONSULTANT),
    "deactivated": (lazy("Deactivated"), Person.deactivated_at.is_not(None)),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is asked for."""

    typed: str
    state: str
    after: Cursor | None

    def query(self, **changes: str) -> str:
        """The address of this view, with changes."""
        values = {"q": self.typed, "state": self.state, **changes}
        kept = {name: value for name, value in values.items() if value}
        return "/admin/people" + ("?" + urlencode(kept) if kept else "")


def read_wanted(arguments: Mapping[str, str]) -> Wanted:
    """The list's address as a wish; unknown states are left out."""
    state = arguments.get("state", "")
    return Wanted(
        typed=clean_line(arguments.get("q", "")[:120]),
        state=state if state in STATES else "",
        after=decode_cursor(arguments.get("after"), (str, int)),
    )


class Listed(NamedTuple):
    """A line of the list."""

    id: int
    name: str
    name_key: str
    email: str | None
    login: str | None
    role: str
    kind: str
    has_password: bool
    signed_in_at: datetime | None
    deactivated_at: datetime | None
    department: str | None


def list_people(wanted: Wanted) -> Page[Listed]:
    """People by name, erased ones left out. One query."""
    query = (
        select(
            Person.id,
            Person.name,
            Person.name_key,
            Person.email,
            Person.login,
            Person.role,
            Person.kind,
            Person.password_hash.is_not(None),
            Person.signed_in_at,
            Person.deactivated_at,
            Department.name,
        )
        .outerjoin(Department, Department.id == Person.department_id)
        .where(Person.erased_at.is_(None))
    )
    if wanted.state:
        query = query.where(STATES[wanted.state][1])
    if wanted.typed:
        query = query.where(_named(wanted.typed))
    if wanted.after is not None:
        key, person_id = wanted.after
        query = query.where(
            or_(Person.name_key > key, and_(Person.name_key == key, Person.id > person_id))
        )
    rows = db.session.execute(query.order_by(Person.name_key, Person.id).limit(PAGE + 1))
    return page_of([Listed(*row) for row in rows], PAGE, lambda row: (row.name_key, row.id))


def _named(typed: str) -> ColumnElement[bool]:
    handle = typed.lower()
    return or_(
        Person.name_key.contains(name_key(typed), autoescape=True),
        Person.email.startswith(handle, autoescape=True),
        Person.login == handle,
    )


def people_by_id(ids: Sequence[int]) -> list[Person]:
    """Chosen people by name, erased ones left out. One query."""
    query = select(Person).where(Person.id.in_(ids), Person.erased_at.is_(None))
    return list(db.session.scalars(query.order_by(Person.name_key, Person.id)))


def person_to_manage(person_id: int) -> Person:
    """Somebody by id; nobody who is erased. One query."""
    person = person_or_404(person_id)
    if person.erased_at is not None:
        raise NotFound
    return person


class AttachmentLine(NamedTuple):
    """An attachment of a consultant."""

    department_id: int
    name: str
    since: datetime
    until: datetime | None
    runs: bool


def attachments_of(person_id: int) -> list[AttachmentLine]:
    """All attachments somebody has or had, newest first. One query."""
    query = (
        select(Attachment.department_id, Department.name, Attachment.since, Attachment.until)
        .join(Department, Department.id == Attachment.department_id)
        .where(Attachment.person_id == person_id)
        .order_by(Attachment.id.desc())
    )
    at = now()
    return [
        AttachmentLine(*row, row.until is None or row.until > at)
        for row in db.session.execute(query)
    ]


def read_department(typed: str) -> int | None:
    """A department's id as a form sent it; empty is none. Raises Invalid."""
    if not typed:
        return None
    found = id_or_none(typed)
    if found is None:
        raise Invalid(_("Choose a department from the list."), field="department")
    return found
