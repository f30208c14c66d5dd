"""Rows behind figures that count what happened to a thing, which may be more than once: answers,
decisions, versions, what became of cases, thanks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, false, or_, select

from forum.core.calendar import company_day
from forum.core.db import read_columns
from forum.core.i18n import _, lazy, local_day
from forum.core.texts import Text
from forum.departments.models import Department
from forum.ideas.clock import timely
from forum.ideas.models import Answer, AnswerKind, Decision, Idea
from forum.ideas.visibility import listed_for
from forum.insights.figures.counting import PUBLISHED
from forum.insights.figures.models import WHOLE, InsightMonth
from forum.insights.figures.periods import Period
from forum.insights.figures.registry import Asked
from forum.insights.figures.rows import IN_FORCE, of_branch
from forum.standards.models import Standard, Version
from forum.standards.visibility import visible_to
from forum.thanks.models import Thanks
from forum.thanks.visibility import told_to_all
from forum.training.models import AgendaItem, Case, CaseDepartment, CaseState, Outcome, Session


class List(NamedTuple):
    """What is listed, the module it needs, its rows, what numbers them, a row as a line, and the
    moment they stand by if not by their number."""

    title: Any
    module: str
    rows: Callable[[Asked], Any]
    number: Any
    line: Callable[[Any], dict[str, Any]]
    at: Any = None


def within(asked: Asked, moment: Any) -> ColumnElement[bool]:
    """Whether something happened in the period."""
    since, until = asked.period.moments
    return and_(moment >= since, moment < until)


def line_of(url: str, title: str, lang: str, state: str, at: Any) -> dict[str, Any]:
    """A row as the page shows it."""
    shown = {"url": url, "title": title, "lang": lang, "state": state, "at": at}
    return {**shown, "mark": "", "look": ""}


def _answers(asked: Asked) -> Any:
    """Slots with a last day that were answered, and those whose last day passed without one."""
    given = and_(Answer.answer != AnswerKind.WAITING, within(asked, Answer.answered_at))
    silent = and_(
        or_(Answer.answer == AnswerKind.WAITING, Answer.answered_at.is_(None)),
        Answer.due_on >= asked.period.start,
        Answer.due_on < min(asked.period.until, company_day()),
    )
    query = (
        select(Answer.id, Answer.idea_id, Answer.answer, Answer.answered_at, Answer.due_on)
        .add_columns(Idea.title, Idea.lang, Department.name)
        .join(Idea, Idea.id == Answer.idea_id)
        .join(Department, Department.id == Answer.department_id)
        .where(listed_for(asked.reader), *PUBLISHED, or_(given, silent))
        .where(Answer.due_on.is_not(None), Answer.paused_at.is_(None))
    )
    return query.where(Answer.department_id.in_(asked.below)) if asked.branch else query


def _answer_line(row: Any) -> dict[str, Any]:
    given = row.answer != AnswerKind.WAITING and row.answered_at is not None
    on = local_day(row.answered_at) if given else None
    words = {"in_time": _("In time"), "late": _("Late"), "open": _("Not yet")}
    state = f"{row.name}: {words[str(timely(on, row.due_on, company_day()))]}"
    return line_of(f"/ideas/{row.idea_id}", row.title, row.lang, state, on or row.due_on)


def _decisions(asked: Asked) -> Any:
    return (
        select(Decision.id, Decision.idea_id, Decision.decision, Decision.at)
        .add_columns(Idea.title, Idea.lang)
        .join(Idea, Idea.id == Decision.idea_id)
        .where(listed_for(asked.reader), *PUBLISHED, within(asked, Decision.at), *of_branch(asked))
    )


def _decision_line(row: Any) -> dict[str, Any]:
    state = _("Accepted") if row.decision == "accept" else _("Declined")
    return line_of(f"/ideas/{row.idea_id}", row.title, row.lang, state, row.at)


def _versions(asked: Asked, *, moment: Any) -> Any:
    query = (
        select(Version.id, Version.number.label("version"), moment.label("at"))
        .add_columns(Standard.number, Standard.title, Standard.lang)
        .join(Standard, Standard.id == Version.standard_id)
        .where(visible_to(asked.reader), *IN_FORCE, within(asked, moment))
    )
    return query.where(Version.owner_department_id.in_(asked.below)) if asked.branch else query


def _version_line(row: Any) -> dict[str, Any]:
    state = _("New") if row.version == 1 else _("New version")
    title = f"{row.number} {row.title}"
    return line_of(f"/standards/{row.number}", title, row.lang, state, row.at)


def _retired(asked: Asked) -> Any:
    query = (
        select(Standard.id, Standard.number, Standard.title, Standard.lang)
        .add_columns(Standard.retired_at.label("at"))
        .where(visible_to(asked.reader), within(asked, Standard.retired_at))
    )
    return query.where(Standard.owner_department_id.in_(asked.below)) if asked.branch else query


def _retired_line(row: Any) -> dict[str, Any]:
    title = f"{row.number} {row.title}"
    return line_of(f"/standards/{row.number}", title, row.lang, _("Retired"), row.at)


def _touched(asked: Asked) -> list[ColumnElement[bool]]:
    """Cases that everybody may read, of the branch."""
    there = exists().where(
        CaseDepartment.case_id == Case.id, CaseDepartment.department_id.in_(asked.below)
    )
    return [Case.state == CaseState.OPEN, *([there] if asked.branch is not None else [])]


def _cases(asked: Asked) -> Any:
    return select(Case.id, Case.title, Case.lang, Case.opened_at.label("at")).where(
        within(asked, Case.opened_at), *_touched(asked)
    )


def _ended(asked: Asked, *, outcome: str) -> Any:
    """How sessions ended cases; the same case may end twice."""
    return (
        select(AgendaItem.id, Case.id.label("case_id"), Case.title, Case.lang, AgendaItem.at)
        .join(Case, Case.id == AgendaItem.case_id)
        .join(Session, Session.id == AgendaItem.session_id)
        .where(AgendaItem.outcome == outcome, ~AgendaItem.dropped, within(asked, AgendaItem.at))
        .where(Session.cancelled_at.is_(None), *_touched(asked))
    )


def _case_line(row: Any) -> dict[str, Any]:
    number = getattr(row, "case_id", row.id)
    return line_of(f"/training/cases/{number}", row.title, row.lang, "", row.at)


TOLD = select(InsightMonth.month, InsightMonth.counts).where(InsightMonth.department_id == WHOLE)


def _thanks(asked: Asked) -> Any:
    """Of the months that are told alone, and of the whole company; nobody is named here. One query
    more."""
    told = [
        within_month(row.month)
        for row in read_columns(TOLD)
        if asked.period.holds(row.month) and row.counts.get("thanks")
    ]
    of_told = or_(*told) if told and asked.branch is None else false()
    return (
        select(Thanks.id, Thanks.at, Thanks.lang, Text.plain)
        .join(Text, Text.id == Thanks.text_id)
        .where(told_to_all(), of_told)
    )


def within_month(month: Any) -> ColumnElement[bool]:
    """Whether thanks were said in a month."""
    since, until = Period("month", month).moments
    return and_(Thanks.at >= since, Thanks.at < until)


def _thanks_line(row: Any) -> dict[str, Any]:
    return line_of(f"/thanks/{row.id}", row.plain, row.lang, "", row.at)


ENDED = {
    Outcome.CLARIFY.value: lazy("A clause is to be clearer"),
    Outcome.IDEA.value: lazy("A new idea"),
    Outcome.PRAISE.value: lazy("Praise"),
    Outcome.NONE.value: lazy("Nothing changes"),
}
"""How a session may end a case."""
_IN_FORCE = partial(_versions, moment=Version.published_at)
_TO_CONFIRM = partial(_versions, moment=Version.asked_at)
LISTS = {
    "answers": List(lazy("What departments were to answer"), "", _answers, Answer.id, _answer_line),
    "decisions": List(
        lazy("Decisions"), "", _decisions, Decision.id, _decision_line, at=Decision.at
    ),
    "in-force": List(
        *(lazy("Versions that came into force"), "", _IN_FORCE, Version.id, _version_line),
        at=Version.published_at,
    ),
    "to-confirm": List(
        *(lazy("Versions to be confirmed"), "", _TO_CONFIRM, Version.id, _version_line),
        at=Version.asked_at,
    ),
    "retired": List(
        *(lazy("Standards that were retired"), "", _retired, Standard.id, _retired_line),
        at=Standard.retired_at,
    ),
    "cases": List(lazy("New cases"), "training", _cases, Case.id, _case_line, at=Case.opened_at),
    **{
        f"cases-{outcome}": List(
            lazy("Cases that sessions ended"),
            "training",
            partial(_ended, outcome=outcome),
            AgendaItem.id,
            _case_line,
            at=AgendaItem.at,
        )
        for outcome in ENDED
    },
    "thanks": List(lazy("Thanks"), "thanks", _thanks, Thanks.id, _thanks_line, at=Thanks.at),
}
"""By the name in their address."""
