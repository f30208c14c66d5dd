"""Whose turn it is: in a stage that is not final exactly one holds the ball.

The author who was asked for something, before the department that is longest overdue, before the
moderators, before the department that is due next. What is accepted is the owner's; what is settled
is nobody's. Once as a function over what a page has loaded, once as SQL for lists; a test holds one
to the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select

from forum.core.i18n import local_day
from forum.ideas import clock
from forum.ideas.merges.models import IdeaAuthor
from forum.ideas.models import Answer, AnswerKind, Idea, StageKind
from forum.ideas.policy import UNSETTLED


class Holder(StrEnum):
    """Who may hold the ball."""

    AUTHOR = "author"
    DEPARTMENT = "department"
    MODERATORS = "moderators"
    OWNER = "owner"


class Place(Protocol):
    """An idea, as far as it says where it stands."""

    @property
    def stage_kind(self) -> str: ...

    @property
    def stage_since(self) -> datetime: ...

    @property
    def posted_at(self) -> datetime: ...

    @property
    def revision(self) -> int: ...


class Asked(Protocol):
    """An affected department's slot; `since` is when it was asked, put to rest or answered."""

    @property
    def code(self) -> str: ...

    @property
    def answer(self) -> str: ...

    @property
    def due_on(self) -> date | None: ...

    @property
    def paused_at(self) -> datetime | None: ...

    @property
    def since(self) -> datetime: ...

    @property
    def revision(self) -> int: ...


class Turn(NamedTuple):
    """Who holds the ball since which day; a department also with its slot."""

    holder: Holder
    since: date
    slot: Asked | None = None
    late: bool = False


def whose_turn(
    place: Place, slots: Sequence[Asked], today: date, *, rewritable: bool = True
) -> Turn | None:
    """Who holds the ball; None in a final stage. The slots come in the order they were asked.

    `rewritable`: somebody is there to change the text, as `rewritable` says in SQL.
    """
    if place.stage_kind == StageKind.ACCEPTED:
        return Turn(Holder.OWNER, local_day(place.stage_since))
    if place.stage_kind == StageKind.DRAFT:
        return Turn(Holder.AUTHOR, local_day(place.posted_at))
    if place.stage_kind not in UNSETTLED:
        return None
    wanted = [slot.since for slot in slots if asks_author(slot, place, rewritable=rewritable)]
    if wanted:
        return Turn(Holder.AUTHOR, local_day(min(wanted)))
    return _between(place, [slot for slot in slots if _runs(slot)], slots, today)


def _between(place: Place, running: Sequence[Asked], slots: Sequence[Asked], today: date) -> Turn:
    """The moderators or a department, where nothing is asked of the author."""
    first = min(running, key=lambda slot: (slot.due_on or date.max, slot.since), default=None)
    if first is not None and first.due_on is not None and first.due_on < today:
        return Turn(Holder.DEPARTMENT, first.due_on, first, late=True)
    if place.stage_kind == StageKind.REVIEW:
        return Turn(Holder.MODERATORS, local_day(place.stage_since))
    if first is None:
        last = max((slot.since for slot in slots), default=place.posted_at)
        return Turn(Holder.MODERATORS, local_day(max(last, place.stage_since)))
    return Turn(Holder.DEPARTMENT, local_day(first.since), first)


def _runs(slot: Asked) -> bool:
    return slot.answer == AnswerKind.WAITING and slot.paused_at is None


def asks_author(slot: Asked, place: Place, *, rewritable: bool) -> bool:
    """A question that is open, or a change asked for in the text as it is, while it can change."""
    if slot.paused_at is not None:
        return slot.answer == AnswerKind.WAITING
    wants = slot.answer == AnswerKind.NEEDS_CHANGE and slot.revision >= place.revision
    return wants and rewritable and place.stage_kind == StageKind.OPEN


def rewritable() -> ColumnElement[bool]:
    """Whether anybody may change the text: of an idea without a name only its co-authors."""
    beside = exists().where(IdeaAuthor.idea_id == Idea.id).correlate(Idea)
    return or_(Idea.anonymous == "", beside)


def author_is_asked() -> ColumnElement[bool]:
    """`asks_author` of any slot of the query's idea."""
    question = and_(Answer.answer == AnswerKind.WAITING, Answer.paused_at.is_not(None))
    change = and_(
        Answer.answer == AnswerKind.NEEDS_CHANGE,
        Answer.paused_at.is_(None),
        Answer.revision >= Idea.revision,
        Idea.stage_kind == StageKind.OPEN,
        rewritable(),
    )
    asked = _slots(or_(question, change))
    return and_(Idea.stage_kind.in_(UNSETTLED), asked)


def _slots(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Answer.idea_id == Idea.id, condition).correlate(Idea)


def holder(today: Any) -> ColumnElement[str | None]:
    """Who holds the ball of the query's idea, as `Holder` says; nothing in a final stage."""
    return case(
        (Idea.stage_kind == StageKind.ACCEPTED, str(Holder.OWNER)),
        (Idea.stage_kind == StageKind.DRAFT, str(Holder.AUTHOR)),
        (Idea.stage_kind.not_in(UNSETTLED), None),
        (author_is_asked(), str(Holder.AUTHOR)),
        (_slots(clock.overdue(today)), str(Holder.DEPARTMENT)),
        (Idea.stage_kind == StageKind.REVIEW, str(Holder.MODERATORS)),
        (_slots(clock.runs()), str(Holder.DEPARTMENT)),
        else_=str(Holder.MODERATORS),
    )


def stuck(today: Any) -> ColumnElement[bool]:
    """Ideas of which a department is silent although its head was asked.

    Asked of the few late slots, not of all ideas.
    """
    waiting = Answer.answer == AnswerKind.WAITING
    silent = and_(waiting, clock.overdue(today), Answer.nudged >= clock.TO_THE_HEAD)
    late = select(Answer.idea_id).where(silent)
    return and_(Idea.stage_kind.in_(UNSETTLED), Idea.id.in_(late))


def late_since(today: Any) -> Any:
    """The first last day that passed without an answer, as a column beside ideas."""
    return (
        select(func.min(Answer.due_on))
        .where(Answer.idea_id == Idea.id, clock.overdue(today))
        .correlate(Idea)
        .scalar_subquery()
    )


def department_in_turn() -> Any:
    """The department that holds the ball where one does: the first by its last day."""
    return (
        select(Answer.department_id)
        .where(Answer.idea_id == Idea.id, clock.runs())
        .order_by(Answer.due_on.is_(None), Answer.due_on, Answer.asked_at, Answer.id)
        .limit(1)
        .correlate(Idea)
        .scalar_subquery()
    )
