"""Reading reviews: who may make one, what there was, how each standard is looked after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, exists, func, or_, select

from forum.accounts.models import Kind, Person, Role
from forum.accounts.standin import run
from forum.core.db import db
from forum.core.errors import NotFound
from forum.departments.models import Deputy
from forum.departments.queries import is_away
from forum.ideas.models import Idea
from forum.ideas.visibility import listed_for
from forum.standards.models import Standard, Version, VersionState
from forum.standards.queries import LARGEST
from forum.standards.review.models import Outcome, Review
from forum.standards.visibility import visible_to

SHOWN = 5
"""Reviews shown beside a standard; the page of its review has all."""


def stands_in(person: Person, standard: Standard) -> bool:
    """Whether a person stands in for the standard's owner today. One query."""
    if standard.owner_id is None:
        return False
    query = select(Deputy.person_id).where(
        Deputy.person_id == standard.owner_id, Deputy.deputy_id == person.id, is_away()
    )
    return db.session.scalar(query) is not None


def another_may(person: Person, standard: Standard) -> bool:
    """Whether anybody else could review the standard. One query."""
    owns = and_(Person.id == standard.owner_id, Person.kind == Kind.STAFF)
    away = select(Deputy.deputy_id).where(Deputy.person_id == standard.owner_id, is_away())
    others = exists().where(
        Person.id != person.id,
        Person.deactivated_at.is_(None),
        Person.erased_at.is_(None),
        or_(Person.role != Role.EMPLOYEE, owns, Person.id.in_(away)),
    )
    return bool(db.session.scalar(select(others)))


def version_in_force(standard: Standard) -> Version:
    """The version that is looked at. One query."""
    query = select(Version).where(
        Version.standard_id == standard.id, Version.state == VersionState.IN_FORCE
    )
    found = db.session.scalars(query).first()
    if found is None:
        raise NotFound
    return found


class Line(NamedTuple):
    """A review in the history of a standard."""

    id: int
    standard_id: int
    version: int
    outcome: str
    note: str
    opened_at: datetime
    closed_at: datetime | None
    due_after: date | None
    evidence: dict[str, Any]
    by: str | None
    idea_id: int | None
    idea: str | None
    idea_lang: str | None


def history(
    reader: Person, standard_ids: Sequence[int], most: int = SHOWN
) -> dict[int, list[Line]]:
    """The newest reviews of each standard, newest first; ideas the reader sees. One query."""
    found: dict[int, list[Line]] = {}
    for row in run(_history, reader, most, of_standards=list(standard_ids)):
        line = Line._make(row)
        found.setdefault(line.standard_id, []).append(line)
    return found


def _history(reader: Any, most: int) -> Any:
    place = func.row_number().over(partition_by=Review.standard_id, order_by=Review.id.desc())
    placed = select(Review.id, place.label("place")).where(
        Review.standard_id.in_(bindparam("of_standards", expanding=True))
    )
    newest = placed.subquery()
    return (
        select(
            Review.id,
            Review.standard_id,
            Review.version,
            Review.outcome,
            Review.note,
            Review.opened_at,
            Review.closed_at,
            Review.due_after,
            Review.evidence,
            Person.name,
            Idea.id,
            Idea.title,
            Idea.lang,
        )
        .select_from(Review)
        .join(newest, newest.c.id == Review.id)
        .outerjoin(Person, Person.id == Review.by_id)
        .outerjoin(Idea, and_(Idea.id == Review.idea_id, listed_for(reader)))
        .where(newest.c.place <= most)
        .order_by(Review.id.desc())
    )


class Standing(NamedTuple):
    """A standard in force as evidence is looked for: since it was last reviewed or published."""

    id: int
    number: str
    version_id: int
    version: int
    published_at: datetime
    asked_at: datetime
    since: datetime


def standings(standard_ids: Sequence[int]) -> list[Standing]:
    """Those of the standards that are in force. One query."""
    reviewed = (
        select(func.max(Review.closed_at))
        .where(Review.standard_id == Standard.id, Review.outcome != Outcome.OVERTAKEN)
        .correlate(Standard)
        .scalar_subquery()
    )
    query = (
        select(Standard.id, Standard.number, Version.id, Version.number, Version.published_at)
        .add_columns(Version.asked_at, reviewed)
        .join(Version, Version.standard_id == Standard.id)
        .where(Standard.id.in_(list(standard_ids)), Version.state == VersionState.IN_FORCE)
        .order_by(Standard.id)
    )
    rows = db.session.execute(query)
    return [
        Standing._make((*row[:5], row[5] or row[4], max(row[4], row[6] or row[4]))) for row in rows
    ]


def of_batch(person: Person, batch: int) -> list[Review]:
    """The reviews somebody made at once. One query."""
    query = select(Review).where(Review.batch == min(batch, LARGEST), Review.by_id == person.id)
    return list(db.session.scalars(query.order_by(Review.id)))


def idea_named(reader: Person, idea_id: int) -> int | None:
    """The id of an idea that the reader sees in lists, else None. One query."""
    found: int | None = db.session.scalar(
        select(Idea.id).where(Idea.id == idea_id, listed_for(reader))
    )
    return found


def reviewed_or_404(reader: Person, review_id: int) -> tuple[Review, Standard]:
    """A review and its standard, where the reader sees that. One query."""
    query = (
        select(Review, Standard)
        .join(Standard, Standard.id == Review.standard_id)
        .where(Review.id == review_id, visible_to(reader))
    )
    row = db.session.execute(query).first()
    if row is None:
        raise NotFound
    return row[0], row[1]
