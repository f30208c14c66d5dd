"""What the directory and a person's page show; each query of known cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

from sqlalchemy import and_, or_, select

from forum.accounts.models import Kind, Person, Role
from forum.accounts.names import name_key
from forum.core import limits
from forum.core.clock import now
from forum.core.db import db
from forum.core.errors import NotFound
from forum.core.i18n import _, lazy
from forum.core.paging import Cursor, Page, decode_cursor, page_of
from forum.core.textcheck import clean_line
from forum.departments.models import Attachment, Department, Representative
from forum.departments.queries import CARD, DepartmentCard
from forum.departments.visibility import departments_visible_to, people_visible_to

PAGE = 50
ROLES = {Role.MODERATOR: lazy("Moderator"), Role.ADMIN: lazy("Administrator")}
KINDS = {Kind.BOARD: lazy("Board"), Kind.CONSULTANT: lazy("Consultant")}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the directory is asked for; unknown departments are left out."""

    typed: str
    department: DepartmentCard | None
    after: Cursor | None

    def query(self, **changes: str) -> str:
        """The address of this view, with changes."""
        slug = self.department.slug if self.department else ""
        values = {"q": self.typed, "department": slug, **changes}
        kept = {name: value for name, value in values.items() if value}
        return "/people" + ("?" + urlencode(kept) if kept else "")


def read_wanted(arguments: Mapping[str, str], departments: list[DepartmentCard]) -> Wanted:
    """The directory's address as a wish."""
    slug = arguments.get("department", "")
    return Wanted(
        typed=clean_line(arguments.get("q", "")[: limits.PERSON_NAME.value]),
        department=next((d for d in departments if d.slug == slug), None),
        after=decode_cursor(arguments.get("after"), (str, int)),
    )


def departments_for(reader: Person) -> list[DepartmentCard]:
    """The departments to choose from. One query."""
    query = (
        select(*CARD)
        .where(Department.archived_at.is_(None), departments_visible_to(reader))
        .order_by(Department.name)
    )
    return [DepartmentCard(*row) for row in db.session.execute(query)]


class Listed(NamedTuple):
    """A line of the directory."""

    id: int
    name: str
    name_key: str
    job_title: str
    kind: str
    department: str | None
    slug: str | None
    code: str | None
    hue: int | None

    @property
    def url(self) -> str:
        """Their page."""
        return f"/people/{self.id}"

    @property
    def badge(self) -> DepartmentCard | None:
        """Their department."""
        if self.slug is None:
            return None
        return DepartmentCard(0, self.department or "", self.slug, self.code or "", self.hue or 0)

    @property
    def kind_label(self) -> str:
        """How they belong to the company, unless it is the usual way."""
        return str(KINDS.get(Kind(self.kind), ""))


def directory(reader: Person, wanted: Wanted) -> Page[Listed]:
    """Colleagues by name; former ones are never listed. One query."""
    query = _listed(reader).where(people_visible_to(reader))
    if wanted.department is not None:
        query = query.where(Person.department_id == wanted.department.id)
    return _page(query, wanted)


def _listed(reader: Person) -> Any:
    return (
        select(
            Person.id,
            Person.name,
            Person.name_key,
            Person.job_title,
            Person.kind,
            Department.name.label("department"),
            Department.slug,
            Department.code,
            Department.hue,
        )
        .outerjoin(
            Department,
            and_(Department.id == Person.department_id, departments_visible_to(reader)),
        )
        .where(Person.deactivated_at.is_(None))  # as whoever is erased is too
    )


def _page(query: Any, wanted: Wanted) -> Page[Listed]:
    if wanted.typed:
        query = query.where(Person.name_key.contains(name_key(wanted.typed), autoescape=True))
    if wanted.after is not None:
        key, person_id = wanted.after
        query = query.where(
            or_(Person.name_key > key, and_(Person.name_key == key, Person.id > person_id))
        )
    rows = db.session.execute(query.order_by(Person.name_key, Person.id).limit(PAGE + 1))
    return page_of([Listed(*row) for row in rows], PAGE, lambda row: (row.name_key, row.id))


def person_or_404(reader: Person, person_id: int) -> Person:
    """Somebody the reader may see; an erased person has no page. One query."""
    query = select(Person).where(
        Person.id == person_id, Person.erased_at.is_(None), people_visible_to(reader)
    )
    person = db.session.scalars(query).first()
    if person is None:
        raise NotFound
    return person


class Seats(NamedTuple):
    """What somebody is besides a colleague."""

    department: DepartmentCard | None
    heads: list[DepartmentCard]
    represents: list[DepartmentCard]
    attached: list[DepartmentCard]


def seats_of(reader: Person, person: Person) -> Seats:
    """A person's departments, as far as the reader may see them. One query."""
    represents = select(Representative.department_id).where(Representative.person_id == person.id)
    attached = select(Attachment.department_id).where(
        Attachment.person_id == person.id,
        Attachment.since <= now(),
        or_(Attachment.until.is_(None), Attachment.until > now()),
    )
    query = (
        select(
            *CARD,
            Department.head_id == person.id,
            Department.id.in_(represents),
            Department.id.in_(attached),
        )
        .where(
            or_(
                Department.id == (person.department_id or 0),
                Department.head_id == person.id,
                Department.id.in_(represents),
                Department.id.in_(attached),
            ),
            departments_visible_to(reader),
        )
        .order_by(Department.name)
    )
    rows = [(DepartmentCard(*row[:5]), *row[5:]) for row in db.session.execute(query)]
    return Seats(
        department=next((row[0] for row in rows if row[0].id == person.department_id), None),
        heads=[row[0] for row in rows if row[1]],
        represents=[row[0] for row in rows if row[2]],
        attached=[row[0] for row in rows if row[3]] if person.is_consultant else [],
    )


def labels_of(person: Person) -> list[str]:
    """What is said of somebody beside their name."""
    words = [ROLES.get(Role(person.role)), KINDS.get(Kind(person.kind))]
    if person.deactivated_at is not None:
        words.append(_("no longer here"))
    return [str(word) for word in words if word]
