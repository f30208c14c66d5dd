"""Counting what lies around ideas and standards: services, replies, cases, sessions, thanks.

Counted whether their modules are on or not, so that a figure is whole on the day one is switched
on. Who came to a session and who took part in a survey is not counted here, nor anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from forum.core.clock import now
from forum.core.db import db
from forum.departments.models import Department, ServiceChange
from forum.ideas.clock import timely
from forum.insights.figures.hiding import K
from forum.surveys.loop.models import Reply
from forum.thanks.models import Thanks, ThanksTo
from forum.thanks.visibility import told_to_all
from forum.training.models import (
    AgendaItem,
    Case,
    CaseDepartment,
    CaseState,
    Session,
    SessionDepartment,
)

if TYPE_CHECKING:
    from forum.insights.figures.counting import Tally

PIECE = 5_000


def count(tally: Tally, local: Any, today: date) -> None:
    """All of them. Nine queries."""
    _services(tally, local)
    _replies(tally, local, today)
    _cases(tally, local)
    _sessions(tally, local)
    _thanks(tally, local)


def _read(query: Any) -> Iterator[Any]:
    yield from db.session.execute(query.execution_options(yield_per=PIECE))


def _services(tally: Tally, local: Any) -> None:
    """From state to state, at the department that serves; when that changes it moves along, and
    when a side is closed it is there no more."""
    query = select(
        ServiceChange.service_id, ServiceChange.provider_id, ServiceChange.state, ServiceChange.at
    ).add_columns(ServiceChange.customer_id)
    shut = select(Department.id, Department.archived_at).where(Department.archived_at.is_not(None))
    closed = {place: local(at) for place, at in _read(shut)}
    rows = groupby(
        _read(query.order_by(ServiceChange.service_id, ServiceChange.at, ServiceChange.id)),
        key=lambda row: row.service_id,
    )
    for _service, changes in rows:
        steps = [(local(c.at), c.provider_id, c.state, c.customer_id) for c in changes]
        for (on, provider, state, customer), after in zip_longest(steps, steps[1:]):
            until = min((closed[p] for p in (provider, customer) if p in closed), default=None)
            gone = max(on, until) if until is not None else None
            if after is not None and (gone is None or after[0] <= gone):
                gone = after[0]
            tally.move("services", "", state, provider, on)
            if gone is not None:
                tally.move("services", state, "", provider, gone)


def _replies(tally: Tally, local: Any, today: date) -> None:
    """What departments owe to surveys: in the month they said it, or in that of its last day."""
    for place, due_on, at in _read(select(Reply.department_id, Reply.due_on, Reply.at)):
        on = local(at) if at is not None else None
        came = timely(on, due_on, today)
        if came is not None:
            tally.add("replies", str(came), place, on or due_on)


def _cases(tally: Tally, local: Any) -> None:
    """Cases in the month that everybody could read them, and how sessions ended them."""
    places = _places(CaseDepartment.case_id, CaseDepartment.department_id)
    opened = select(Case.id, Case.opened_at).where(Case.state == CaseState.OPEN)
    for number, at in _read(opened.where(Case.opened_at.is_not(None))):
        tally.add_once("cases", "opened", places.get(number, ()), local(at))
    ended = (
        select(AgendaItem.case_id, AgendaItem.outcome, AgendaItem.at)
        .join(Case, Case.id == AgendaItem.case_id)
        .join(Session, Session.id == AgendaItem.session_id)
        .where(
            *(AgendaItem.outcome.is_not(None), AgendaItem.at.is_not(None)),
            *(~AgendaItem.dropped, Session.cancelled_at.is_(None), Case.state == CaseState.OPEN),
        )
    )
    for number, outcome, at in _read(ended):
        tally.add_once("cases", outcome, places.get(number, ()), local(at))


def _places(thing: Any, department: Any) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for number, place in _read(select(thing, department)):
        found.setdefault(number, []).append(place)
    return found


def _sessions(tally: Tally, local: Any) -> None:
    """Sessions on the day they began, once they are over."""
    places = _places(SessionDepartment.session_id, SessionDepartment.department_id)
    query = select(Session.id, Session.starts_at, Session.minutes)
    until = now()
    for number, starts_at, minutes in _read(query.where(Session.cancelled_at.is_(None))):
        if starts_at + timedelta(minutes=minutes) <= until:
            tally.add_once("sessions", "held", places.get(number, ()), local(starts_at))


def _thanks(tally: Tally, local: Any) -> None:
    """Public lines of months in which at least K different people thanked, and as many people or
    departments were thanked; for the whole company, since of a small part they would be a tally of
    somebody."""
    query = (
        select(Thanks.id, Thanks.author_id, Thanks.at)
        .add_columns(ThanksTo.person_id, ThanksTo.department_id)
        .outerjoin(ThanksTo, ThanksTo.thanks_id == Thanks.id)
        .where(told_to_all())
    )
    months: dict[date, tuple[set[int], set[int], set[Any]]] = {}
    for number, author, at, person, department in _read(query):
        kept = months.setdefault(local(at).replace(day=1), (set(), set(), set()))
        kept[0].add(number)
        kept[1].add(author)
        kept[2].add((person, department if person is None else None))
    for month, (lines, authors, thanked) in months.items():
        if len(authors) >= K and len(thanked) >= K:
            tally.add("thanks", "said", None, month, len(lines))
