"""The rows behind a figure: ideas and standards that a reader may see, as the count took them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true

from forum.core.calendar import company_day
from forum.core.db import db, read_columns
from forum.core.i18n import lazy
from forum.core.paging import Page, decode_cursor, page_of, read_moment
from forum.ideas.gains import GAINS
from forum.ideas.models import Answer, AnswerKind, Decision, Idea
from forum.ideas.visibility import listed_for
from forum.insights.figures.counting import PUBLISHED
from forum.insights.figures.registry import Asked
from forum.standards.models import CLOSED, Standard, Version, VersionState
from forum.standards.visibility import visible_to

PAGE = 30


def _of_branch(asked: Asked) -> list[ColumnElement[bool]]:
    """Ideas of the branch's people; of those without a name nobody says whose they are."""
    if asked.branch is None:
        return []
    return [Idea.author_department_id.in_(asked.below), Idea.anonymous == ""]


def _posted(asked: Asked) -> list[ColumnElement[bool]]:
    since, until = asked.period.moments
    return [Idea.posted_at >= since, Idea.posted_at < until, *_of_branch(asked)]


def _gains(asked: Asked, *, only: str = "") -> list[ColumnElement[bool]]:
    return [*_posted(asked), Idea.gains == only if only else Idea.gains != ""]


def _made(asked: Asked, only: str) -> list[ColumnElement[bool]]:
    since, until = asked.period.moments
    made = [Decision.idea_id == Idea.id, Decision.at >= since, Decision.at < until]
    return [*made, Decision.decision == only] if only else made


def _decided(asked: Asked, *, only: str = "") -> list[ColumnElement[bool]]:
    return [exists().where(*_made(asked, only)), *_of_branch(asked)]


def _decided_at(asked: Asked, *, only: str = "") -> Any:
    """When an idea was decided last in the period."""
    return select(func.max(Decision.at)).where(*_made(asked, only)).scalar_subquery()


def _accepted(asked: Asked) -> list[ColumnElement[bool]]:
    return _decided(asked, only="accept")


def _answered(asked: Asked) -> list[ColumnElement[bool]]:
    since, until = asked.period.moments
    given = and_(
        Answer.answer != AnswerKind.WAITING, Answer.answered_at >= since, Answer.answered_at < until
    )
    silent = and_(
        Answer.answer == AnswerKind.WAITING,
        Answer.due_on >= asked.period.start,
        Answer.due_on < min(asked.period.until, company_day()),
    )
    slot = exists().where(
        Answer.idea_id == Idea.id,
        Answer.due_on.is_not(None),
        Answer.paused_at.is_(None),
        or_(given, silent),
        *([Answer.department_id.in_(asked.below)] if asked.branch is not None else []),
    )
    return [slot]


IDEAS: dict[str, tuple[Any, Callable[[Asked], list[ColumnElement[bool]]]]] = {
    "ideas": (lazy("Ideas posted"), _posted),
    "gains": (lazy("Ideas that say who gains"), _gains),
    **{f"gains-{name}": (words, partial(_gains, only=name)) for name, words in GAINS.items()},
    "decisions": (lazy("Ideas that were decided"), _decided),
    "carried-out": (lazy("Ideas that were accepted"), _accepted),
    "answers": (lazy("Ideas that departments were to answer"), _answered),
}
"""Lists of ideas, by the name in their address."""
WRITTEN = frozenset(IDEAS) - {"answers"}
"""Those of a branch's people, not of what it was asked."""
STANDARDS = {"standards": lazy("Standards that changed")}


DATED: dict[str, Callable[[Asked], Any]] = {
    "decisions": _decided_at,
    "carried-out": partial(_decided_at, only="accept"),
}
"""Lists by another moment than that of posting."""


def ideas_behind(asked: Asked, name: str, after: str) -> Page[Any]:
    """A page of the ideas behind a figure, newest first. One query."""
    _title, conditions = IDEAS[name]
    at = DATED[name](asked) if name in DATED else Idea.posted_at
    query = (
        select(Idea.id, Idea.title, Idea.lang, Idea.stage_kind, Idea.stage_id, at.label("at"))
        .where(listed_for(asked.reader), *PUBLISHED, *conditions(asked))
        .order_by(at.desc(), Idea.id.desc())
        .limit(PAGE + 1)
    )
    place = decode_cursor(after, (str, int))
    if place is not None:
        query = query.where(_older(at, *place))
    rows = db.session.execute(query).all()
    return page_of(rows, PAGE, lambda row: (row.at.isoformat(), row.id))


def _older(at: Any, moment: str, number: int) -> ColumnElement[bool]:
    when = read_moment(moment)
    if when is None:
        return true()
    return or_(at < when, and_(at == when, Idea.id < number))


def standards_behind(asked: Asked, after: str) -> Page[Any]:
    """A page of the standards that changed in a period, by number. One query."""
    since, until = asked.period.moments
    changed = exists().where(
        Version.standard_id == Standard.id,
        Version.state.not_in((*CLOSED, VersionState.COMING)),
        Version.published_at >= since,
        Version.published_at < until,
        *([Version.owner_department_id.in_(asked.below)] if asked.branch is not None else []),
    )
    retired = and_(Standard.retired_at >= since, Standard.retired_at < until)
    if asked.branch is not None:
        retired = and_(retired, Standard.owner_department_id.in_(asked.below))
    query = (
        select(Standard.id, Standard.number, Standard.sequence, Standard.title, Standard.lang)
        .add_columns(Standard.state, Standard.in_force_since)
        .where(visible_to(asked.reader), or_(changed, retired))
        .order_by(Standard.sequence)
        .limit(PAGE + 1)
    )
    place = decode_cursor(after, (int,))
    if place is not None:
        query = query.where(Standard.sequence > place[0])
    return page_of(read_columns(query).all(), PAGE, lambda row: (row.sequence,))
