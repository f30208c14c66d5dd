"""Reading summaries: beside an idea, in lists, for the search, and every wording of one."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, bindparam, func, select

from forum.accounts.models import Person
from forum.accounts.names import shown_name
from forum.core.db import db
from forum.core.texts import Text
from forum.ideas.models import Idea
from forum.ideas.together.models import Summary, SummaryRevision

LOCALE: BindParameter[str] = bindparam("locale", type_=Summary.lang.type)
"""The reader's language, in statements that are made once."""
STANDS = Summary.removed_at.is_(None)


class Short(NamedTuple):
    """A summary as a page shows it."""

    text: str
    by: str
    lang: str


def _in_readers_language(*columns: Any) -> Any:
    return (
        select(*columns)
        .select_from(Summary)
        .join(Text, Text.id == Summary.text_id)
        .where(Summary.idea_id == Idea.id, STANDS)
        .where(Summary.lang == LOCALE, Summary.lang != Idea.lang)
        .correlate(Idea)
    )


def short_text() -> Any:
    """What the query's idea says in short to the reader of another language, as a column."""
    return _in_readers_language(Text.plain).scalar_subquery()


def short_by() -> Any:
    """Who wrote that last, as a column."""
    writer = _in_readers_language(Person.name).join(Person, Person.id == Summary.by_id)
    return writer.scalar_subquery()


def all_shorts() -> Any:
    """Every summary of the query's idea, one below the other, as a column."""
    return (
        select(func.aggregate_strings(Text.plain, "\n"))
        .join(Summary, Summary.text_id == Text.id)
        .where(Summary.idea_id == Idea.id, STANDS)
        .correlate(Idea)
        .scalar_subquery()
    )


class Wording(NamedTuple):
    """A wording of a summary."""

    number: int
    at: datetime
    by: str
    text: str


def wordings_of(summary_id: int) -> list[Wording]:
    """Every wording of a summary, oldest first. One query."""
    query = (
        select(SummaryRevision.number, SummaryRevision.at, Person.name, Text.plain)
        .join(Person, Person.id == SummaryRevision.by_id)
        .join(Text, Text.id == SummaryRevision.text_id)
        .where(SummaryRevision.summary_id == summary_id)
        .order_by(SummaryRevision.number)
    )
    rows = db.session.execute(query)
    return [Wording(row[0], row[1], shown_name(row[2]), row[3]) for row in rows]
