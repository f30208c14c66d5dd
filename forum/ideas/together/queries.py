"""Who writes an idea with its author, and who was asked to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, bindparam, case, cast, exists, func, or_, select

from forum.accounts.models import Person
from forum.accounts.names import shown_name
from forum.core.db import db
from forum.ideas.merges.models import IdeaAuthor
from forum.ideas.models import Idea
from forum.ideas.together.models import AuthorInvitation
from forum.ideas.visibility import READER


class Writer(NamedTuple):
    """A person beside an idea."""

    id: int
    name: str
    erased: bool

    @property
    def shown(self) -> str:
        """What they are called."""
        return shown_name(self.name)


PEOPLE = select(Person.id, Person.name, Person.erased_at.is_not(None))
CO_AUTHORS = (
    PEOPLE.join(IdeaAuthor, IdeaAuthor.person_id == Person.id)
    .where(IdeaAuthor.idea_id == bindparam("idea_id"))
    .order_by(IdeaAuthor.at, Person.id)
)
INVITED = (
    PEOPLE.join(AuthorInvitation, AuthorInvitation.person_id == Person.id)
    .where(AuthorInvitation.idea_id == bindparam("idea_id"), AuthorInvitation.declined_at.is_(None))
    .order_by(AuthorInvitation.at, Person.id)
)


def co_authors(idea_id: int) -> list[Writer]:
    """Who writes an idea beside its author, longest first. One query."""
    return [Writer(*row) for row in db.session.execute(CO_AUTHORS, {"idea_id": idea_id})]


def invited(idea_id: int) -> list[Writer]:
    """Who was asked to write it and has not answered. One query."""
    return [Writer(*row) for row in db.session.execute(INVITED, {"idea_id": idea_id})]


def co_authors_of(person: Person, idea: Idea) -> frozenset[int]:
    """The person alone if they are a co-author, else nobody. One query, none for the author."""
    if idea.author_id == person.id:
        return frozenset()
    query = select(IdeaAuthor.person_id).where(
        IdeaAuthor.idea_id == idea.id, IdeaAuthor.person_id == person.id
    )
    return frozenset(db.session.scalars(query))


def is_shared(idea: Idea) -> bool:
    """Whether an idea without a name has co-authors; nobody asks it of others. One query of such an
    idea, none of others."""
    beside = select(IdeaAuthor.person_id).where(IdeaAuthor.idea_id == idea.id).limit(1)
    return bool(idea.anonymous) and db.session.scalar(beside) is not None


def written_by(person_id: Any) -> ColumnElement[bool]:
    """Whether somebody is a co-author of the query's idea."""
    return exists().where(IdeaAuthor.idea_id == Idea.id, IdeaAuthor.person_id == person_id)


def authored_by(person_id: Any) -> ColumnElement[bool]:
    """Whether somebody writes the query's idea, alone or with others: `policy.writes` for lists."""
    return or_(Idea.author_id == person_id, written_by(person_id))


def reader_writes() -> ColumnElement[bool]:
    """The same of the reader, whose id is bound when the query runs."""
    return written_by(READER)


def reader_is_invited() -> ColumnElement[bool]:
    """Whether the reader was asked to write the query's idea and has not answered."""
    return exists().where(
        AuthorInvitation.idea_id == Idea.id,
        AuthorInvitation.person_id == READER,
        AuthorInvitation.declined_at.is_(None),
    )


def joined_authors() -> Any:
    """An idea's co-authors in one column: lines of an id, 0 for an erased person, and a name."""
    shown = case((Person.erased_at.is_(None), Person.id), else_=0)
    line = cast(shown, String) + " " + Person.name
    return (
        select(func.aggregate_strings(line, "\n"))
        .join(IdeaAuthor, IdeaAuthor.person_id == Person.id)
        .where(IdeaAuthor.idea_id == Idea.id)
        .correlate(Idea)
        .scalar_subquery()
    )


def credited(joined: str | None) -> list[tuple[int, str]]:
    """Co-authors out of that column, by name: id, 0 for an erased person, and name."""
    lines = [line.partition(" ") for line in (joined or "").split("\n") if line]
    return sorted(((int(number), name) for number, _gap, name in lines), key=lambda one: one[1])


def authors_by_idea(idea_ids: Sequence[int]) -> dict[int, list[int]]:
    """Co-authors of some ideas. One query."""
    query = select(IdeaAuthor.idea_id, IdeaAuthor.person_id).where(IdeaAuthor.idea_id.in_(idea_ids))
    found: dict[int, list[int]] = {}
    for idea_id, person_id in db.session.execute(query.order_by(IdeaAuthor.at)):
        found.setdefault(idea_id, []).append(person_id)
    return found
