"""Who stands at an end of a service: a department, a team or role of one, or a person."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.accounts.models import Person
from forum.core import limits
from forum.core.db import db
from forum.core.errors import Invalid
from forum.core.i18n import _, lazy
from forum.core.textcheck import clean_line
from forum.departments.holding import hold_open
from forum.departments.models import Side, SideKind
from forum.departments.scope import scope_of
from forum.departments.visibility import people_visible_to

PROVIDER, CUSTOMER = "provider", "customer"
OTHER = {PROVIDER: CUSTOMER, CUSTOMER: PROVIDER}
SAME = lazy("Nobody serves themselves: choose another side, or a team or role of it.")


class End(NamedTuple):
    """Who is to stand at an end; a department without more means itself."""

    department_id: int | None = None
    kind: SideKind | None = None
    name: str = ""
    person_id: int | None = None


class Place(NamedTuple):
    """Where an end stands: a department, and the row of its side unless it is the department."""

    department_id: int | None
    side_id: int | None


def department(department_id: int) -> End:
    """A whole department."""
    return End(department_id)


def part_of(department_id: int, kind: SideKind, name: str, *, field: str = "name") -> End:
    """A team or a role of a department. Raises Invalid for a name that is empty or too long."""
    cleaned = clean_line(name)
    if not cleaned or not limits.SIDE_NAME.allows(cleaned):
        limit = limits.SIDE_NAME.value
        raise Invalid(_("Name it in at most %(limit)d characters.", limit=limit), field=field)
    return End(department_id, kind, cleaned)


def somebody(person: Person) -> End:
    """A person, in the department they belong to if there is one."""
    return End(person.department_id, SideKind.PERSON, person_id=person.id)


def check_here(person: Person, *, field: str) -> None:
    """Refuse somebody who cannot sign in, and so could never answer."""
    if person.deactivated_at is not None or person.erased_at is not None:
        raise Invalid(_("Choose somebody who can sign in."), field=field)


def check_ends(provider: End, customer: End) -> None:
    """Refuse the identical side at both ends."""
    if _told_apart(provider) == _told_apart(customer):
        raise Invalid(SAME, field=CUSTOMER)


def _told_apart(end: End) -> End:
    if end.kind == SideKind.PERSON:
        return End(None, end.kind, "", end.person_id)
    return end._replace(name=end.name.casefold())


def check_seen(person: Person, provider: End, customer: End) -> None:
    """Refuse a side that a consultant has nothing to do with, as if it were not there. At most a
    query a side, none for others."""
    scope = scope_of(person).departments
    if scope is None:
        return
    for side, end in ((PROVIDER, provider), (CUSTOMER, customer)):
        if end.kind == SideKind.PERSON:
            query = select(Person.id).where(Person.id == end.person_id, people_visible_to(person))
            if db.session.scalar(query) is None:
                message = _("Name somebody by e-mail or staff number.")
                raise Invalid(message, field=f"{side}_person")
        elif end.department_id not in scope:
            raise Invalid(_("Choose a department from the list."), field=side)


def hold_ends(*ends: End) -> None:
    """Refuse a closed department, and let none close before the open write ends.

    Where a team or role is new its department is held alone, so that “Desk” and “desk” are one.
    """
    new = any(find(end) is None for end in ends)
    ids = {end.department_id for end in ends if end.department_id is not None}
    if hold_open(ids, alone=new) != ids:
        raise Invalid(_("Choose a department from the list."), field=PROVIDER)


def find(end: End) -> Place | None:
    """Where an end stands, None where no row tells of it yet. One query, none for a department."""
    if end.kind is None:
        return Place(end.department_id, None)
    same = Side.kind == end.kind.value
    if end.kind == SideKind.PERSON:
        query = select(Side.id, Side.name).where(same, Side.person_id == end.person_id)
    else:
        query = select(Side.id, Side.name).where(same, Side.department_id == end.department_id)
    wanted = end.name.casefold()
    for side_id, name in db.session.execute(query.order_by(Side.id)):
        if name.casefold() == wanted:
            return Place(end.department_id, side_id)
    return None


def place(end: End) -> Place:
    """Where an end stands, its row made where there is none, in the open write."""
    found = find(end)
    if found is not None:
        return found
    insert: Any = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    person = end.kind == SideKind.PERSON
    row = {
        "kind": str(end.kind),
        "department_id": None if person else end.department_id,
        "name": end.name,
        "person_id": end.person_id,
    }
    # Somebody may be the first at the same moment: theirs is this one.
    db.session.execute(insert(Side).values(**row).on_conflict_do_nothing())
    made = find(end)
    assert made is not None
    return made
