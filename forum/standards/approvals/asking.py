"""Which sides are asked about a version, and which of them have said yes already.

Asked are the head of the owner's department unless they own the standard themselves, each other
department it is written for that has something to do by it, and a moderator.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from forum.accounts.models import Kind, Person, Role
from forum.core.db import db
from forum.core.site import site
from forum.core.texts import Text
from forum.departments.models import Department
from forum.departments.queries import MAY_ANSWER
from forum.ideas.models import Answer, AnswerKind, Idea
from forum.standards import outline
from forum.standards.approvals.models import Side
from forum.standards.confirming.audience import asks, may_confirm, people_of
from forum.standards.models import Version, VersionDepartment, VersionIdea
from forum.standards.origins import origin_of

ALWAYS = "always"
"""The setting by which nothing is published that was not approved."""
YES = (AnswerKind.HELPS, AnswerKind.NO_EFFECT)
"""Answers to an idea that count as approval of the text made from it."""


class Asked(NamedTuple):
    """A side to ask, and whose answer to the idea counts, if any."""

    side: Side
    department_id: int | None
    by_id: int | None = None
    at: datetime | None = None


def wanted(version: Version) -> list[Asked]:
    """Every side to be asked about a version. At most six queries."""
    counted = _answers(version) if site().approval == ALWAYS else {}
    departments = [Asked(Side.DEPARTMENT, d, *counted.get(d, ())) for d in _departments(version)]
    head = [Asked(Side.HEAD, d) for d in _headed(version)]
    return [*head, *departments, Asked(Side.MODERATOR, None)]


def _headed(version: Version) -> Sequence[int]:
    """The owner's department if its head may answer and does not own the standard."""
    query = (
        select(Department.id)
        .join(Person, Person.id == Department.head_id)
        .where(
            Department.id == version.owner_department_id,
            Department.archived_at.is_(None),
            Person.kind == Kind.STAFF,
            MAY_ANSWER,
        )
    )
    if version.owner_id is not None:
        query = query.where(Person.id != version.owner_id)
    return db.session.scalars(query).all()


def _departments(version: Version) -> Sequence[int]:
    """The audience without the owner's department, for which owner and head speak, and without
    those of whom its roles and kinds mean nobody."""
    query = (
        select(Department.id)
        .join(VersionDepartment, VersionDepartment.department_id == Department.id)
        .where(VersionDepartment.version_id == version.id, Department.archived_at.is_(None))
        .order_by(Department.name)
    )
    if version.owner_department_id is not None:
        query = query.where(Department.id != version.owner_department_id)
    if people_of(version.id):
        theirs = (Person.department_id == Department.id, may_confirm(), asks(version.id, Person))
        query = query.where(select(Person.id).where(*theirs).correlate(Department).exists())
    return db.session.scalars(query).all()


def _answers(version: Version) -> dict[int, tuple[int | None, datetime | None]]:
    """Departments that said yes to the idea of which this text is made, unchanged."""
    ideas = select(Idea).join(VersionIdea, VersionIdea.idea_id == Idea.id)
    fed = db.session.scalars(ideas.where(VersionIdea.version_id == version.id)).all()
    if len(fed) != 1 or not is_unedited(version, fed[0]):
        return {}
    query = select(Answer.department_id, Answer.by_id, Answer.answered_at).where(
        Answer.idea_id == fed[0].id, Answer.answer.in_(YES)
    )
    return {row[0]: (row[1], row[2]) for row in db.session.execute(query)}


def is_unedited(version: Version, idea: Idea) -> bool:
    """Whether a version says what was made of its idea, and nothing else. Four queries."""
    query = (
        select(Text.source, Version.title)
        .join(Version, Version.text_id == Text.id)
        .where(Version.standard_id == version.standard_id)
        .where(Version.number.in_([version.number, version.number - 1]))
        .order_by(Version.number.desc())
    )
    (now, title), *before = db.session.execute(query).all()
    origin = origin_of(idea)
    if not before:
        return bool(title == idea.title and _same(now, outline.from_idea(origin)))
    old, old_title = before[0]
    return bool(title == old_title and _same(now, outline.with_idea(old, origin, version.lang)))


def _same(one: str, other: str) -> bool:
    """Apart from what a form does to lines and ends."""
    return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()


def moderators() -> frozenset[int]:
    """Everybody who moderates and can sign in. One query."""
    query = select(Person.id).where(
        Person.role != Role.EMPLOYEE, Person.deactivated_at.is_(None), Person.erased_at.is_(None)
    )
    return frozenset(db.session.scalars(query))
