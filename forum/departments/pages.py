"""What the pages of the tree and of a department show; each query of known cost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select

from forum.accounts.models import Kind, Person
from forum.accounts.names import shown_name
from forum.core.db import db
from forum.core.i18n import _, ngettext
from forum.departments.models import Department, Membership, Representative
from forum.departments.queries import CARD, MAY_ANSWER, DepartmentCard
from forum.departments.visibility import departments_visible_to

MEMBER = (
    Person.deactivated_at.is_(None),
    Person.erased_at.is_(None),
    Person.kind != Kind.CONSULTANT,
)
"""Who counts as a member and is listed as one: staff and boards who may sign in."""
MEMBERS_SHOWN = 60
"""More are a page of the directory."""


@dataclass(slots=True)
class Node:
    """A department in the tree as the component draws it."""

    id: int
    parent_id: int | None
    name: str
    slug: str
    code: str
    hue: int
    head: str
    members: int
    children: list[Node] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its page."""
        return f"/departments/{self.slug}"

    @property
    def note(self) -> str:
        """Head and size in words."""
        size = ngettext("%(num)d person", "%(num)d people", self.members)
        return f"{self.head} · {size}" if self.head else size


class PersonCard(NamedTuple):
    """What a list shows of a person; no address for somebody erased."""

    id: int
    name: str
    job_title: str
    url: str


def tree(reader: Person) -> list[Node]:
    """The departments the reader may see, as roots with children by name. Two queries."""
    query = (
        select(*CARD, Department.parent_id, Person.name.label("head"))
        .outerjoin(Person, Person.id == Department.head_id)
        .where(Department.archived_at.is_(None), departments_visible_to(reader))
        .order_by(Department.name, Department.id)
    )
    sizes = member_counts()
    nodes = {
        row.id: Node(
            row.id,
            row.parent_id,
            row.name,
            row.slug,
            row.code,
            row.hue,
            row.head or "",
            sizes.get(row.id, 0),
        )
        for row in db.session.execute(query)
    }
    return _roots(nodes)


def _roots(nodes: dict[int, Node]) -> list[Node]:
    roots: list[Node] = []
    for node in nodes.values():
        above = nodes.get(node.parent_id or 0)
        (above.children if above is not None else roots).append(node)
    return roots


def member_counts() -> dict[int, int]:
    """How many members each department has. One query."""
    query = (
        select(Person.department_id, func.count())
        .where(
            Person.department_id.is_not(None),
            *MEMBER,
        )
        .group_by(Person.department_id)
    )
    return {row[0] or 0: row[1] for row in db.session.execute(query)}


def archived() -> list[DepartmentCard]:
    """Departments that were archived or merged. One query."""
    query = select(*CARD).where(Department.archived_at.is_not(None)).order_by(Department.name)
    return [DepartmentCard(*row) for row in db.session.execute(query)]


def trail_of(reader: Person, department: Department) -> list[DepartmentCard]:
    """The departments above this one, from the top, as far as the reader may see. One query."""
    query = select(*CARD, Department.parent_id).where(departments_visible_to(reader))
    known = {row.id: row for row in db.session.execute(query)}
    line: list[DepartmentCard] = []
    above = known.get(department.parent_id or 0)
    while above is not None and len(line) < 50:
        line.append(DepartmentCard(*above[:5]))
        above = known.get(above.parent_id or 0)
    return line[::-1]


def below(reader: Person, department_id: int) -> list[DepartmentCard]:
    """The departments directly below. One query."""
    query = (
        select(*CARD)
        .where(
            Department.parent_id == department_id,
            Department.archived_at.is_(None),
            departments_visible_to(reader),
        )
        .order_by(Department.name)
    )
    return [DepartmentCard(*row) for row in db.session.execute(query)]


PERSON = (Person.id, Person.name, Person.job_title, Person.erased_at)


def card(row: Any) -> PersonCard:
    """A person's row as a card."""
    gone = row.erased_at is not None
    return PersonCard(
        row.id, shown_name(row.name), row.job_title, "" if gone else f"/people/{row.id}"
    )


def head_of(department: Department) -> PersonCard | None:
    """The head, if there is one. One query."""
    row = db.session.execute(select(*PERSON).where(Person.id == department.head_id)).first()
    return card(row) if row is not None else None


def representatives_of(department_id: int) -> list[PersonCard]:
    """Who answers for it, but for boards and those who may not sign in any more. One query."""
    return [card(row) for row in db.session.execute(representing(department_id))]


def representing(department_id: Any) -> Any:
    """The query for them; the department may be a parameter."""
    return (
        select(*PERSON)
        .join(Representative, Representative.person_id == Person.id)
        .where(Representative.department_id == department_id, MAY_ANSWER)
        .order_by(Person.name_key, Person.id)
    )


def members_of(department_id: int) -> list[PersonCard]:
    """The first members by name; one more than is shown tells that there are more. One query."""
    query = (
        select(*PERSON)
        .where(
            Person.department_id == department_id,
            *MEMBER,
        )
        .order_by(Person.name_key, Person.id)
        .limit(MEMBERS_SHOWN + 1)
    )
    return [card(row) for row in db.session.execute(query)]


class Moved(NamedTuple):
    """Somebody's time in a department."""

    person: PersonCard
    since: datetime
    until: datetime | None


def past_members(department_id: int, *, limit: int = 20) -> list[Moved]:
    """Who left lately, newest first. One query."""
    query = (
        select(*PERSON, Membership.since, Membership.until)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.department_id == department_id, Membership.until.is_not(None))
        .order_by(Membership.until.desc(), Membership.id.desc())
        .limit(limit)
    )
    return [Moved(card(row), row.since, row.until) for row in db.session.execute(query)]


def names_of_people(ids: Iterable[int]) -> dict[int, str]:
    """Shown names by id. One query, none for nobody."""
    wanted = list(ids)
    if not wanted:
        return {}
    query = select(Person.id, Person.name).where(Person.id.in_(wanted))
    return {row.id: shown_name(row.name) for row in db.session.execute(query)}


def sentence_of_size(people: Sequence[PersonCard]) -> str:
    """“60 of more” or how many there are."""
    if len(people) > MEMBERS_SHOWN:
        return _("the first %(num)d", num=MEMBERS_SHOWN)
    return ngettext("%(num)d person", "%(num)d people", len(people))
