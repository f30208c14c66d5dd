"""What news of training tell, asked for many cases or sessions at once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.calendar import midnight
from forum.core.db import db
from forum.core.modules import is_on
from forum.departments.queries import answers_for
from forum.training import policy
from forum.training.cases.queries import visible_to
from forum.training.models import Case, CaseDepartment, CaseState, Check, Seat, Session
from forum.training.sessions.times import words


def cases(reader: Person, ids: Collection[int]) -> dict[int, tuple[str, str, bool]]:
    """Title, state and whether it waits for the reader's department, of cases that they see.
    Three queries."""
    if not is_on("training"):
        return {}
    answers = answers_for(reader.id)
    query = select(Case.id, Case.title, Case.state)
    rows = db.session.execute(query.where(Case.id.in_(ids), visible_to(reader, answers)))
    waiting = select(CaseDepartment.case_id).where(
        CaseDepartment.case_id.in_(ids),
        CaseDepartment.department_id.in_(answers),
        CaseDepartment.answer == Check.WAITING,
    )
    asked = set(db.session.scalars(waiting))
    return {
        row.id: (row.title, row.state, row.state == CaseState.CHECKING and row.id in asked)
        for row in rows
    }


class Told(NamedTuple):
    """A session in a line."""

    title: str
    when: str
    off: bool
    why: str


def sessions(reader: Person, ids: Collection[int]) -> dict[int, Told]:
    """Sessions by id. One query."""
    if not is_on("training") or not policy.may_see(reader):
        return {}
    found = db.session.scalars(select(Session).where(Session.id.in_(ids)))
    return {
        each.id: Told(
            each.title,
            words(each.starts_at, each.zone),
            each.cancelled_at is not None,
            each.cancelled_why,
        )
        for each in found
    }


def on_day(reader: Person, on: date) -> list[str]:
    """The titles of the sessions of a day in which the reader has a seat. One query."""
    if not is_on("training") or not policy.may_see(reader):
        return []
    query = (
        select(Session.title)
        .join(Seat, Seat.session_id == Session.id)
        .where(
            Seat.person_id == reader.id,
            Seat.waiting.is_(False),
            Session.cancelled_at.is_(None),
            Session.starts_at >= midnight(on),
            Session.starts_at < midnight(on + timedelta(days=1)),
        )
        .order_by(Session.starts_at)
    )
    return list(db.session.scalars(query))
