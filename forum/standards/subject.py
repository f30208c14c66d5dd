"""A standard as something a thread hangs on."""

from __future__ import annotations

from sqlalchemy import update

from forum.accounts.models import Person
from forum.core.db import db
from forum.discussion.subjects import Subject
from forum.standards import policy, queries
from forum.standards.models import Standard


def _commented(standard: Standard, change: int, _by: Person) -> None:
    db.session.execute(
        update(Standard)
        .where(Standard.id == standard.id)
        .values(comment_count=Standard.comment_count + change)
    )


STANDARD_SUBJECT = Subject(
    load_visible=queries.by_id_or_404,
    may_comment=policy.may_comment,
    url=lambda standard: f"/standards/{standard.number}",
    commented=_commented,
)
