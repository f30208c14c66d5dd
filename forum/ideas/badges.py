"""The affected departments of ideas in a list, each with its answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from forum.core.db import db
from forum.departments.models import Department
from forum.ideas.models import Answer


class BadgeCard(NamedTuple):
    """An affected department in a row, with its answer."""

    id: int
    name: str
    slug: str
    code: str
    hue: int
    answer: str
    due_on: date | None
    paused_at: datetime | None
    since: datetime
    revision: int

    @property
    def url(self) -> str:
        """Its page."""
        return f"/departments/{self.slug}"


BADGES = (
    select(
        Answer.idea_id,
        Department.id,
        Department.name,
        Department.slug,
        Department.code,
        Department.hue,
        Answer.answer,
        Answer.due_on,
        Answer.paused_at,
        func.coalesce(Answer.paused_at, Answer.answered_at, Answer.asked_at),
        Answer.revision,
    )
    .join(Department, Department.id == Answer.department_id)
    .where(Answer.idea_id.in_(bindparam("ids", expanding=True)))
    .order_by(Answer.id)
)


def badges_of(idea_ids: Sequence[int]) -> dict[int, list[BadgeCard]]:
    """The affected departments of some ideas with their answers. One query, none for no ideas."""
    shown: dict[int, list[BadgeCard]] = {}
    if idea_ids:
        for idea_id, *card in db.session.execute(BADGES, {"ids": list(idea_ids)}):
            shown.setdefault(idea_id, []).append(BadgeCard._make(card))
    return shown
