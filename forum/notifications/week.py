"""What a week brought people: five short lists for each, of a bounded length.

Every query asks by the rules of the pages what its readers may see now: once for all who are shown
the same list of ideas, and for each consultant.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select, union_all

from forum.accounts.models import Kind as PersonKind
from forum.accounts.models import Person
from forum.core.db import db
from forum.departments.queries import answers_for_each
from forum.ideas.models import Answer, AnswerKind, Decision, Follow, Idea, StageKind, Vote
from forum.ideas.policy import UNSETTLED
from forum.ideas.visibility import listed_for
from forum.notifications.models import Level, Watch
from forum.notifications.topics import Topic
from forum.standards.panels import unread_of

MOST = 5
"""Things in each list; the page has the rest."""
POPULAR_FROM = 3
"""Supporters from which an idea of others is worth a line."""
POPULAR_FOR = timedelta(days=28)


LINE = (Idea.id, Idea.title, Idea.lang)
OF_WHOM = (Idea.author_id, Idea.author_department_id)
Listed = ColumnElement[bool]
"""Which ideas the readers are shown in lists."""


class Week(NamedTuple):
    """Since when, and what of the week each person wants to hear."""

    since: datetime
    topics: Mapping[int, frozenset[Topic]]


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


Lists = Mapping[int, Sequence[Thing]]
"""One of the lists, by person."""


def news_for(people: Iterable[Person], week: Week) -> dict[int, News]:
    """The lists of some people. Eleven queries for all who are shown the same ideas, and one for
    each consultant's scope."""
    found: dict[int, News] = {}
    for members in _shown_alike(people):
        found.update(_news(members, week))
    return found


def _shown_alike(people: Iterable[Person]) -> Iterable[list[Person]]:
    """People for whom `listed_for` is the same: it depends on nothing else."""
    groups: dict[tuple[bool, int], list[Person]] = {}
    for person in people:
        alone = person.id if person.is_consultant else 0
        groups.setdefault((person.moderates, alone), []).append(person)
    return groups.values()


def _news(people: Sequence[Person], week: Week) -> dict[int, News]:
    listed, topics = listed_for(people[0]), week.topics

    def who(topic: Topic) -> list[Person]:
        return [person for person in people if topic in topics[person.id]]

    decided = _decided(who(Topic.DECIDED), week.since, listed)
    moved = _moved(who(Topic.FOLLOWED), who(Topic.ANSWERED), week.since, listed)
    waits = _waits(who(Topic.ASKED), listed)
    popular = _popular(who(Topic.POPULAR), week.since, listed)
    to_read = _to_read(who(Topic.STANDARDS))
    return {
        person.id: News(
            since=week.since,
            waits=waits.get(person.id, ()),
            moved=_but(moved.get(person.id, ()), decided.get(person.id, ())),
            decided=decided.get(person.id, ()),
            popular=popular.get(person.id, ()),
            to_read=to_read.get(person.id, ()),
        )
        for person in people
    }


def _but(moved: Sequence[Thing], decided: Sequence[Thing]) -> Sequence[Thing]:
    """What is told as decided is not told twice."""
    told = {each.url for each in decided}
    return [each for each in moved if each.url not in told][:MOST]


def _thing(row: Any, word: str = "", supporters: int = 0) -> Thing:
    return Thing(row.title, row.lang, f"/ideas/{row.id}", row.at, word, supporters)


def _ids(people: Iterable[Person]) -> list[int]:
    return [person.id for person in people]


def _waits(people: Sequence[Person], listed: Listed) -> Lists:
    """The newest request first, so that what is new is among those shown. Three queries."""
    ours = answers_for_each(_ids(p for p in people if p.kind != PersonKind.BOARD))
    asked = _newest_asked({number for theirs in ours.values() for number in theirs}, listed)
    found: dict[int, Sequence[Thing]] = {}
    for person_id, departments in ours.items():
        rows = sorted(
            (row for number in departments for row in asked.get(number, ())),
            key=lambda row: (row.at, row.id),
            reverse=True,
        )
        newest: dict[int, Any] = {}
        for row in rows:
            newest.setdefault(row.id, row)  # one line an idea, by its last request
        found[person_id] = [_thing(row) for row in islice(newest.values(), MOST)]
    return found


def _newest_asked(departments: Collection[int], listed: Listed) -> dict[int, list[Any]]:
    """The newest requests to each department: those of a person are among them."""
    if not departments:
        return {}
    newest = (Answer.asked_at.desc(), Idea.id.desc())
    place = func.row_number().over(partition_by=Answer.department_id, order_by=newest)
    query = (
        select(*LINE, Answer.asked_at.label("at"), Answer.department_id, place.label("place"))
        .join(Answer, Answer.idea_id == Idea.id)
        .where(
            Answer.department_id.in_(departments),
            Answer.answer == AnswerKind.WAITING,
            Idea.stage_kind.in_(UNSETTLED),
            listed,
        )
    )
    return _grouped(query, lambda row: row.department_id, most=MOST)


def _grouped(query: Any, key: Callable[[Any], int], *, most: int) -> dict[int, list[Any]]:
    """The first rows of each group, in their order; `place` numbers them."""
    rows = query.subquery()
    found: dict[int, list[Any]] = {}
    shown = select(rows).where(rows.c.place <= most).order_by(rows.c.place)
    for row in db.session.execute(shown):
        found.setdefault(key(row), []).append(row)
    return found


