"""People a file names: those who are here, and those who become people that cannot sign in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.accounts.facts import IMPORTED
from forum.accounts.models import Person
from forum.accounts.names import ANONYMOUS, name_key
from forum.accounts.nobody import nobody
from forum.core.db import db
from forum.core.events import record
from forum.core.i18n import _
from forum.core.limits import PERSON_NAME
from forum.ideas.imports.fields import NOBODY

ASKED = 400
"""Names in one query."""


class Author(NamedTuple):
    """What an idea remembers of who wrote it."""

    id: int
    department_id: int | None


class Authors:
    """Everybody a file has named so far: asked for in bulk, made in bulk, each once."""

    def __init__(self) -> None:
        self._known: dict[str, Author] = {}
        self._fresh: set[str] = set()

    def of(self, called: str) -> Author:
        """Somebody who was looked up or made before."""
        return self._known[key_of(called)]

    def make_known(self, names: Iterable[str]) -> None:
        """Look people up by e-mail, staff number or earlier import; make the rest, in the open
        write. One query when all are known by now, four otherwise."""
        called = {key_of(name): name for name in names if key_of(name) not in self._known}
        if not called:
            return
        self._look_up(list(called))
        missing = {key: name for key, name in called.items() if key not in self._known}
        if missing.pop(ANONYMOUS, None):
            self._known[ANONYMOUS] = Author(nobody().id, None)
            self._fresh.add(ANONYMOUS)
        if missing:
            self._make(missing)
            self._look_up(list(missing))
            self._fresh.update(missing)

    def imagine(self, names: Iterable[str]) -> None:
        """The same for a trial, which writes nobody: the rest get numbers below zero."""
        called = {key_of(name) for name in names} - self._known.keys()
        if called:
            self._look_up(sorted(called))
        for key in called - self._known.keys():
            self._known[key] = Author(-1 - len(self._known), None)

    def keep(self) -> None:
        """The write was committed: who was made is there."""
        self._fresh.clear()

    def forget(self) -> None:
        """The write was taken back: who was made in it is not there."""
        for key in self._fresh:
            self._known.pop(key, None)
        self._fresh.clear()

    def _look_up(self, keys: list[str]) -> None:
        for start in range(0, len(keys), ASKED):
            asked = keys[start : start + ASKED]
            columns = (Person.imported_from, Person.login, Person.email)
            query = select(Person.id, Person.department_id, *columns).where(
                or_(*(column.in_(asked) for column in columns))
            )
            rows = db.session.execute(query).all()
            wanted = set(asked)
            # The strongest name last: an e-mail wins over a staff number, over an earlier import.
            for place in (2, 3, 4):
                found = {
                    str(row[place]): Author(row[0], row[1]) for row in rows if row[place] in wanted
                }
                self._known.update(found)

    def _make(self, missing: dict[str, str]) -> None:
        insert: Any = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
        names = {key: _shown(called) for key, called in missing.items()}
        rows = [
            {"name": name, "name_key": name_key(name), "imported_from": key}
            for key, name in names.items()
        ]
        query = insert(Person.__table__).on_conflict_do_nothing().returning(Person.id)
        for person_id in db.session.scalars(query, rows).all():
            record(IMPORTED, by=None, about=("person", person_id))


def key_of(called: str) -> str:
    """What a name is known by, whatever its case."""
    return called.strip().lower()[:200]


def _shown(called: str) -> str:
    """A name for pages; of an e-mail address only what stands before the @."""
    if called == NOBODY:
        return _("Unknown author")
    name, at, _domain = called.partition("@")
    return (name if at and name else called)[: PERSON_NAME.value]
