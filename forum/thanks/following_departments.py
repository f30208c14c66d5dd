"""What becomes of thank-yous when a department is merged: they are the heir's."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.orm import aliased

from forum.core.db import db
from forum.departments.hooks import Follower
from forum.thanks.models import Thanks, ThanksTo


def open_things(_department_id: int) -> int:
    """None: a thank-you waits for nobody."""
    return 0


def release(_department_id: int) -> None:
    """Nothing waits, so nothing is taken back."""


def move(old_id: int, new_id: int) -> None:
    """The heir is thanked where the department was, once where both were."""
    same = aliased(ThanksTo)
    both = (
        select(ThanksTo.id)
        .join(same, same.thanks_id == ThanksTo.thanks_id)
        .where(
            ThanksTo.department_id == old_id,
            ThanksTo.person_id.is_(None),
            same.department_id == new_id,
            same.person_id.is_(None),
        )
    )
    twice = list(db.session.scalars(both))
    unsynchronised = {"synchronize_session": False}
    db.session.execute(
        delete(ThanksTo).where(ThanksTo.id.in_(twice)).execution_options(**unsynchronised)
    )
    for model, column in ((ThanksTo, "department_id"), (Thanks, "author_department_id")):
        db.session.execute(
            update(model)
            .where(getattr(model, column) == old_id)
            .values({column: new_id})
            .execution_options(**unsynchronised)
        )


FOLLOWER = Follower("thanks", open_things, release, move)
