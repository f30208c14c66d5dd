"""Reading across features for Home and the representatives' queue. No query counts a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    Date,
    Select,
    bindparam,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from forum.accounts.models import Kind as PersonKind
from forum.accounts.models import Person
from forum.accounts.standin import run
from forum.departments.models import Department
from forum.departments.queries import CARD, DepartmentCard, answers_for
from forum.discussion.models import Comment
from forum.discussion.visibility import standing
from forum.ideas.clock import runs
from forum.ideas.deciding import acting_on
from forum.ideas.models import (
    Answer,
    Decision,
    Follow,
    Idea,
    Stage,
    StageChange,
    StageKind,
    Vote,
)
from forum.ideas.policy import UNSETTLED
from forum.ideas.together.queries import authored_by
from forum.ideas.turn import author_is_asked
from forum.ideas.visibility import listed_for

WAITS = 6
"""Rows of each kind that Home shows; the rest is one link away."""
FOLLOWED, MOVED = 12, 8
CANDIDATES = 60
NEWEST = 4
RISING = 4
FROM_ONE_DEPARTMENT = 2
TO_MODERATE = ("decision", "date")

ANSWERING: BindParameter[Any] = bindparam("answering", expanding=True, type_=Department.id.type)
IDEAS: BindParameter[Any] = bindparam("ideas", expanding=True, type_=Idea.id.type)


def answering_for(reader: Person) -> frozenset[int]:
    """The departments whose answers the reader gives; boards give none. One query."""
    return answers_for(reader.id) if may_answer(reader) else frozenset()


def may_answer(reader: Person) -> bool:
    """Boards see everything and do not answer."""
    return reader.kind != PersonKind.BOARD


class Wait(NamedTuple):
    """Something about an idea that waits for the reader; `kind` says what."""

    kind: str
    idea_id: int
    title: str
    lang: str
    since: datetime
    due_on: date | None
    department: DepartmentCard | None
    revision: int


def waits(reader: Person, answering: frozenset[int]) -> list[Wait]:
    """Answers due, decisions, what their departments carry out, dates asked for, and what is asked
    of them as an author. One query."""
    rows = run(_waits, reader, bool(answering), answering=sorted(answering))
    found = [Wait._make((*row[:6], card_or_none(row[7:]), row[6])) for row in rows]
    mine = acting_on(reader, [w.idea_id for w in found if w.kind in TO_MODERATE])
    return [w for w in found if w.kind not in TO_MODERATE or w.idea_id in mine]


def _waits(reader: Person, answers: bool) -> Any:
    parts = [_asked_of_author(reader)]
    if answers:
        parts += [_answers_due(reader, ANSWERING), _carried_out(reader, ANSWERING)]
    if reader.moderates:
        parts += [_to_decide(reader), _dates_asked()]
    return union_all(*(select(part.limit(WAITS + 1).subquery()) for part in parts))


def card_or_none(columns: Sequence[Any]) -> DepartmentCard | None:
    """A department out of its columns, where there is one."""
    return DepartmentCard._make(columns) if columns[0] is not None else None


def _wait(kind: str, since: Any, due_on: Any) -> Select[Any]:
    columns: tuple[Any, ...] = (
        literal(kind).label("kind"),
        Idea.id.label("idea_id"),
        Idea.title,
        Idea.lang,
        since.label("since"),
        due_on.label("due_on"),
        Idea.revision,
        Department.id.label("department_id"),
        *CARD[1:],
    )
    return select(*columns)


def _answers_due(reader: Person, answering: Any) -> Select[Any]:
    query = _wait("answer", Answer.asked_at, Answer.due_on)
    return waiting_slots(query, reader, answering).order_by(last_day(), Answer.id)


def _asked_of_author(reader: Person) -> Select[Any]:
    """Ideas they write of which a department wants a change or an answer first."""
    return (
        _wait("author", Idea.active_at, literal(None, Date))
        .outerjoin(Department, Department.id == Idea.author_department_id)
        .where(authored_by(reader.id), Idea.stage_kind.in_(UNSETTLED), author_is_asked())
        .order_by(Idea.active_at, Idea.id)
    )


def last_day() -> Any:
    """When an answer is due; what has no clock comes last."""
    return func.coalesce(Answer.due_on, literal(date.max, Date))


def waiting_slots(query: Select[Any], reader: Person, answering: Any) -> Select[Any]:
    """What the query asks of slots that wait for one of these departments to answer."""
    return (
        query.select_from(Answer)
        .join(Idea, Idea.id == Answer.idea_id)
        .join(Department, Department.id == Answer.department_id)
        .where(
            Answer.department_id.in_(answering),
            runs(),
            Idea.stage_kind.in_(UNSETTLED),
            listed_for(reader),
        )
    )


def _carried_out(reader: Person, answering: Any) -> Select[Any]:
    return (
        _wait("owner", Idea.stage_since, Idea.due_on)
        .join(Department, Department.id == Idea.owner_department_id)
        .where(
            Idea.owner_department_id.in_(answering),
            Idea.stage_kind == StageKind.ACCEPTED,
            listed_for(reader),
        )
        .order_by(Idea.due_on.is_(None), Idea.due_on, Idea.id)
    )


def _to_decide(reader: Person) -> Select[Any]:
    return (
        _wait("decision", Idea.stage_since, literal(None, Date))
        .outerjoin(Department, Department.id == Idea.author_department_id)
        .where(
            Idea.stage_kind == StageKind.REVIEW,
            ~authored_by(reader.id),
            Idea.hidden_at.is_(None),
        )
        .order_by(Idea.posted_at, Idea.id)
    )


def _dates_asked() -> Select[Any]:
    return (
        _wait("date", Decision.at, Decision.asked_due_on)
        .select_from(Decision)
        .join(Idea, Idea.id == Decision.idea_id)
        .outerjoin(Department, Department.id == Idea.owner_department_id)
        .where(
            Decision.asked_due_on.is_not(None),
            Idea.stage_kind == StageKind.ACCEPTED,
            Idea.hidden_at.is_(None),
        )
        .order_by(Decision.asked_due_on, Decision.id)
    )


class Move(NamedTuple):
    """What somebody else did to an idea."""

    idea_id: int
    what: str
    at: datetime
    word: str | None
    who: str | None


@dataclass(frozen=True, slots=True)
class Moved:
    """An idea the reader follows, and the newest that happened to it."""

    id: int
    title: str
    lang: str
    stage: str
    moves: list[Move]


def moved(reader: Person) -> list[Moved]:
    """Ideas the reader follows or wrote, by the newest that others did to them. Two queries."""
    rows = run(_followed, reader).all()
    moves = _moves([row.id for row in rows], reader)
    found = [
        Moved(row.id, row.title, row.lang, row.stage_kind, moves[row.id])
        for row in rows
        if row.id in moves
    ]
    return sorted(found, key=lambda each: each.moves[0].at, reverse=True)[:MOVED]


def _followed(reader: Person) -> Any:
    return (
        select(Idea.id, Idea.title, Idea.lang, Idea.stage_kind)
        .join(Follow, Follow.idea_id == Idea.id)
        .where(Follow.person_id == reader.id, listed_for(reader))
        .order_by(Idea.active_at.desc(), Idea.id.desc())
        .limit(FOLLOWED)
    )


def _moves(idea_ids: Sequence[int], reader: Person) -> dict[int, list[Move]]:
    """The newest moves of some ideas, two at most of each. One query, none for no ideas."""
    if not idea_ids:
        return {}
    found: dict[int, list[Move]] = {}
    for row in run(_newest, reader, ideas=list(idea_ids)):
        found.setdefault(row[0], []).append(Move(*row))
    return {
        idea_id: sorted(moves, key=lambda move: move.at, reverse=True)[:2]
        for idea_id, moves in found.items()
    }


def _newest(reader: Person) -> Any:
    return union_all(_comments(IDEAS, reader), _answers(IDEAS, reader), _steps(IDEAS, reader))


def _comments(idea_ids: Any, reader: Person) -> Select[Any]:
    other = aliased(Comment)
    newest = (
        select(func.max(other.id))
        .where(other.thread_id == Idea.thread_id, standing(other), other.author_id != reader.id)
        .correlate(Idea)
        .scalar_subquery()
    )
    name = _name_of(Comment.author_id)
    return (
        select(Idea.id, literal("comment"), Comment.created_at, null(), name)
        .select_from(Idea)
        .join(Comment, Comment.id == newest)
        .where(Idea.id.in_(idea_ids))
    )


def _name_of(person_id: Any) -> Any:
    """Somebody's name; empty for a former colleague."""
    return select(Person.name).where(Person.id == person_id).scalar_subquery()


