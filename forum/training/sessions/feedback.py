"""Two questions after a session; nobody can be told by what they said.

What was said is kept under a random key, without person or time; that somebody answered is a mark
on their seat. Nothing is told before all could answer, and never of fewer than five.
"""

from __future__ import annotations

import secrets
from typing import NamedTuple

from sqlalchemy import func, select, update

from forum.accounts.models import Person
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.i18n import _
from forum.training import policy
from forum.training.models import Feedback, Seat, Session

FEWEST = 5
SCALE = range(1, 6)


class Figures(NamedTuple):
    """How many answered, and what they said on average."""

    answers: int
    useful: float
    better: float


def may_give(person: Person, session: Session) -> bool:
    """Whoever came and has not said yet, for a week. One query at most."""
    if not policy.is_staff(person) or not policy.takes_feedback(session, now()):
        return False
    query = select(Seat.id).where(
        Seat.session_id == session.id,
        Seat.person_id == person.id,
        Seat.attended.is_(True),
        ~Seat.answered,
    )
    return db.session.scalar(query) is not None


def give(person: Person, session: Session, *, useful: int | None, better: int | None) -> None:
    """Say it once. Raises Invalid for no answer, Conflict for a second one or a late one."""
    require(policy.is_staff(person))
    if useful not in SCALE or better not in SCALE:
        raise Invalid(_("Answer both questions."), field="useful")
    if not policy.takes_feedback(session, now()):
        raise Conflict(_("Feedback is given within a week after the session."))
    with transaction():
        claimed = db.session.execute(
            update(Seat)
            .where(
                Seat.session_id == session.id,
                Seat.person_id == person.id,
                Seat.attended.is_(True),
                Seat.answered.is_(False),
            )
            .values(answered=True)
            .execution_options(synchronize_session=False)
        )
        if not claimed.rowcount:  # type: ignore[attr-defined]
            raise Conflict(_("Only those who came say how it was, once."))
        said = {"useful": useful, "better": better}
        db.session.add(Feedback(key=secrets.token_hex(16), session_id=session.id, **said))
        db.session.flush()


def figures(session: Session) -> Figures | None:
    """What was said, once nobody can add to it; None of fewer than five. One query at most."""
    if now() < policy.ends_at(session) + policy.FEEDBACK_FOR:
        return None
    query = select(func.count(), func.avg(Feedback.useful), func.avg(Feedback.better))
    count, useful, better = db.session.execute(query.where(Feedback.session_id == session.id)).one()
    return Figures(count, float(useful), float(better)) if count >= FEWEST else None
