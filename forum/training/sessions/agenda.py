"""The agenda of a session: cases between its departments, the oldest first, edited by the host."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, insert, or_, select, update
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import record
from forum.core.i18n import _
from forum.departments.models import Service
from forum.standards.clauses.models import Clause
from forum.standards.models import Standard
from forum.training import facts, policy
from forum.training.models import (
    AgendaItem,
    Case,
    CaseClause,
    CaseDepartment,
    CaseService,
    CaseStandard,
    CaseState,
    Session,
    SessionDepartment,
)

MOST = 30
"""Cases that assemble by themselves: more than an afternoon holds."""


def assemble(session: Session) -> None:
    """Put on what belongs there and is not yet, in the open write. Five queries."""
    places = _departments(session.id)
    known = select(AgendaItem.case_id).where(AgendaItem.session_id == session.id)
    query = (
        select(Case.id)
        .where(
            Case.state == CaseState.OPEN,
            Case.id.not_in(known),
            fits(places),
            or_(Case.opened_at > _last_together(session, places), ~_is_settled()),
        )
        .order_by(Case.opened_at, Case.id)
        .limit(MOST)
    )
    _append(session.id, list(db.session.scalars(query)))


def _departments(session_id: int) -> list[int]:
    query = select(SessionDepartment.department_id)
    return list(db.session.scalars(query.where(SessionDepartment.session_id == session_id)))


def fits(places: list[int] | Select[Any]) -> ColumnElement[bool]:
    """Cases between these departments, on a service between them, or on a standard of one of
    them that touches another."""
    other = exists().where(
        CaseDepartment.case_id == Case.id, CaseDepartment.department_id.not_in(places)
    )
    some = exists().where(
        CaseDepartment.case_id == Case.id, CaseDepartment.department_id.in_(places)
    )
    served = exists().where(
        CaseService.case_id == Case.id,
        Service.id == CaseService.service_id,
        Service.provider_id.in_(places),
        Service.customer_id.in_(places),
    )
    owned = Standard.owner_department_id.in_(places)
    ruled = or_(
        exists().where(
            CaseStandard.case_id == Case.id, Standard.id == CaseStandard.standard_id, owned
        ),
        exists().where(
            CaseClause.case_id == Case.id,
            Clause.id == CaseClause.clause_id,
            Standard.id == Clause.standard_id,
            owned,
        ),
    )
    return or_(and_(some, ~other), served, and_(some, ruled))


def _is_settled() -> ColumnElement[bool]:
    """Whether some session has ended a case with an outcome."""
    return exists().where(AgendaItem.case_id == Case.id, AgendaItem.outcome.is_not(None))


def _last_together(session: Session, places: list[int]) -> Any:
    """When all these departments were in a session last, before this one; long ago if never."""
    earlier, there = aliased(Session), aliased(SessionDepartment)
    present = (
        select(func.count())
        .where(there.session_id == earlier.id, there.department_id.in_(places))
        .scalar_subquery()
    )
    query = select(func.max(earlier.starts_at)).where(
        earlier.id != session.id,
        earlier.cancelled_at.is_(None),
        earlier.starts_at < min(session.starts_at, now()),
        present == len(places),
    )
    last: datetime | None = db.session.scalar(query)
    return last or datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def _append(session_id: int, case_ids: list[int]) -> None:
    """At the end, in their order, in the open write."""
    query = select(func.max(AgendaItem.place)).where(AgendaItem.session_id == session_id)
    last = db.session.scalar(query) or 0
    db.session.add_all(
        AgendaItem(session_id=session_id, case_id=case_id, place=place)
        for place, case_id in enumerate(case_ids, last + 1)
    )
    db.session.flush()


def join_coming(case: Case) -> None:
    """A case that has just become open joins the sessions to come that it fits, at their end, in
    the open write. One query, however many there are."""
    theirs = (
        select(SessionDepartment.department_id)
        .where(SessionDepartment.session_id == Session.id)
        .correlate(Session)
    )
    item = aliased(AgendaItem)
    query = (
        select(Session.id, func.coalesce(func.max(item.place), 0))
        .select_from(Session)
        .join(Case, Case.id == case.id)
        .outerjoin(item, item.session_id == Session.id)
        .where(
            Session.cancelled_at.is_(None),
            Session.starts_at > now(),
            ~exists().where(AgendaItem.session_id == Session.id, AgendaItem.case_id == Case.id),
            fits(theirs),
        )
        .group_by(Session.id)
        .order_by(Session.id)
    )
    rows = [
        {"session_id": session_id, "case_id": case.id, "place": last + 1}
        for session_id, last in db.session.execute(query)
    ]
    if rows:
        db.session.execute(insert(AgendaItem), rows)


def add(host: Person, session: Session, case_id: int | None) -> None:
    """Put a case on, or back on, at the end. Raises Invalid for one that nobody else may read."""
    require(policy.may_change(host, session))
    check_changes(session)
    query = select(Case.id).where(Case.id == case_id, Case.state == CaseState.OPEN)
    if case_id is None or db.session.scalar(query) is None:
        raise Invalid(_("There is no such case that everybody may read."), field="case")
    with transaction():
        _hold(session)
        if not _set_dropped(session, AgendaItem.case_id == case_id, dropped=False):
            _append(session.id, [case_id])
        record(facts.AGENDA, by=host, about=("training", session.id), case=case_id)


def check_changes(session: Session) -> None:
    """Raises Conflict once it has been over for a week."""
    if not policy.takes_outcomes(session, now()):
        raise Conflict(_("This session is over and does not change any more."))


def _hold(session: Session) -> None:
    held = select(Session.id).where(Session.id == session.id, Session.cancelled_at.is_(None))
    if db.session.scalar(held.with_for_update()) is None:
        raise Conflict(_("This session was called off."))


def _set_dropped(session: Session, which: ColumnElement[bool], *, dropped: bool) -> bool:
    changed = db.session.execute(
        update(AgendaItem)
        .where(AgendaItem.session_id == session.id, which, AgendaItem.outcome.is_(None))
        .values(dropped=dropped)
        .execution_options(synchronize_session=False)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def drop(host: Person, session: Session, item_id: int, *, back: bool = False) -> None:
    """Take a case off, or put it back. Raises Conflict for one that has its outcome."""
    require(policy.may_change(host, session))
    check_changes(session)
    with transaction():
        _hold(session)
        if not _set_dropped(session, AgendaItem.id == item_id, dropped=not back):
            raise Conflict(_("This case has its outcome already."))
        record(facts.AGENDA, by=host, about=("training", session.id), item=item_id)


def move_up(host: Person, session: Session, item_id: int) -> None:
    """Swap a case with the one before it; the first stays where it is."""
    require(policy.may_change(host, session))
    check_changes(session)
    with transaction():
        _hold(session)
        items = list(
            db.session.scalars(
                select(AgendaItem)
                .where(AgendaItem.session_id == session.id, AgendaItem.dropped.is_(False))
                .order_by(AgendaItem.place, AgendaItem.id)
                .execution_options(populate_existing=True)
            )
        )
        at = next((n for n, item in enumerate(items) if item.id == item_id), 0)
        if at:
            items[at - 1], items[at] = items[at], items[at - 1]
            for place, item in enumerate(items, 1):
                item.place = place
            db.session.flush()
            record(facts.AGENDA, by=host, about=("training", session.id), item=item_id)