def _answers(idea_ids: Any, reader: Person) -> Select[Any]:
    columns: tuple[Any, ...] = (
        Answer.idea_id,
        literal("answer"),
        Answer.answered_at,
        Answer.answer,
        Department.name,
    )
    return (
        select(*columns)
        .join(Department, Department.id == Answer.department_id)
        .where(
            Answer.idea_id.in_(idea_ids),
            Answer.answered_at.is_not(None),
            Answer.by_id.is_distinct_from(reader.id),
        )
    )


def _steps(idea_ids: Any, reader: Person) -> Select[Any]:
    name = _name_of(StageChange.by_id)
    return (
        select(StageChange.idea_id, literal("step"), StageChange.at, Stage.slug, name)
        .join(Stage, Stage.id == StageChange.stage_id)
        .where(StageChange.idea_id.in_(idea_ids), StageChange.by_id.is_distinct_from(reader.id))
    )


class Fresh(NamedTuple):
    """An open idea among the new and rising."""

    id: int
    title: str
    lang: str
    stage: str
    votes: int
    balanced: float
    posted_at: datetime
    voted: bool
    anonymous: str
    department: DepartmentCard | None


def new_and_rising(reader: Person) -> list[Fresh]:
    """The newest open ideas, then the best supported of the recent ones. One query."""
    rows = run(_candidates, reader)
    return balanced_choice([Fresh._make((*row[:9], card_or_none(row[9:]))) for row in rows])


