"""Adding people to the forum."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from forum.accounts import facts
from forum.accounts.models import Person, Role
from forum.core.access import require
from forum.core.db import db, transaction
from forum.core.errors import Conflict
from forum.core.events import record
from forum.core.i18n import _


def add_person(
    admin: Person | None,
    *,
    name: str,
    email: str | None = None,
    login: str | None = None,
    role: str = Role.EMPLOYEE,
    password_hash: str | None = None,
) -> Person:
    """Add somebody who cannot sign in yet unless a password comes along.

    Raises Conflict when the e-mail or staff number is taken.
    """
    require(admin is None or admin.administers)
    person = Person(name=name, email=email, login=login, role=role, password_hash=password_hash)
    try:
        with transaction():
            db.session.add(person)
            db.session.flush()
            record(facts.CREATED, by=admin, about=("person", person.id), role=role)
    except IntegrityError:
        raise Conflict(_("Somebody has this e-mail or staff number already.")) from None
    return person
