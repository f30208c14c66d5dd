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
from forum.departments.models import Department
from forum.departments.queries import answers_for
from forum.training import policy
from forum.training.cases.queries import visible_to
from forum.training.models import Case, CaseDepartment, CaseState, Check, Seat, Session
from forum.training.sessions.times import words


class ToldOfCase(NamedTuple):
    """A case in a line: whether it waits for the reader's department, whether some department asks
    for a change, and whether one that it names is gone."""

    title: str
    state: str
    asked: bool
    wanted: bool
    gone: bool


def cases(reader: Person, ids: Collection[int]) -> dict[int, ToldOfCase]:
    """Cases that the reader sees. Three queries."""
    if not is_on("training"):
        return {}
    answers = answers_for(reader.id)
    query = select(Case.id, Case.title, Case.state)
    rows = db.session.execute(query.where(Case.id.in_(ids), visible_to(reader, answers)))
    asked, wanted, gone = set(), set(), set()
    columns = (CaseDepartment.case_id, CaseDepartment.department_id, CaseDepartment.answer)
    said = (
        select(*columns, Department.archived_at)
        .join(Department, Department.id == CaseDepartment.department_id)
        .where(CaseDepartment.case_id.in_(ids))
    )
    for case_id, place, answer, archived_at in db.session.execute(said):
        if answer == Check.WAITING and place in answers:
            asked.add(case_id)
        if answer == Check.CHANGE:
            wanted.add(case_id)
        if archived_at is not None:
            gone.add(case_id)
    return {
        row.id: ToldOfCase(
            row.title,
            row.state,
            row.state == CaseState.CHECKING and row.id in asked,
            row.id in wanted,
            row.id in gone,
        )
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
