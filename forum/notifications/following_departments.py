"""What becomes of those who watch a department when it is merged."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from forum.core.db import db
from forum.departments.hooks import Follower
from forum.notifications.models import Watch


def open_things(_department_id: int) -> int:
    """None: nobody waits for a department by watching it."""
    return 0


def release(_department_id: int) -> None:
    """An archived department has no news; who watched it hears nothing."""


def move(old_id: int, new_id: int) -> None:
    """Whoever watched it watches the heir, but for those who have said how much of that already."""
    of_old = (Watch.kind == "department") & (Watch.thing_id == old_id)
    have = select(Watch.person_id).where(Watch.kind == "department", Watch.thing_id == new_id)
    known = list(db.session.scalars(have))
    quiet = {"synchronize_session": False}
    db.session.execute(
        update(Watch)
        .where(of_old, Watch.person_id.not_in(known))
        .values(thing_id=new_id)
        .execution_options(**quiet)
    )
    db.session.execute(delete(Watch).where(of_old).execution_options(**quiet))


FOLLOWER = Follower("notifications", open_things, release, move)
