"""Reading merges: what a page shows of them, and the ideas to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.texts import Text
from forum.ideas.merges.models import Merge
from forum.ideas.models import Idea
from forum.ideas.visibility import listed_for, visible_to


def took_in() -> Any:
    """Whether an idea has ever taken another in, so that its page asks only then."""
    return exists().where(Merge.parent_id == Idea.id).correlate(Idea)


class TakenIn(NamedTuple):
    """A merge as the parent's page tells it; `title` is None where the child is not to be seen."""

    child_id: int
    title: str | None
    lang: str | None
    by: str | None
    at: datetime
    moved: int
    both: int
    comment_id: int | None
    message_html: str | None
    undone_at: datetime | None
    undone_by: str | None


def taken_in(reader: Person, parent_id: int) -> list[TakenIn]:
    """Every merge into an idea, those that were undone too, oldest first. One query."""
    undoer = aliased(Person)
    query = (
        select(
            Merge.child_id,
            Idea.title,
            Idea.lang,
            Person.name,
            Merge.at,
            Merge.moved,
            Merge.both,
            Merge.comment_id,
            Text.html,
            Merge.undone_at,
            undoer.name,
        )
        .join(Person, Person.id == Merge.by_id)
        .outerjoin(undoer, undoer.id == Merge.undone_by_id)
        .outerjoin(Text, Text.id == Merge.message_id)
        .outerjoin(Idea, (Idea.id == Merge.child_id) & listed_for(reader))
        .where(Merge.parent_id == parent_id)
        .order_by(Merge.id)
    )
    return [TakenIn._make(row) for row in db.session.execute(query)]


class LeadsTo(NamedTuple):
    """The idea that a merged one became part of, as far as its reader may know it."""

    id: int
    title: str
    lang: str
    stage_kind: str
    stage_id: int


def leads_to(reader: Person, idea: Idea) -> LeadsTo | None:
    """Where a merged idea leads in the end; None where the reader may not see that. One query."""
    way = (
        select(Idea.id, Idea.merged_into_id.label("next"))
        .where(Idea.id == idea.merged_into_id)
        .cte("way", recursive=True)
    )
    after = aliased(Idea)
    # A circle, which only a damaged database holds, ends because no row comes twice.
    way = way.union(select(after.id, after.merged_into_id).join(way, way.c.next == after.id))
    end = select(way.c.id).where(way.c.next.is_(None)).scalar_subquery()
    query = select(Idea.id, Idea.title, Idea.lang, Idea.stage_kind, Idea.stage_id).where(
        Idea.id == end, listed_for(reader)
    )
    row = db.session.execute(query).first()
    return LeadsTo._make(row) if row is not None else None


class Word(NamedTuple):
    """Who merged an idea, and what they said to it."""

    by: str | None
    at: datetime
    message_html: str | None


def word_on(child_id: int) -> Word | None:
    """The merge that stands, None for one that came with an import. One query."""
    query = (
        select(Person.name, Merge.at, Text.html)
        .join(Person, Person.id == Merge.by_id)
        .outerjoin(Text, Text.id == Merge.message_id)
        .where(Merge.child_id == child_id, Merge.undone_at.is_(None))
    )
    row = db.session.execute(query).first()
    return Word._make(row) if row is not None else None


def to_choose_from(reader: Person, ids: Sequence[int]) -> list[Idea]:
    """Those of the ideas that the reader sees, in the trash too, in this order. One query."""
    if not ids:
        return []
    query = select(Idea).where(Idea.id.in_(list(ids)), visible_to(reader))
    found = {idea.id: idea for idea in db.session.scalars(query)}
    return [found[number] for number in dict.fromkeys(ids) if number in found]
