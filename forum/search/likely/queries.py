"""Reading likely duplicates: pairs of ideas that can both still be merged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.errors import NotFound
from forum.departments.reach import reach_of
from forum.ideas.deciding import within
from forum.ideas.models import Idea
from forum.ideas.policy import UNSETTLED
from forum.search import related
from forum.search.likely.models import LikelyDuplicate

SHOWN = 50
"""Pairs on the page; the rest comes up as these are cleared."""
COUNTED = 99
FIRST, SECOND = aliased(Idea), aliased(Idea)


def _waiting(moderator: Person) -> Any:
    """Pairs not dismissed, of which both can still be merged, where a moderator acts."""
    limited = reach_of(moderator) is not None
    theirs = select(Idea.id).where(within(moderator))
    standing = (
        and_(
            idea.stage_kind.in_(UNSETTLED),
            idea.hidden_at.is_(None),
            *([idea.id.in_(theirs)] if limited else []),
        )
        for idea in (FIRST, SECOND)
    )
    return (
        select(LikelyDuplicate.id)
        .join(FIRST, FIRST.id == LikelyDuplicate.first_id)
        .join(SECOND, SECOND.id == LikelyDuplicate.second_id)
        .where(LikelyDuplicate.dismissed_at.is_(None), *standing)
    )


class Side(NamedTuple):
    """One of two ideas."""

    id: int
    title: str
    lang: str
    votes: int
    comments: int


class Pair(NamedTuple):
    """Two ideas, and the words that both have."""

    id: int
    words: str
    sides: tuple[Side, Side]


def pairs(moderator: Person) -> tuple[list[Pair], bool]:
    """The likeliest first, and whether there are more. One query."""
    columns = [
        (idea.id, idea.title, idea.lang, idea.vote_count, idea.comment_count)
        for idea in (FIRST, SECOND)
    ]
    query = (
        _waiting(moderator)
        .add_columns(LikelyDuplicate.words, *columns[0], *columns[1])
        .order_by(LikelyDuplicate.score.desc(), LikelyDuplicate.id)
        .limit(SHOWN + 1)
    )
    rows = db.session.execute(query).all()
    found = [Pair(row[0], row[1], (Side(*row[2:7]), Side(*row[7:12]))) for row in rows]
    return found[:SHOWN], len(found) > SHOWN


def pair_or_404(pair_id: int) -> LikelyDuplicate:
    """A pair, dismissed or not. One query."""
    pair = db.session.get(LikelyDuplicate, pair_id)
    if pair is None:
        raise NotFound
    return pair


def for_moderators(reader: Person, places: Sequence[Any]) -> dict[int, str]:
    """How many wait, in words, if any do. One query."""
    some = _waiting(reader).limit(COUNTED + 1).subquery()
    count = db.session.scalar(select(func.count()).select_from(some)) or 0
    shown = str(count) if count <= COUNTED else f"{COUNTED}+"
    return {place.id: shown for place in places} if count else {}


def to_merge_with(reader: Person, ideas: Sequence[Any]) -> dict[int, list[int]]:
    """What an idea may belong together with: its likely duplicates, then what says much the same.

    Five queries each.
    """
    return {idea.id: _beside(reader, idea.id) for idea in ideas}


def _beside(reader: Person, idea_id: int) -> list[int]:
    pair = LikelyDuplicate
    query = (
        select(pair.first_id, pair.second_id)
        .where(
            or_(pair.first_id == idea_id, pair.second_id == idea_id), pair.dismissed_at.is_(None)
        )
        .order_by(pair.score.desc())
        .limit(SHOWN)
    )
    known = [number for row in db.session.execute(query) for number in row if number != idea_id]
    try:
        _found, alike = related.related(reader, "idea", idea_id)
    except NotFound:
        alike = []
    ideas = [hit.found.id for hit in alike if hit.found.kind == "idea"]
    return list(dict.fromkeys([*known, *ideas]))
