"""Which comments are seen: hidden ones by moderators and their author only, without a trace."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, or_, true

from forum.accounts.models import Person
from forum.discussion.models import Comment

READER: BindParameter[int] = bindparam("comment_reader", type_=Comment.id.type)


def standing(comment: Any = Comment) -> ColumnElement[bool]:
    """Comments that everybody who sees the page may read: neither deleted nor hidden."""
    return and_(comment.deleted_at.is_(None), comment.hidden_at.is_(None))


def seen(comment: Any, *, moderates: bool) -> ColumnElement[bool]:
    """What stands in a thread for `READER`; deleted ones leave a trace there."""
    if moderates:
        return true()
    return or_(comment.hidden_at.is_(None), comment.author_id == READER)


def may_see(reader: Person, comment: Comment) -> bool:
    """The same for one comment whose page the reader sees."""
    return comment.hidden_at is None or reader.moderates or comment.author_id == reader.id
