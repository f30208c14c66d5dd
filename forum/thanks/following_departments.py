"""What becomes of thank-yous when a department is merged: public ones are the heir's.

Private ones stay with the department that was thanked, where those who belonged to it read them.
"""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.orm import aliased

from forum.core.db import db
from forum.departments.hooks import Follower
from forum.thanks.models import Thanks, ThanksTo

_PUBLIC = select(Thanks.id).where(Thanks.private.is_(False))


def open_things(_department_id: int) -> int:
    """None: a thank-you waits for nobody."""
    return 0


def release(_department_id: int) -> None:
    """Nothing waits, so nothing is taken back."""


def move(old_id: int, new_id: int) -> None:
    """The heir is thanked in public where the department was, once where both were."""
    same = aliased(ThanksTo)
    both = (
        select(ThanksTo.id)
        .join(same, same.thanks_id == ThanksTo.thanks_id)
        .where(
            ThanksTo.department_id == old_id,
            ThanksTo.person_id.is_(None),
            ThanksTo.thanks_id.in_(_PUBLIC),
            same.department_id == new_id,
            same.person_id.is_(None),
        )
    )
    twice = list(db.session.scalars(both))
    unsynchronised = {"synchronize_session": False}
    db.session.execute(
        delete(ThanksTo).where(ThanksTo.id.in_(twice)).execution_options(**unsynchronised)
    )
    for statement in (
        update(ThanksTo)
        .where(ThanksTo.department_id == old_id, ThanksTo.thanks_id.in_(_PUBLIC))
        .values(department_id=new_id),
        update(Thanks)
        .where(Thanks.author_department_id == old_id)
        .values(author_department_id=new_id),
    ):
        db.session.execute(statement.execution_options(**unsynchronised))


FOLLOWER = Follower("thanks", open_things, release, move)
