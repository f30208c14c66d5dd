"""The board: the list's ideas by stage, each column paged by itself."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, literal_column, select, union_all

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.paging import Page, page_of
from forum.ideas import listing, stage_cards
from forum.ideas.badges import BadgeCard, badges_of
from forum.ideas.listing import LISTED_STAGES, IdeaFilter, ListedIdea, Shape
from forum.ideas.models import Idea
from forum.ideas.visibility import READER, SCOPE, listed

SIZE = 10
"""Ideas of one column on a page."""
COUNTED = 999
"""What a column's count goes up to; beyond it says no more than "more"."""


class Column(NamedTuple):
    """A stage of the board; its id only where it shares its kind with others."""

    slug: str
    kind: str
    stage_id: int | None = None


class Filled(NamedTuple):
    """A column with what stands in it."""

    column: Column
    total: int
    page: Page[ListedIdea]


def columns(wanted: IdeaFilter) -> tuple[Column, ...]:
    """The stages that the filter leaves, in their order."""
    if not stage_cards.changed():
        kinds = [str(kind) for kind in LISTED_STAGES if wanted.stage in ("", kind)]
        return tuple(Column(kind, kind) for kind in kinds)
    cards = stage_cards.in_use()
    shared = {card.kind for card in cards if card.added}
    return tuple(
        Column(card.slug, card.kind, card.id if card.kind in shared else None)
        for card in cards
        if wanted.stage in ("", card.slug, card.kind)
    )


def fill(
    reader: Person, wanted: IdeaFilter, *, answers_for: frozenset[int], size: int = SIZE
) -> list[Filled]:
    """Every column's page, the chosen one from the filter's place on. Three queries, however many
    ideas and columns."""
    chosen = columns(wanted)
    values = listing.values_of(reader, wanted, answers_for)
    shape = listing.shape_of(reader, wanted, values)
    counts = db.session.execute(_counts(shape, chosen), values).one()
    pages = _pages(chosen, wanted, shape, values, size)
    return [Filled(*each) for each in zip(chosen, counts, pages, strict=True)]


def more(
    reader: Person, wanted: IdeaFilter, *, answers_for: frozenset[int], size: int = SIZE
) -> Page[ListedIdea]:
    """The chosen column alone, from the filter's place on. Two queries."""
    chosen = tuple(each for each in columns(wanted) if each.slug == wanted.column)
    values = listing.values_of(reader, wanted, answers_for)
    pages = _pages(chosen, wanted, listing.shape_of(reader, wanted, values), values, size)
    return pages[0] if pages else Page([], None)


def _pages(
    chosen: tuple[Column, ...], wanted: IdeaFilter, shape: Shape, values: dict[str, Any], size: int
) -> list[Page[ListedIdea]]:
    if not chosen:
        return []
    rows = db.session.execute(_rows(shape, chosen, wanted.column), {**values, "most": size + 1})
    by_column: list[list[Any]] = [[] for _each in chosen]
    for row in rows:
        by_column[row.place].append(row)
    for each in by_column:  # a union promises no order
        each.sort(key=lambda row: (getattr(row, listing.COLUMNS[shape.sort].key), row.id))
        each.reverse()
    shown = badges_of([row.id for each in by_column for row in each[:size]])
    return [_page(each, size, shape.sort, shown) for each in by_column]


def _page(
    rows: Sequence[Any], size: int, sort: str, shown: dict[int, list[BadgeCard]]
) -> Page[ListedIdea]:
    page = page_of(rows, size, lambda row: listing.key_of(row, sort))
    return Page([ListedIdea(row, shown.get(row.id, [])) for row in page.rows], page.next)


@lru_cache(512)
def _rows(shape: Shape, chosen: tuple[Column, ...], paged: str) -> Any:
    """The first rows of every column in one statement; only the `paged` one begins further on."""
    parts = []
    for place, column in enumerate(chosen):
        own = shape._replace(after=shape.after and column.slug == paged)
        query = listing.rows_for(shape.moderates, shape.limited).where(*_within(own, column))
        query = query.add_columns(literal_column(str(place)).label("place"))
        parts.append(select(listing.ordered(query, own).subquery()))
    return union_all(*parts)


@lru_cache(512)
def _counts(shape: Shape, chosen: tuple[Column, ...]) -> Any:
    """How many ideas each column holds, up to one more than is told."""
    seen = listed(READER, SCOPE if shape.limited else None, moderates=shape.moderates)
    found = [select(Idea.id).where(seen, *_within(shape, column)) for column in chosen]
    counts = [select(func.count()).select_from(f.limit(COUNTED + 1).subquery()) for f in found]
    return select(*(count.scalar_subquery() for count in counts))


def _within(shape: Shape, column: Column) -> list[ColumnElement[bool]]:
    asked = [name for name in shape.asked if name not in ("stage", "added")]
    here = [Idea.stage_kind == column.kind]
    if column.stage_id is not None:
        here.append(Idea.stage_id == column.stage_id)
    return [*here, *listing.asked_of(shape._replace(asked=tuple(asked)))]
