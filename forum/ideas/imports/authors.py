"""People a file names: those who are here, and those who become people that cannot sign in."""

from __future__ import annotations

from sqlalchemy import or_, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.i18n import _
from forum.core.limits import PERSON_NAME
from forum.ideas.imports.records import NOBODY


class Authors:
    """Finds or makes people, in the open write; asks the database once for each name."""

    def __init__(self) -> None:
        self._known: dict[str, Person] = {}

    def of(self, called: str) -> Person:
        """Somebody by e-mail or staff number, else the person an earlier import made of it."""
        key = called.strip().lower()[:200]
        if key not in self._known:
            self._known[key] = self._found(key) or self._made(called, key)
        return self._known[key]

    def forget(self) -> None:
        """Nobody is known any more: the write that made them may have been rolled back."""
        self._known.clear()

    def _found(self, key: str) -> Person | None:
        query = select(Person).where(
            or_(Person.email == key, Person.login == key, Person.imported_from == key)
        )
        return db.session.scalars(query.order_by(Person.id).limit(1)).first()

    def _made(self, called: str, key: str) -> Person:
        name = _("Unknown author") if called == NOBODY else called
        person = Person(name=name[: PERSON_NAME.value], imported_from=key)
        db.session.add(person)
        db.session.flush()
        return person