def _candidates(reader: Person) -> Any:
    voted = (
        select(Vote.idea_id)
        .where(Vote.idea_id == Idea.id, Vote.person_id == reader.id)
        .correlate(Idea)
        .exists()
    )
    return (
        select(
            Idea.id,
            Idea.title,
            Idea.lang,
            Idea.stage_kind,
            Idea.vote_count,
            Idea.balanced,
            Idea.posted_at,
            voted,
            Idea.anonymous,
            *CARD,
        )
        .outerjoin(Department, Department.id == Idea.author_department_id)
        .where(Idea.stage_kind == StageKind.OPEN, listed_for(reader))
        .order_by(Idea.posted_at.desc(), Idea.id.desc())
        .limit(CANDIDATES)
    )


def balanced_choice(rows: Sequence[Fresh]) -> list[Fresh]:
    """A few of the newest and a few of the best supported, no department more than twice."""
    taken: dict[int, int] = {}
    rising = sorted(
        (row for row in rows if row.votes), key=lambda row: (row.balanced, row.votes), reverse=True
    )
    first = _spread(rows, NEWEST, taken, frozenset())
    return first + _spread(rising, RISING, taken, frozenset(row.id for row in first))


def _spread(
    rows: Sequence[Fresh], most: int, taken: dict[int, int], but: frozenset[int]
) -> list[Fresh]:
    chosen: list[Fresh] = []
    for row in rows:
        department = row.department.id if row.department is not None else -row.id
        if len(chosen) == most or row.id in but:
            continue
        if taken.get(department, 0) < FROM_ONE_DEPARTMENT:
            taken[department] = taken.get(department, 0) + 1
            chosen.append(row)
    return chosen
