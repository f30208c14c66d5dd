"""What becomes of cases and sessions when a department is merged or archived."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select, update

from forum.core.db import db
from forum.departments.hooks import Follower
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
    """Cases that wait for it go back to their writers, who choose anew whom to ask."""
    waiting = select(CaseDepartment.case_id).where(
        CaseDepartment.department_id == department_id, CaseDepartment.answer == Check.WAITING
    )
    db.session.execute(
        update(Case)
        .where(Case.id.in_(waiting), Case.state == CaseState.CHECKING)
        .values(state=CaseState.DRAFT, revision=Case.revision + 1)
        .execution_options(**QUIET)
    )


def move(old_id: int, new_id: int) -> None:
    """The heir stands where it stood; where it stood already, once."""
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


FOLLOWER = Follower("training", open_things, release, move)
