"""Naming somebody in a form."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, select, true

from forum.accounts.models import Person
from forum.accounts.names import name_key
from forum.accounts.queries import by_handle
from forum.core.db import db
from forum.core.errors import Invalid
from forum.core.i18n import _
from forum.core.textcheck import clean_line


def read_person(typed: str, *, field: str, among: ColumnElement[bool] | None = None) -> int | None:
    """Somebody by e-mail, staff number or full name; empty is nobody. Raises Invalid.

    `among` are the people who may be named: others are as if there were none.
    """
    plain = clean_line(typed)
    if not plain:
        return None
    known = select(Person.id).where(true() if among is None else among)
    person = by_handle(plain)
    if person is not None and (among is None or _is_there(known, person)):
        return person.id
    query = known.where(Person.name_key == name_key(plain), Person.erased_at.is_(None))
    found = list(db.session.scalars(query.limit(2)))
    if len(found) != 1:
        message = _("Name %(who)s by e-mail or staff number.", who=plain)
        raise Invalid(message, field=field)
    return found[0]


def _is_there(known: Select[int], person: Person) -> bool:
    return db.session.scalar(known.where(Person.id == person.id)) is not None


def handle_of(person: Person) -> str:
    """What a form shows for a person, to be read back by `read_person`."""
    return person.email or person.login or person.name
