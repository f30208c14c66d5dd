"""What every write of one import needs: people and departments by what a file calls them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

from sqlalchemy import select, text

from forum.core.db import db, transaction
from forum.departments.models import Department
from forum.ideas.imports.authors import Authors
from forum.ideas.imports.composing import ComposedIdea
from forum.ideas.models import AnswerKind

IMPORT_LOCK = 7_040_005
"""Key of the PostgreSQL advisory lock that lets two imports write in turn."""


class Desk:
    """People and departments by name, and the writes in which they are known."""

    def __init__(
        self,
        authors: Authors,
        departments: dict[str, int],
        archived: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        self.authors, self.departments = authors, {**archived, **departments}
        self._archived = archived.keys() - departments.keys()

    @contextmanager
    def open(self, names: Iterable[str]) -> Iterator[None]:
        """A write in which these people are known."""
        try:
            with transaction():
                if db.engine.dialect.name == "postgresql":
                    query = text("SELECT pg_advisory_xact_lock(:key)")
                    db.session.execute(query, {"key": IMPORT_LOCK})
                self.authors.make_known(names)
                yield
        except BaseException:
            self.authors.forget()
            raise
        self.authors.keep()

    def knows(self, name: str) -> bool:
        """Whether there is such a department."""
        return name.casefold() in self.departments

    def is_archived(self, name: str) -> bool:
        """Whether it is closed: it may have answered once, and is asked nothing any more."""
        return name.casefold() in self._archived

    def known_department(self, name: str) -> int:
        """A department by its name, code or address."""
        return self.departments[name.casefold()]

    def department(self, name: str) -> int | None:
        """The same, or None for no name."""
        return self.known_department(name) if name else None

    def departments_of(self, names: Iterable[str]) -> list[int]:
        """Departments by what they are called, each once."""
        return list(dict.fromkeys(self.known_department(name) for name in names))


def department_names() -> dict[str, int]:
    """Departments by slug, code and name, in small letters. One query."""
    open_ones = Department.archived_at.is_(None)
    return _known_by((Department.name, Department.code, Department.slug), open_ones)


def archived_names() -> dict[str, int]:
    """Archived departments by slug alone, as exports name them. One query."""
    return _known_by((Department.slug,), Department.archived_at.is_not(None))


def _known_by(columns: Sequence[Any], where: Any) -> dict[str, int]:
    known: dict[str, int] = {}
    for department_id, *names in db.session.execute(select(Department.id, *columns).where(where)):
        known.update({str(name).casefold(): department_id for name in names})
    return known


def names_in(composed: ComposedIdea, *, whole: bool) -> Iterator[str]:
    """Whom a line names; without its comments and votes unless it is written whole."""
    idea = composed.idea
    yield idea.author
    if idea.decision is not None:
        yield idea.decision.by
    yield from (each.by for each in idea.answers if each.answer != AnswerKind.WAITING)
    yield from (step.by for step in idea.steps if step.by)
    yield from idea.together.people
    if whole:
        yield from (comment.author for comment in idea.comments)
        yield from (person for person, _at in idea.votes)
