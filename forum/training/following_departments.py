"""What becomes of cases and sessions when a department is merged or archived."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select, update

from forum.core.db import db
from forum.core.events import record
from forum.departments.hooks import Follower
from forum.departments.queries import answerers_of
from forum.training import facts
from forum.training.models import (
    Case,
    CaseDepartment,
    CaseState,
    Check,
    Seat,
    SessionDepartment,
)

QUIET = {"synchronize_session": False}


def open_things(department_id: int) -> int:
    """Cases that wait for its word. One query."""
    query = select(func.count()).where(
        CaseDepartment.department_id == department_id,
        CaseDepartment.answer == Check.WAITING,
        CaseDepartment.case_id.in_(_checking()),
    )
    return db.session.scalar(query) or 0


def _checking() -> Any:
    return select(Case.id).where(Case.state == CaseState.CHECKING)


def release(department_id: int) -> None:
    """Cases that wait for it go back to their writers, who are told and choose anew whom to ask."""
    waiting = select(CaseDepartment.case_id).where(
        CaseDepartment.department_id == department_id, CaseDepartment.answer == Check.WAITING
    )
    found = db.session.execute(
        update(Case)
        .where(Case.id.in_(waiting), Case.state == CaseState.CHECKING)
        .values(state=CaseState.DRAFT, revision=Case.revision + 1)
        .returning(Case.id, Case.drafted_by_id)
        .execution_options(**QUIET)
    )
    for case_id, writer in sorted(map(tuple, found)):
        record(facts.TAKEN_BACK, by=None, about=("case", case_id), writer=writer)


def move(old_id: int, new_id: int) -> None:
    """The heir stands where it stood; where it stood already, once. Whoever answers for it is told
    of the cases that it is to check now."""
    _ask_heir(old_id, new_id)
    for model, whose in ((CaseDepartment, "case_id"), (SessionDepartment, "session_id")):
        table: Any = model
        there = select(getattr(table, whose)).where(table.department_id == new_id)
        known = list(db.session.scalars(there))
        of_old = table.department_id == old_id
        db.session.execute(
            delete(table).where(of_old, getattr(table, whose).in_(known)).execution_options(**QUIET)
        )
        db.session.execute(
            update(table).where(of_old).values(department_id=new_id).execution_options(**QUIET)
        )
    db.session.execute(
        update(Seat)
        .where(Seat.department_id == old_id)
        .values(department_id=new_id)
        .execution_options(**QUIET)
    )


def _ask_heir(old_id: int, new_id: int) -> None:
    """What waited for the department waits for its heir, even where that has spoken already: of two
    answers the one that asks for more stands. Whoever speaks at that moment has to look again. Five
    queries, and two for each case."""
    waiting = (
        select(Case.id, Case.drafted_by_id)
        .join(CaseDepartment, CaseDepartment.case_id == Case.id)
        .where(
            CaseDepartment.department_id == old_id,
            CaseDepartment.answer == Check.WAITING,
            Case.state == CaseState.CHECKING,
        )
        .order_by(Case.id)
    )
    found = db.session.execute(waiting).all()
    speakers = answerers_of([new_id])[new_id] if found else []
    db.session.execute(
        update(Case)
        .where(Case.id.in_([case_id for case_id, _writer in found]))
        .values(revision=Case.revision + 1)
        .execution_options(**QUIET)
    )
    for case_id, writer in found:
        db.session.execute(
            update(CaseDepartment)
            .where(CaseDepartment.case_id == case_id, CaseDepartment.department_id == new_id)
            .values(answer=Check.WAITING, by_id=None, note="", at=None)
            .execution_options(**QUIET)
        )
        told: dict[str, Any] = {"departments": [new_id], "people": sorted({*speakers} - {writer})}
        record(facts.SENT, by=None, about=("case", case_id), **told)


FOLLOWER = Follower("training", open_things, release, move)
