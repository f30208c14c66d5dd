"""Who came: noted by the host, and where the session says so, confirmed by it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select, update

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import record
from forum.core.i18n import _
from forum.standards.confirming import training as confirming
from forum.standards.models import Standard, Version, VersionState
from forum.training import facts, policy
from forum.training.models import Seat, Session, SessionStandard
from forum.training.record import keep_shares

MOST = 50
"""People without a seat who are added at once."""


def note(host: Person, session: Session, came: Collection[int], more: Sequence[int] = ()) -> None:
    """Say who of those who signed up came, and who else did; again corrects it.

    Raises Conflict before it has begun, Invalid for somebody who cannot have come.
    """
    require(policy.runs(host, session))
    if not policy.has_begun(session, now()):
        raise Conflict(_("Who came is noted once the session has begun."))
    if len(more) > MOST:
        raise Invalid(_("Add %(num)d people at once at most.", num=MOST), field="more")
    others = _people(more)
    with transaction():
        held = select(Session.id).where(Session.id == session.id).with_for_update()
        db.session.execute(held)
        _add_missing(session, others)
        present = {*came, *(person.id for person in others)}
        before = set(_present(session.id))
        _set(session.id, present)
        now_there = set(_present(session.id))
        told = {"count": len(now_there)}
        record(facts.ATTENDED, by=host, about=("training", session.id), **told)  # type: ignore[arg-type]
        keep_shares(session, before ^ now_there)
        if session.confirms:
            _confirm(host, session, sorted(now_there), sorted(before - now_there))


def _people(ids: Sequence[int]) -> list[Person]:
    query = select(Person).where(Person.id.in_(ids), Person.erased_at.is_(None))
    found = [each for each in db.session.scalars(query) if policy.is_staff(each)]
    if len(found) != len(set(ids)):
        raise Invalid(_("Somebody of these does not work here."), field="more")
    return found


def _add_missing(session: Session, people: Sequence[Person]) -> None:
    query = select(Seat.person_id).where(Seat.session_id == session.id)
    known = set(db.session.scalars(query))
    db.session.add_all(
        Seat(session_id=session.id, person_id=each.id, department_id=each.department_id)
        for each in people
        if each.id not in known
    )
    db.session.flush()


def _set(session_id: int, present: Collection[int]) -> None:
    """Whoever waited and came all the same sat there."""
    mine = Seat.session_id == session_id
    for there in (True, False):
        which = Seat.person_id.in_(present) if there else Seat.person_id.not_in(present)
        values = {"attended": there, **({"waiting": False} if there else {})}
        db.session.execute(
            update(Seat)
            .where(mine, which)
            .values(**values)
            .execution_options(synchronize_session=False)
        )


def _present(session_id: int) -> list[int]:
    query = select(Seat.person_id).where(Seat.session_id == session_id, Seat.attended.is_(True))
    return list(db.session.scalars(query))


def _confirm(host: Person, session: Session, present: Sequence[int], gone: Sequence[int]) -> None:
    """Standards as they were in force that day; a version that came later was not trained."""
    query = (
        select(Standard, Version)
        .join(SessionStandard, SessionStandard.standard_id == Standard.id)
        .join(Version, Version.standard_id == Standard.id)
        .where(
            SessionStandard.session_id == session.id,
            Version.state == VersionState.IN_FORCE,
            Version.published_at <= session.starts_at,
        )
        .order_by(Standard.id)
    )
    for standard, version in db.session.execute(query).all():
        confirming.enter(host, standard, version, present, at=session.starts_at)
        confirming.take_back(host, standard, version, gone, at=session.starts_at)
