"""Ideas that moderators have pinned to the top of the list."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import cast, null, select, union_all

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.paging import Page, page_of
from forum.ideas import listing
from forum.ideas.badges import badges_of
from forum.ideas.listing import PAGE, IdeaFilter, ListedIdea, Shape
from forum.ideas.models import Idea
from forum.ideas.phrases import RowValues


class Listed(NamedTuple):
    """A page of the list, and what is pinned above its first."""

    on_top: list[ListedIdea]
    page: Page[ListedIdea]


def list_ideas(reader: Person, wanted: IdeaFilter, *, answers_for: frozenset[int]) -> Listed:
    """A page as the filter asks; the first of the whole list has what is pinned, newest pin first.
    Two queries, whatever is pinned."""
    if wanted.narrowed or wanted.after:
        return Listed([], listing.list_ideas(reader, wanted, answers_for=answers_for))
    values = listing.values_of(reader, wanted, answers_for)
    statement = _with_pinned(listing.shape_of(reader, wanted, values))
    found = db.session.execute(statement, {**values, "most": PAGE + 1}).all()
    page = page_of(
        [row for row in found if row.pinned_at is None],
        PAGE,
        lambda row: listing.key_of(row, wanted.sort),
    )
    on_top = [row for row in found if row.pinned_at is not None]
    shown = badges_of([row.id for row in (*on_top, *page.rows)])

    def rows(some: list[Any]) -> list[ListedIdea]:
        return [ListedIdea(RowValues(*row[:-1]), shown.get(row.id, [])) for row in some]

    return Listed(rows(on_top), Page(rows(page.rows), page.next))


@cache
def _with_pinned(shape: Shape) -> Any:
    """The first page and what is pinned, each by its own index; `pinned_at` tells them apart."""
    every = listing.rows_for(shape.moderates, shape.limited)
    never = cast(null(), Idea.pinned_at.type).label("pinned_at")
    page = listing.ordered(every.add_columns(never), shape).subquery()
    pinned = every.add_columns(Idea.pinned_at).where(Idea.pinned_at.is_not(None)).subquery()
    both = union_all(select(pinned), select(page)).subquery()
    column = both.c[listing.COLUMNS[shape.sort].key]
    return select(both).order_by(both.c.pinned_at.desc(), column.desc(), both.c.id.desc())
