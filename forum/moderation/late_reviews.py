"""Standards whose review is so late that moderators see to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from forum.accounts.models import Person
from forum.core.calendar import company_day
from forum.core.db import db
from forum.core.i18n import lazy
from forum.departments.models import Department
from forum.moderation.work import SHOWN, Work
from forum.standards.models import Standard
from forum.standards.review.clock import waits_for_moderators


def _waiting(_moderator: Person) -> Select[Any]:
    return select(Standard.id).where(waits_for_moderators(company_day()))


def rows_of(_moderator: Person) -> Sequence[Any]:
    """The longest late first, with the days. One query."""
    today = company_day()
    query = (
        select(Standard.id, Standard.number, Standard.title, Standard.lang, Standard.review_on)
        .add_columns(Person.name.label("owner"), Department.name.label("department"))
        .outerjoin(Person, Person.id == Standard.owner_id)
        .outerjoin(Department, Department.id == Standard.owner_department_id)
        .where(waits_for_moderators(today))
        .order_by(Standard.review_on, Standard.id)
        .limit(SHOWN + 1)
    )
    rows = db.session.execute(query)
    return [{**row._mapping, "days": (today - row.review_on).days} for row in rows]


WORK = Work(
    name="reviews",
    place=115,
    title=lazy("Standards to review"),
    empty=lazy("No review is late."),
    waiting=_waiting,
    rows=rows_of,
    template="moderation/_late_reviews.html",
    on=lambda: False,
)
