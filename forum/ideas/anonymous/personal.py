"""What somebody posted without their name, where moderators may learn it."""

from __future__ import annotations

from sqlalchemy import delete

from forum.core.db import db
from forum.core.personal import Erasure, Holding, Rows, rows
from forum.ideas.anonymous.models import AnonymousAuthor


def about(person_id: int) -> dict[str, Rows]:
    """One query. What nobody may learn is known to no query either."""
    return {"posts": rows(AnonymousAuthor, AnonymousAuthor.person_id == person_id)}


def erase(erasure: Erasure) -> None:
    """From now on nobody can learn who posted them. The texts stay even where one's texts go:
    those that went would tell whose they were."""
    own = AnonymousAuthor.person_id == erasure.person_id
    db.session.execute(delete(AnonymousAuthor).where(own))


HOLDING = Holding("anonymous", about, erase)
