"""The rows behind figures as lines of a page: of the forum itself, and of modules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, or_, select

from forum.core.calendar import ONE_DAY, company_day
from forum.core.clock import now
from forum.core.db import db
from forum.core.i18n import _, lazy
from forum.core.modules import is_on
from forum.core.paging import Page, decode_cursor, page_of
from forum.departments.models import Department
from forum.ideas import stage_cards
from forum.ideas.gains import GAINS
from forum.insights.figures import rows
from forum.insights.figures.registry import Asked
from forum.insights.figures.rows import WRITTEN
from forum.standards import phrases
from forum.surveys.loop.models import Reply
from forum.surveys.models import Wave
from forum.training.models import AgendaItem, Case, CaseDepartment, CaseState, SessionDepartment
from forum.training.models import Session as Meeting


class List(NamedTuple):
    """What is listed, the module it needs, its rows from a place on, and a row as a line."""

    title: Any
    module: str
    rows: Callable[[Asked], Any]
    number: Any
    line: Callable[[Any], dict[str, Any]]


def is_known(name: str) -> bool:
    """Whether there is such a list, and its module is on."""
    if name in LISTS:
        return is_on(LISTS[name].module)
    return name in rows.IDEAS or name in rows.STANDARDS


def behind(asked: Asked, name: str, after: str) -> tuple[str, Page[dict[str, Any]]]:
    """A list's title, and a page of its lines. One query, two of sessions, none where it would be a
    list of what few people wrote."""
    if asked.few and name in WRITTEN:
        return str(rows.IDEAS[name][0]), Page([], "")
    if name in LISTS:
        found, title, line = _page(asked, LISTS[name], after), LISTS[name].title, LISTS[name].line
    elif name in rows.IDEAS:
        found, title, line = rows.ideas_behind(asked, name, after), rows.IDEAS[name][0], _idea_line
    else:
        title, line = rows.STANDARDS[name], _standard_line
        found = rows.standards_behind(asked, after)
    return str(title), Page([line(row) for row in found.rows], found.next)


def narrower(asked: Asked, name: str) -> list[tuple[str, str, bool]]:
    """Lists to choose among, each with its address and whether it is this one."""
    if not name.startswith("gains"):
        return []
    choices = {"gains": _("All of them"), **{f"gains-{key}": str(GAINS[key]) for key in GAINS}}
    at = "/insights/rows/{}?{}".format
    return [(words, at(key, asked.narrowed), key == name) for key, words in choices.items()]


def _page(asked: Asked, known: List, after: str) -> Page[Any]:
    """Newest first."""
    query = known.rows(asked).order_by(known.number.desc()).limit(rows.PAGE + 1)
    place = decode_cursor(after, (int,))
    if place is not None:
        query = query.where(known.number < place[0])
    return page_of(db.session.execute(query).all(), rows.PAGE, lambda row: (row[0],))


def _idea_line(row: Any) -> dict[str, Any]:
    look = stage_cards.look(row.stage_kind, row.stage_id)
    state = stage_cards.shown(row.stage_kind, row.stage_id)
    line = _line(f"/ideas/{row.id}", row.title, row.lang, state, row.at)
    return {**line, "mark": row.stage_kind, "look": look}


def _standard_line(row: Any) -> dict[str, Any]:
    title, state = f"{row.number} {row.title}", phrases.state_name(row.state)
    line = _line(f"/standards/{row.number}", title, row.lang, state, row.in_force_since)
    return {**line, "mark": phrases.mark(row.state)}


def _within(asked: Asked, moment: Any) -> ColumnElement[bool]:
    since, until = asked.period.moments
    return and_(moment >= since, moment < until)


def _replies(asked: Asked) -> Any:
    silent = and_(
        Reply.at.is_(None),
        Reply.due_on >= asked.period.start,
        Reply.due_on < min(asked.period.until, company_day()),
    )
    query = (
        select(Reply.id, Reply.department_id, Reply.wave_id, Reply.at, Reply.due_on)
        .add_columns(Department.name, Wave.title, Wave.lang)
        .join(Department, Department.id == Reply.department_id)
        .join(Wave, Wave.id == Reply.wave_id)
        .where(or_(_within(asked, Reply.at), silent))
    )
    return query.where(Reply.department_id.in_(asked.below)) if asked.branch else query


def _reply_line(row: Any) -> dict[str, Any]:
    given = row.at is not None
    return _line(
        f"/surveys/{row.wave_id}/results/provider/{row.department_id}",
        f"{row.name}: {row.title}",
        row.lang,
        _("Replied") if given else _("No reply yet"),
        row.at if given else row.due_on,
    )


def _sessions(asked: Asked) -> Any:
    """Those that are over. One query, of those that go on: none is longer than a day."""
    at = now()
    begun = select(Meeting.id, Meeting.starts_at, Meeting.minutes).where(
        Meeting.starts_at > at - ONE_DAY, Meeting.starts_at <= at
    )
    going = [
        row.id
        for row in db.session.execute(begun)
        if row.starts_at + timedelta(minutes=row.minutes) > at
    ]
    query = select(Meeting.id, Meeting.title, Meeting.lang, Meeting.starts_at).where(
        Meeting.cancelled_at.is_(None),
        _within(asked, Meeting.starts_at),
        Meeting.starts_at <= at,
        Meeting.id.not_in(going),
    )
    there = exists().where(
        SessionDepartment.session_id == Meeting.id,
        SessionDepartment.department_id.in_(asked.below),
    )
    return query.where(there) if asked.branch else query


def _session_line(row: Any) -> dict[str, Any]:
    return _line(f"/training/{row.id}", row.title, row.lang, "", row.starts_at)


def _cases(asked: Asked) -> Any:
    """Those that everybody may read, opened in a period or ended by a session in it."""
    ended = exists().where(
        AgendaItem.case_id == Case.id,
        AgendaItem.outcome.is_not(None),
        ~AgendaItem.dropped,
        _within(asked, AgendaItem.at),
        Meeting.id == AgendaItem.session_id,
        Meeting.cancelled_at.is_(None),
    )
    query = select(Case.id, Case.title, Case.lang, Case.opened_at).where(
        Case.state == CaseState.OPEN, or_(_within(asked, Case.opened_at), ended)
    )
    touched = exists().where(
        CaseDepartment.case_id == Case.id, CaseDepartment.department_id.in_(asked.below)
    )
    return query.where(touched) if asked.branch else query


def _case_line(row: Any) -> dict[str, Any]:
    return _line(f"/training/cases/{row.id}", row.title, row.lang, "", row.opened_at)


def _line(url: str, title: str, lang: str, state: str, at: Any) -> dict[str, Any]:
    shown = {"url": url, "title": title, "lang": lang, "state": state, "at": at}
    return {**shown, "mark": "", "look": ""}


LISTS = {
    "replies": List(lazy("Replies to surveys"), "surveys", _replies, Reply.id, _reply_line),
    "sessions": List(lazy("Sessions that were held"), "training", _sessions, Meeting.id,
                     _session_line),
    "cases": List(lazy("Cases"), "training", _cases, Case.id, _case_line),
}  # fmt: skip
"""By the name in their address."""
