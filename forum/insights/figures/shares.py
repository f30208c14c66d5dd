"""How many people took part in a quarter: told once it is over, once, for whole branches.

Quarters have no day in common, so nothing follows from one about another; months and years are not
told. While a quarter goes on its figure would move by one with each person, so it waits.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, or_, select

from forum.accounts.models import ACTIVE_FOR, Kind, Person
from forum.core.db import db
from forum.departments.models import Membership
from forum.discussion.models import Comment
from forum.ideas.models import AnswerRevision, Idea, Vote
from forum.insights.figures.counting import PUBLISHED
from forum.insights.figures.hiding import Part, is_safe, shown_branches
from forum.insights.figures.models import WHOLE, InsightShare
from forum.insights.figures.periods import Period
from forum.insights.figures.tree import Tree


def shares_of(quarter: date, tree: Tree) -> list[InsightShare]:
    """What may be told of a quarter, by branch. Five queries."""
    since, until = Period("quarter", quarter).moments
    places = _people(since, until)
    openly, voted = _openly(since, until), _voters(since, until)
    own: dict[int, Part] = {}
    for person_id, department in places.items():
        took = int(person_id in openly or person_id in voted)
        secretly = int(person_id in voted and person_id not in openly)
        place = department if department in tree.parents else WHOLE
        own[place or WHOLE] = own.get(place or WHOLE, Part()).and_also(Part(1, took, secretly))
    return _told(quarter, own, tree)


def _told(quarter: date, own: dict[int, Part], tree: Tree) -> list[InsightShare]:
    """With votes where enough people did nothing else in the whole company; else without them."""
    total = Part()
    for part in own.values():
        total = total.and_also(part)
    votes = is_safe(total, votes=True)
    if not votes:
        own = {place: part.openly() for place, part in own.items()}
    shown = shown_branches(own, tree.children(), WHOLE, votes=votes)
    return [
        InsightShare(
            department_id=branch,
            quarter=quarter,
            took_part=part.took_part,
            people=part.people,
            with_votes=votes,
        )
        for branch, part in sorted(shown.items())
    ]


def _people(since: datetime, until: datetime) -> dict[int, int | None]:
    """Staff who could sign in when the quarter ended and did about then or later, with the
    department they had."""
    there = and_(
        Membership.person_id == Person.id,
        Membership.since < until,
        or_(Membership.until.is_(None), Membership.until >= until),
    )
    query = (
        select(Person.id, func.max(Membership.department_id))
        .outerjoin(Membership, there)
        .where(
            Person.kind == Kind.STAFF,
            Person.created_at < until,
            Person.erased_at.is_(None),
            or_(Person.deactivated_at.is_(None), Person.deactivated_at >= until),
            Person.signed_in_at > since - ACTIVE_FOR,
        )
        .group_by(Person.id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _openly(since: datetime, until: datetime) -> set[int]:
    """Who wrote or answered something that stands there with their name."""
    posted = select(Idea.author_id).where(
        Idea.posted_at >= since, Idea.posted_at < until, Idea.anonymous == "", *PUBLISHED
    )
    said = select(Comment.author_id).where(
        Comment.created_at >= since,
        Comment.created_at < until,
        Comment.deleted_at.is_(None),
        Comment.hidden_at.is_(None),
    )
    answered = select(AnswerRevision.by_id).where(
        AnswerRevision.at >= since, AnswerRevision.at < until
    )
    return _ids((posted, said, answered))


def _voters(since: datetime, until: datetime) -> set[int]:
    return _ids([select(Vote.person_id).where(Vote.at >= since, Vote.at < until)])


def _ids(queries: Iterable[Any]) -> set[int]:
    return {number for query in queries for number in db.session.scalars(query.distinct())}
