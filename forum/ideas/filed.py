"""What an idea is filed under besides its text, as a mark that forms carry and writes check."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

from flask import current_app
from sqlalchemy import select

from forum.core.db import db
from forum.core.errors import Conflict
from forum.core.i18n import lazy
from forum.core.words import slugify
from forum.ideas.models import Idea
from forum.ideas.queries import affected_ids, tags_of

CHANGED = lazy("This was changed in another window. Compare the two before you save again.")


def mark(departments: Iterable[int], tags: Iterable[str], unsure: bool) -> str:
    """The departments, the tags' names and “I don't know”, in few characters.

    Keyed: whoever may not see all departments cannot try which of them make up the mark.
    """
    said = (sorted(set(departments)), sorted({slugify(name) for name in tags}), bool(unsure))
    key = blake2b(str(current_app.config["SECRET_KEY"]).encode()).digest()
    return blake2b(repr(said).encode(), digest_size=8, key=key).hexdigest()


def mark_of(idea: Idea) -> str:
    """The mark as the database has it now. Three queries."""
    unsure = db.session.scalar(select(Idea.unsure).where(Idea.id == idea.id))
    names = [name for name, _slug in tags_of(idea.id)]
    return mark(affected_ids(idea.id), names, bool(unsure))


def check_unmoved(idea: Idea, seen: str, wanted: str) -> None:
    """Conflict, in the write that holds the idea, when somebody filed it otherwise since `seen`.

    A form without the mark says nothing; a form sent twice finds what it wanted.
    """
    if seen and mark_of(idea) not in (seen, wanted):
        raise Conflict(CHANGED)
