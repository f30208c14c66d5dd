"""Whom a thank-you is to: what a form sends, who may be chosen, and whom a name finds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select

from forum.accounts.models import Person
from forum.accounts.names import name_key
from forum.accounts.queries import by_handle
from forum.core import limits
from forum.core.db import db
from forum.core.numbers import id_or_none
from forum.core.textcheck import clean_line
from forum.departments.models import Department, Representative
from forum.departments.queries import DepartmentCard
from forum.departments.visibility import choices_for, people_visible_to

EVERYONE = "everyone"
FOUND = 8
"""People, and departments, that a name suggests; more are found by more of the name."""
READ = 3 * limits.THANKED.value
"""Names taken from what was sent; beyond that it is refused anyway."""


class Choice(NamedTuple):
    """Somebody to thank as a form shows and sends them: `person-3`, `department-2`."""

    value: str
    label: str


class Chosen(NamedTuple):
    """Whom somebody thanks: people, departments, and everyone who worked on the subject."""

    people: tuple[int, ...] = ()
    departments: tuple[int, ...] = ()
    everyone: bool = False


def read(sent: Iterable[str]) -> Chosen:
    """What a form or an address names; what is none of the three is left out."""
    people: dict[int, None] = {}
    departments: dict[int, None] = {}
    everyone = False
    for value in sent:
        kind, _dash, number = value.rpartition("-")
        known = id_or_none(number)
        everyone = everyone or value == EVERYONE
        full = len(people) + len(departments) >= READ
        if known is not None and kind in ("person", "department") and not full:
            (people if kind == "person" else departments)[known] = None
    return Chosen(tuple(people), tuple(departments), everyone)


def people_of(reader: Person, ids: Sequence[int]) -> list[Person]:
    """Those of some people whom the reader may thank, in their order. One query."""
    query = select(Person).where(Person.id.in_(ids), _thankable(reader))
    known = {person.id: person for person in db.session.scalars(query)}
    return [known[number] for number in ids if number in known]


def departments_of(reader: Person, ids: Sequence[int]) -> list[DepartmentCard]:
    """Those of some departments whom the reader may thank, in their order. One query."""
    known = {card.id: card for card in choices_for(reader)} if ids else {}
    return [known[number] for number in ids if number in known]


def choices(reader: Person, chosen: Chosen) -> list[Choice]:
    """What a form shows of whom was chosen. At most two queries."""
    people = people_of(reader, chosen.people) if chosen.people else []
    return [*map(_person, people), *map(_department, departments_of(reader, chosen.departments))]


def find(reader: Person, typed: str) -> list[Choice]:
    """Whom a name, e-mail, staff number, department or its code may mean; an exact one alone. Three
    queries."""
    plain = clean_line(typed)
    if not plain:
        return []
    exact = by_handle(plain)
    if exact is not None and people_of(reader, [exact.id]) and exact.id != reader.id:
        return [_person(exact)]
    departments, people = _departments(reader, plain), _people(reader, plain)
    return [*departments, *people]


def is_oneself(reader: Person, typed: str) -> bool:
    """Whether a name, a part of it, an e-mail or a staff number is the reader's own. One query at
    most."""
    plain = clean_line(typed)
    asked = name_key(plain).strip()
    if not asked:
        return False
    exact = by_handle(plain)
    return asked in reader.name_key or (exact is not None and exact.id == reader.id)


def _people(reader: Person, plain: str) -> list[Choice]:
    query = select(Person).where(
        Person.name_key.contains(name_key(plain).strip(), autoescape=True),
        Person.id != reader.id,
        _thankable(reader),
    )
    found = db.session.scalars(query.order_by(Person.name_key, Person.id).limit(FOUND))
    return [_person(person) for person in found]


def _departments(reader: Person, plain: str) -> list[Choice]:
    asked = name_key(plain).strip()
    cards = choices_for(reader)
    return [
        _department(card)
        for card in cards
        if asked == card.code.casefold() or asked in name_key(card.name)
    ][:FOUND]


def _thankable(reader: Person) -> ColumnElement[bool]:
    here = Person.deactivated_at.is_(None) & Person.erased_at.is_(None)
    return here & people_visible_to(reader)


def _person(person: Person) -> Choice:
    about = f"{person.name}, {person.job_title}" if person.job_title else person.name
    return Choice(f"person-{person.id}", about)


def _department(card: DepartmentCard) -> Choice:
    return Choice(f"department-{card.id}", f"{card.name} ({card.code})")


def is_alone(person: Person, department_id: int) -> bool:
    """Whether nobody but somebody themselves belongs to a department, heads or represents it. One
    query."""
    others = select(Person.id).where(
        Person.id != person.id,
        Person.deactivated_at.is_(None),
        or_(
            Person.department_id == department_id,
            Person.id.in_(
                select(Representative.person_id).where(
                    Representative.department_id == department_id
                )
            ),
            Person.id.in_(select(Department.head_id).where(Department.id == department_id)),
        ),
    )
    return db.session.scalar(others.limit(1)) is None
