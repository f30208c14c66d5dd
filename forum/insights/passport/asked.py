"""What a department was asked: the ideas that wait for it, and what came of the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select

from forum.accounts.models import Person
from forum.core.i18n import _, ngettext, number, percent
from forum.departments.models import Department
from forum.ideas.answer_times import AnswerTimes, parts_of, times_of
from forum.ideas.models import Answer, AnswerKind, Idea, StageKind
from forum.ideas.phrases import ANSWERS
from forum.ideas.policy import UNSETTLED
from forum.ideas.stages import name_of
from forum.ideas.visibility import listed, listed_for
from forum.insights.passport.listed import SHOWN, Lines, days_since, lines_of
from forum.insights.passport.marks import ASKED_SINCE, THIS, TODAY, read_by
from forum.insights.passport.registry import Headline

CAME_OF_IT = (
    StageKind.ACCEPTED,
    StageKind.STANDARDISED,
    StageKind.DONE,
    StageKind.DECLINED,
)


class Open(NamedTuple):
    """An idea that waits for an answer: until when, for how many days in vain, or for its author
    first."""

    id: int
    title: str
    lang: str
    due_on: date | None
    late: int
    rests: bool


class Answers(NamedTuple):
    """What waits for a department, and how its answers come."""

    waiting: Lines | None
    times: AnswerTimes | None


def open_answers(reader: Person, department: Department) -> Answers:
    """Undecided ideas that wait for its answer, the longest overdue first. Two queries."""
    query = _waiting(department.id, listed_for(reader))
    waiting = lines_of(query, f"/ideas?affected={department.slug}", _open)
    return Answers(waiting, times_of(reader, department.id))


def heads(found: Answers) -> Sequence[Headline]:
    """How many answers came in time, as the department's own page says, and what waits."""
    times, heads = found.times, []
    if times is None:
        return []
    if times.in_time_share is not None:
        share = percent(times.in_time_share)
        note = _("%(part)s of %(all)s in a year", part=times.in_time, all=times.due)
        heads.append(Headline(_("Answered in time"), share, note, ""))
    oldest = ngettext(
        "the oldest for %(num)d working day",
        "the oldest for %(num)d working days",
        times.days_open,
    )
    at = "#open-answers" if times.open else ""
    waits = Headline(_("Waiting now"), number(times.open), oldest if times.open else "", at)
    return [*heads, waits]


def of_open_answers(moderates: bool) -> Sequence[Any]:
    """What they follow from, with the day."""
    seen = listed(None, None, moderates=moderates)
    times = parts_of(THIS, seen, today=TODAY, since=ASKED_SINCE)
    return (read_by(_waiting(THIS, seen)), *map(read_by, times))


def _waiting(department_id: Any, seen: ColumnElement[bool]) -> Any:
    rests = Answer.paused_at.is_not(None)
    order = (rests, Answer.due_on.is_(None), Answer.due_on, Answer.asked_at, Answer.id)
    return (
        select(Idea.id, Idea.title, Idea.lang, Answer.due_on, Answer.asked_at, Answer.paused_at)
        .join(Answer, Answer.idea_id == Idea.id)
        .where(
            Answer.department_id == department_id,
            Answer.answer == AnswerKind.WAITING,
            Idea.stage_kind.in_(UNSETTLED),
            Idea.hidden_at.is_(None),
            seen,
        )
        .order_by(*order)
        .limit(SHOWN + 1)
    )


def _open(row: Any) -> Open:
    if row.paused_at is not None:
        return Open(row.id, row.title, row.lang, None, 0, rests=True)
    return Open(row.id, row.title, row.lang, row.due_on, days_since(row.due_on), rests=False)


class Outcome(NamedTuple):
    """An idea that affected a department, what it said, and what came of it."""

    id: int
    title: str
    lang: str
    stage_kind: str
    stage: str
    answer: str


def ideas(reader: Person, department: Department) -> Lines | None:
    """Decided ideas that affected it, newest first; not those it said have no effect. One query."""
    query = _decided(department.id, listed_for(reader))
    return lines_of(query, f"/ideas?affected={department.slug}", _outcome)


def of_ideas(moderates: bool) -> Sequence[Any]:
    """What they follow from."""
    return (read_by(_decided(THIS, listed(None, None, moderates=moderates))),)


def _decided(department_id: Any, seen: ColumnElement[bool]) -> Any:
    return (
        select(Idea.id, Idea.title, Idea.lang, Idea.stage_kind, Answer.answer, Idea.settled_at)
        .join(Answer, Answer.idea_id == Idea.id)
        .where(
            Answer.department_id == department_id,
            Answer.answer != AnswerKind.NO_EFFECT,
            Idea.stage_kind.in_(CAME_OF_IT),
            Idea.hidden_at.is_(None),
            seen,
        )
        .order_by(Idea.settled_at.desc(), Idea.id.desc())
        .limit(SHOWN + 1)
    )


def _outcome(row: Any) -> Outcome:
    answer = str(ANSWERS[AnswerKind(row.answer)])
    return Outcome(row.id, row.title, row.lang, row.stage_kind, name_of(row.stage_kind), answer)