def _moved(
    following: Sequence[Person], writing: Sequence[Person], since: datetime, listed: Listed
) -> Lists:
    """What people follow or wrote, by the newest that happened; as much more as may be told as
    decided. One query."""
    if not following and not writing:
        return {}
    mine = union_all(
        select(Follow.person_id.label("person_id"), Follow.idea_id.label("idea_id"))
        .join(Idea, Idea.id == Follow.idea_id)
        .where(Follow.person_id.in_(_ids(following)), Idea.author_id != Follow.person_id),
        select(Idea.author_id, Idea.id).where(Idea.author_id.in_(_ids(writing))),
    ).subquery()
    newest = (Idea.active_at.desc(), Idea.id.desc())
    place = func.row_number().over(partition_by=mine.c.person_id, order_by=newest)
    query = (
        select(*LINE, Idea.active_at.label("at"), mine.c.person_id, place.label("place"))
        .join(mine, mine.c.idea_id == Idea.id)
        .where(
            Idea.active_at > since,
            Idea.posted_at <= Idea.active_at,
            Idea.stage_kind != StageKind.DRAFT,
            listed,
        )
    )
    rows = _grouped(query, lambda row: row.person_id, most=2 * MOST)
    return {person_id: [_thing(row) for row in theirs] for person_id, theirs in rows.items()}


def _decided(people: Sequence[Person], since: datetime, listed: Listed) -> Lists:
    """Decisions on what somebody wrote or follows, and on what touches their department. Three
    queries."""
    if not people:
        return {}
    query = (
        select(*LINE, Decision.at, Decision.decision, Decision.by_id, *OF_WHOM)
        .join(Decision, Decision.idea_id == Idea.id)
        .where(Decision.at > since, listed)
        .order_by(Decision.at.desc(), Decision.id.desc())
    )
    rows = db.session.execute(query).all()
    ideas = select(Decision.idea_id).where(Decision.at > since)
    follows = _pairs(Follow.person_id, Follow.idea_id, people, ideas)
    asked = select(Answer.department_id, Answer.idea_id).where(Answer.idea_id.in_(ideas))
    touched = {(row[0], row[1]) for row in db.session.execute(asked)} if rows else set()

    def concerns(person: Person, row: Any) -> bool:
        ours = person.department_id is not None and (
            row.author_department_id == person.department_id
            or (person.department_id, row.id) in touched
        )
        return ours or row.author_id == person.id or (person.id, row.id) in follows

    return {
        person.id: [
            _thing(row, word=row.decision)
            for row in islice(
                (row for row in rows if row.by_id != person.id and concerns(person, row)), MOST
            )
        ]
        for person in people
    }


def _pairs(
    person_id: Any, idea_id: Any, people: Sequence[Person], ideas: Any, *more: Any
) -> set[tuple[int, int]]:
    query = select(person_id, idea_id).where(person_id.in_(_ids(people)), idea_id.in_(ideas), *more)
    return {(row[0], row[1]) for row in db.session.execute(query)}


def _popular(people: Sequence[Person], since: datetime, listed: Listed) -> Lists:
    """Ideas of the last weeks from other departments that many support, and a person does not know
    by their own doing. Four queries."""
    if not people:
        return {}
    supported = (
        Idea.stage_kind == StageKind.OPEN,
        Idea.posted_at > since - POPULAR_FOR,
        Idea.support >= POPULAR_FROM,
        Idea.hidden_at.is_(None),
    )
    query = (
        select(*LINE, Idea.posted_at.label("at"), Idea.support, *OF_WHOM)
        .where(*supported, listed)
        .order_by(Idea.balanced.desc(), Idea.support.desc(), Idea.id.desc())
    )
    rows = db.session.execute(query).all()
    ideas = select(Idea.id).where(*supported)
    ignored = (Watch.kind == "idea", Watch.level == Level.IGNORE)
    known = (
        _pairs(Follow.person_id, Follow.idea_id, people, ideas)
        | _pairs(Vote.person_id, Vote.idea_id, people, ideas)
        | _pairs(Watch.person_id, Watch.thing_id, people, ideas, *ignored)
    )

    def is_elsewhere(person: Person, row: Any) -> bool:
        ours = person.department_id is not None and (
            row.author_department_id == person.department_id
        )
        return not ours and row.author_id != person.id and (person.id, row.id) not in known

    return {
        person.id: [
            _thing(row, supporters=row.support)
            for row in islice((row for row in rows if is_elsewhere(person, row)), MOST)
        ]
        for person in people
    }


def _to_read(people: Sequence[Person]) -> Lists:
    """Standards in force for somebody's department that they have not read. One query."""
    ids = _ids(person for person in people if person.kind != PersonKind.CONSULTANT)
    return {
        person_id: [_standard(row) for row in rows]
        for person_id, rows in (unread_of(ids) if ids else {}).items()
    }


def _standard(row: Any) -> Thing:
    title, url = f"{row.number} {row.title}", f"/standards/{row.number}"
    return Thing(title, row.lang, url, row.published_at)
