"""The affected departments of an idea: what they answered, and what their clocks say."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.core.db import read_columns
from forum.core.texts import Text
from forum.departments.models import Department
from forum.departments.queries import answered_by, answerer_name
from forum.ideas.models import Answer, AnswerKind, AnswerRevision, Handover, Question
from forum.ideas.visibility import READER


class Slot(NamedTuple):
    """An affected department with its answer."""

    idea_id: int
    department_id: int
    name: str
    slug: str
    code: str
    hue: int
    answer: str
    asked_at: datetime
    answered_at: datetime | None
    revision: int
    by: str | None
    reason_html: str | None
    mine: bool
    due_on: date | None
    allowed_days: int | None
    paused_at: datetime | None
    answerer: str | None
    question_id: int | None
    passed_from: str | None
    passed_by: int | None
    before_html: str | None

    @property
    def since(self) -> datetime:
        """Since when it is as it is: asked, at rest or answered."""
        return self.paused_at or self.answered_at or self.asked_at


QUESTION = (
    select(Question.comment_id)
    .where(Question.answer_id == Answer.id, Question.department_id == Answer.department_id)
    .correlate(Answer)
    .scalar_subquery()
)
LAST_PASSED = (
    select(func.max(Handover.id))
    .where(Handover.answer_id == Answer.id)
    .correlate(Answer)
    .scalar_subquery()
)
PASSED_FROM, EARLIER = aliased(Department), aliased(Text)
SAID_BEFORE = (
    select(EARLIER.html)
    .join(AnswerRevision, AnswerRevision.reason_id == EARLIER.id)
    .where(
        AnswerRevision.answer_id == Answer.id,
        AnswerRevision.answer == AnswerKind.NEEDS_CHANGE,
        Answer.answer == AnswerKind.WAITING,
    )
    .order_by(AnswerRevision.id.desc())
    .limit(1)
    .correlate(Answer)
    .scalar_subquery()
)
SLOTS = (
    select(
        Answer.idea_id,
        Answer.department_id,
        Department.name,
        Department.slug,
        Department.code,
        Department.hue,
        Answer.answer,
        Answer.asked_at,
        Answer.answered_at,
        Answer.revision,
        Person.name,
        Text.html,
        answered_by(READER).label("mine"),
        Answer.due_on,
        Answer.allowed_days,
        Answer.paused_at,
        answerer_name(),
        QUESTION,
        PASSED_FROM.name,
        Handover.by_id,
        SAID_BEFORE,
    )
    .join(Department, Department.id == Answer.department_id)
    .outerjoin(Person, Person.id == Answer.by_id)
    .outerjoin(Text, Text.id == Answer.reason_id)
    .outerjoin(Handover, Handover.id == LAST_PASSED)
    .outerjoin(PASSED_FROM, PASSED_FROM.id == Handover.from_id)
    .where(Answer.idea_id == bindparam("idea_id"))
    .order_by(Answer.id)
)


def slots_of(reader: Person, idea_id: int) -> list[Slot]:
    """The affected departments of one idea with answers, and which are the reader's. One query."""
    values = {"idea_id": idea_id, READER.key: reader.id}
    return [Slot._make(row) for row in read_columns(SLOTS, values)]
