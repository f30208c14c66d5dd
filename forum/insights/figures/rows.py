"""The rows behind a figure: ideas and standards that a reader may see, as the count took them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, true

from forum.core.db import db, read_columns
from forum.core.i18n import lazy
from forum.core.paging import Page, decode_cursor, page_of, read_moment
from forum.ideas.gains import GAINS
from forum.ideas.models import Decision, Idea, StageChange, StageKind
from forum.ideas.visibility import listed_for
from forum.insights.figures.counting import PUBLISHED, STAGES
from forum.insights.figures.registry import Asked
from forum.standards.models import CLOSED, Standard, Version, VersionIdea, VersionState
from forum.standards.visibility import visible_to

PAGE = 30
WAITING = (StageKind.OPEN.value, StageKind.REVIEW.value)
"""Stages in which an idea waits for its decision."""
IN_FORCE = (
    Version.published_at.is_not(None),
    Version.state.not_in((*CLOSED, VersionState.COMING)),
)
"""Versions that came into force."""


def of_branch(asked: Asked) -> list[ColumnElement[bool]]:
    """Ideas of the branch's people; of those without a name nobody says whose they are."""
    if asked.branch is None:
        return []
    return [Idea.author_department_id.in_(asked.below), Idea.anonymous == ""]


def _posted(asked: Asked) -> list[ColumnElement[bool]]:
    since, until = asked.period.moments
    return [Idea.posted_at >= since, Idea.posted_at < until, *of_branch(asked)]


def _gains(asked: Asked, *, only: str = "") -> list[ColumnElement[bool]]:
    return [*_posted(asked), Idea.gains == only if only else Idea.gains != ""]


def _moment(aggregate: Any, *conditions: Any) -> Any:
    """The moment of a decision on an idea, of those that meet some conditions."""
    query = select(aggregate(Decision.at)).where(Decision.idea_id == Idea.id, *conditions)
    return query.correlate(Idea).scalar_subquery()


FIRST_DECIDED = _moment(func.min)
LAST_ACCEPTED = _moment(func.max, Decision.decision == "accept")


def _at_in(moment: Any, asked: Asked) -> list[ColumnElement[bool]]:
    """Ideas of the branch for which something happened in the period."""
    since, until = asked.period.moments
    return [moment >= since, moment < until, *of_branch(asked)]


_STANDARD = (
    select(Version.published_at)
    .join(VersionIdea, VersionIdea.version_id == Version.id)
    .where(VersionIdea.idea_id == Idea.id, *IN_FORCE)
    .order_by(Version.id)
    .limit(1)
    .correlate(Idea)
    .scalar_subquery()
)
"""When the first version came into force that came of an idea."""


def _to_standard(asked: Asked) -> list[ColumnElement[bool]]:
    return [*_at_in(_STANDARD, asked), LAST_ACCEPTED.is_not(None)]


def stage_then(asked: Asked) -> ColumnElement[str]:
    """The stage an idea stood in when a period ended, as the count takes it: open from the day it
    was posted, then as its last change says; what no change tells of is of its last."""
    _since, over = asked.period.moments
    last = (
        select(StageChange.to_kind)
        .where(StageChange.idea_id == Idea.id, StageChange.at < over)
        .order_by(StageChange.id.desc())
        .limit(1)
        .correlate(Idea)
        .scalar_subquery()
    )
    later = exists().where(StageChange.idea_id == Idea.id, StageChange.at >= over).correlate(Idea)
    return case((later, func.coalesce(last, StageKind.OPEN.value)), else_=Idea.stage_kind)


def _standing(asked: Asked, *, kinds: Collection[str]) -> list[ColumnElement[bool]]:
    over = asked.period.moments[1]
    return [Idea.posted_at < over, stage_then(asked).in_(kinds), *of_branch(asked)]


IDEAS: dict[str, tuple[Any, Callable[[Asked], list[ColumnElement[bool]]]]] = {
    "ideas": (lazy("Ideas posted"), _posted),
    "gains": (lazy("Ideas that say who gains"), _gains),
    **{f"gains-{name}": (words, partial(_gains, only=name)) for name, words in GAINS.items()},
    "carried-out": (lazy("Ideas that were accepted"), partial(_at_in, LAST_ACCEPTED)),
    "to-decision": (lazy("Ideas decided for the first time"), partial(_at_in, FIRST_DECIDED)),
    "to-standard": (lazy("Ideas that became a standard"), _to_standard),
    "stages": (lazy("Ideas that waited at the end"), partial(_standing, kinds=WAITING)),
    **{
        f"stages-{kind}": (lazy("Ideas by stage at the end"), partial(_standing, kinds=(kind,)))
        for kind in map(str, STAGES)
    },
}
"""Lists of ideas, by the name in their address."""
STANDARDS = {"standards": lazy("Standards that changed")}


DATED: dict[str, Any] = {
    "carried-out": LAST_ACCEPTED,
    "to-decision": FIRST_DECIDED,
    "to-standard": _STANDARD,
}
"""Lists by another moment than that of posting."""


def ideas_behind(asked: Asked, name: str, after: str) -> Page[Any]:
    """A page of the ideas behind a figure, newest first. One query."""
    _title, conditions = IDEAS[name]
    at = DATED.get(name, Idea.posted_at)
    kind = stage_then(asked) if name.startswith("stages") else Idea.stage_kind
    query = (
        select(Idea.id, Idea.title, Idea.lang, kind.label("stage_kind"))
        .add_columns(Idea.stage_kind.label("now"), Idea.stage_id, at.label("at"))
        .where(listed_for(asked.reader), *PUBLISHED, *conditions(asked))
        .order_by(at.desc(), Idea.id.desc())
        .limit(PAGE + 1)
    )
    place = decode_cursor(after, (str, int))
    if place is not None:
        query = query.where(older(at, Idea.id, *place))
    rows = db.session.execute(query).all()
    return page_of(rows, PAGE, lambda row: (row.at.isoformat(), row.id))


def older(at: Any, row: Any, moment: str, number: int) -> ColumnElement[bool]:
    """Rows behind a place in a list; all where it is damaged."""
    when = read_moment(moment)
    if when is None:
        return true()
    return or_(at < when, and_(at == when, row < number))


def standards_behind(asked: Asked, after: str) -> Page[Any]:
    """A page of the standards that changed in a period, by number. One query."""
    since, until = asked.period.moments
    changed = exists().where(
        Version.standard_id == Standard.id,
        *IN_FORCE,
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
