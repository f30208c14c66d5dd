"""What a week brought one person: five short lists, each of a bounded length and cost.

Every query asks by the rules of the pages what this person may see now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, exists, func, literal, or_, select

from forum.accounts.models import Kind as PersonKind
from forum.accounts.models import Person
from forum.core.db import db
from forum.departments.queries import answers_for
from forum.ideas.models import Answer, AnswerKind, Decision, Follow, Idea, StageKind, Vote
from forum.ideas.policy import UNSETTLED
from forum.ideas.visibility import listed_for
from forum.notifications.models import Level, Watch
from forum.notifications.topics import Topic
from forum.standards.panels import unread_by

MOST = 5
"""Things in each list; the page has the rest."""
POPULAR_FROM = 3
"""Supporters from which an idea of others is worth a line."""
POPULAR_FOR = timedelta(days=28)


class Week(NamedTuple):
    """Since when, and what of the week somebody wants to hear."""

    since: datetime
    topics: frozenset[Topic]


class Thing(NamedTuple):
    """An idea or a standard in a list; `at` is when it came into it."""

    title: str
    lang: str
    url: str
    at: datetime
    word: str = ""
    supporters: int = 0


@dataclass(frozen=True, slots=True)
class News:
    """The five lists; empty ones are not shown."""

    since: datetime
    waits: Sequence[Thing] = ()
    moved: Sequence[Thing] = ()
    decided: Sequence[Thing] = ()
    popular: Sequence[Thing] = ()
    to_read: Sequence[Thing] = ()

    @property
    def is_new(self) -> bool:
        """Whether anything came in the week; what waits longer is no news by itself."""
        lists = (self.waits, self.moved, self.decided, self.popular, self.to_read)
        return any(thing.at > self.since for each in lists for thing in each)


def news_for(person: Person, week: Week) -> News:
    """The lists of one person. Six queries at most, and one for a consultant's scope each."""
    ours = answers_for(person.id) if person.kind != PersonKind.BOARD else frozenset()
    wanted = week.topics
    moves = bool({Topic.FOLLOWED, Topic.ANSWERED} & wanted)
    decided = _decided(person, week.since) if Topic.DECIDED in wanted else []
    return News(
        since=week.since,
        waits=_waits(person, ours) if ours and Topic.ASKED in wanted else (),
        moved=_moved(person, week, but=decided) if moves else (),
        decided=decided,
        popular=_popular(person, week.since) if Topic.POPULAR in wanted else (),
        to_read=_to_read(person) if Topic.STANDARDS in wanted else (),
    )


def _things(query: Select[Any]) -> list[Thing]:
    return [
        Thing(row[1], row[2], f"/ideas/{row[0]}", row[3], row[4] or "", row[5] or 0)
        for row in db.session.execute(query.limit(MOST))
    ]


def _line(at: Any, word: Any = None, count: Any = None) -> Select[Any]:
    return select(
        Idea.id,
        Idea.title,
        Idea.lang,
        at,
        literal("") if word is None else word,
        literal(0) if count is None else count,
    )


def _waits(person: Person, ours: frozenset[int]) -> list[Thing]:
    """The newest request first, so that what is new is among those shown."""
    asked = func.max(Answer.asked_at)
    query = (
        _line(asked)
        .join(Answer, Answer.idea_id == Idea.id)
        .where(
            Answer.department_id.in_(ours),
            Answer.answer == AnswerKind.WAITING,
            Idea.stage_kind.in_(UNSETTLED),
            listed_for(person),
        )
        .group_by(Idea.id, Idea.title, Idea.lang)
        .order_by(asked.desc(), Idea.id.desc())
    )
    return _things(query)


def _moved(person: Person, week: Week, *, but: Sequence[Thing]) -> list[Thing]:
    """What somebody follows or wrote, by the newest that happened; what is told as decided is not
    told twice."""
    which: list[ColumnElement[bool]] = []
    if Topic.FOLLOWED in week.topics:
        which.append(_follows(person) & (Idea.author_id != person.id))
    if Topic.ANSWERED in week.topics:
        which.append(Idea.author_id == person.id)
    query = (
        _line(Idea.active_at)
        .where(
            or_(*which),
            Idea.active_at > week.since,
            Idea.posted_at <= Idea.active_at,
            Idea.stage_kind != StageKind.DRAFT,
            listed_for(person),
        )
        .order_by(Idea.active_at.desc(), Idea.id.desc())
        .limit(MOST + len(but))
    )
    told = {each.url for each in but}
    rows = [Thing(r[1], r[2], f"/ideas/{r[0]}", r[3]) for r in db.session.execute(query)]
    return [row for row in rows if row.url not in told][:MOST]


def _follows(person: Person) -> ColumnElement[bool]:
    return exists().where(Follow.idea_id == Idea.id, Follow.person_id == person.id)


def _decided(person: Person, since: datetime) -> list[Thing]:
    """Decisions on what somebody wrote or follows, and on what touches their department."""
    touched = exists().where(
        Answer.idea_id == Idea.id, Answer.department_id == person.department_id
    )
    mine: list[ColumnElement[bool]] = [Idea.author_id == person.id, _follows(person)]
    if person.department_id is not None:
        mine += [touched, Idea.author_department_id == person.department_id]
    query = (
        _line(Decision.at, Decision.decision)
        .join(Decision, Decision.idea_id == Idea.id)
        .where(
            Decision.at > since,
            Decision.by_id.is_distinct_from(person.id),
            or_(*mine),
            listed_for(person),
        )
        .order_by(Decision.at.desc(), Decision.id.desc())
    )
    return _things(query)


def _popular(person: Person, since: datetime) -> list[Thing]:
    """Ideas of the last weeks from other departments that many support, and this person does not
    know by their own doing."""
    known: list[ColumnElement[bool]] = [
        _follows(person),
        exists().where(Vote.idea_id == Idea.id, Vote.person_id == person.id),
        exists().where(
            Watch.kind == "idea",
            Watch.thing_id == Idea.id,
            Watch.person_id == person.id,
            Watch.level == Level.IGNORE,
        ),
    ]
    elsewhere: list[ColumnElement[bool]] = [Idea.author_id != person.id]
    if person.department_id is not None:
        elsewhere.append(Idea.author_department_id.is_distinct_from(person.department_id))
    query = (
        _line(Idea.posted_at, count=Idea.support)
        .where(
            Idea.stage_kind == StageKind.OPEN,
            Idea.posted_at > since - POPULAR_FOR,
            Idea.support >= POPULAR_FROM,
            *elsewhere,
            ~or_(*known),
            Idea.hidden_at.is_(None),
            listed_for(person),
        )
        .order_by(Idea.balanced.desc(), Idea.support.desc(), Idea.id.desc())
    )
    return _things(query)


def _to_read(person: Person) -> list[Thing]:
    if person.kind == PersonKind.CONSULTANT:
        return []
    return [
        Thing(f"{row.number} {row.title}", row.lang, f"/standards/{row.number}", row.published_at)
        for row in db.session.execute(unread_by(person))
    ]
