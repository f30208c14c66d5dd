"""Ideas on pages of departments and people, and the ways of an idea on its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import or_, select

from forum.accounts.models import Person
from forum.core import slots
from forum.core.db import db
from forum.ideas import answer_times, moving, stage_cards
from forum.ideas.badges import badges_of
from forum.ideas.models import Answer, AnswerKind, Idea
from forum.ideas.moving import Way
from forum.ideas.policy import UNSETTLED
from forum.ideas.together.queries import authored_by
from forum.ideas.visibility import listed_for

MOST = 10
"""Ideas shown in a panel; the list has the rest."""


class Line(NamedTuple):
    """An idea in one line; `since` is when it was posted, or asked about."""

    id: int
    title: str
    lang: str
    stage: str
    stage_id: int
    since: datetime

    @property
    def url(self) -> str:
        """Its page."""
        return f"/ideas/{self.id}"

    @property
    def stage_label(self) -> str:
        """Where it stands, in words."""
        return stage_cards.shown(self.stage, self.stage_id)

    @property
    def look(self) -> str:
        """The class that colours it."""
        return stage_cards.look(self.stage, self.stage_id)


class OnDepartment(NamedTuple):
    """What a department's page says about ideas."""

    slug: str
    waiting: list[Line]
    newest: list[Line]


LINE = (Idea.id, Idea.title, Idea.lang, Idea.stage_kind, Idea.stage_id)


def install() -> None:
    """Fill the slots of departments, people and ideas."""
    slots.fill(
        "department",
        slots.Panel("answer_times", "ideas/_answer_times.html", answer_times.on_departments),
    )
    slots.fill("department", slots.Panel("ideas", "ideas/_on_department.html", on_departments))
    slots.fill("beside-idea", slots.Panel("ways", "ideas/_ways.html", ways_on))
    slots.fill("person", slots.Panel("ideas", "ideas/_on_person.html", on_people))


def ways_on(reader: Person, ideas: Sequence[Any]) -> dict[int, list[Way]]:
    """Steps to stages that the company added, and out of them. No query while there are none, two
    else."""
    if not stage_cards.added():
        return {}
    headed = moving.headed_by(reader)
    shown = badges_of([idea.id for idea in ideas]) if headed else {}
    found = {}
    for idea in ideas:
        affected = [badge.id for badge in shown.get(idea.id, [])]
        ways = [w for w in moving.ways(reader, idea, affected, headed) if not w.asks]
        if ways:
            found[idea.id] = ways
    return found


def on_departments(reader: Person, departments: Sequence[Any]) -> dict[int, OnDepartment]:
    """What waits for each department and what it posted or is affected by. Two queries each."""
    return {each.id: _on_department(reader, each) for each in departments}


def _on_department(reader: Person, department: Any) -> OnDepartment:
    waiting = (
        select(*LINE, Answer.asked_at)
        .join(Answer, Answer.idea_id == Idea.id)
        .where(
            Answer.department_id == department.id,
            Answer.answer == AnswerKind.WAITING,
            Idea.stage_kind.in_(UNSETTLED),
            listed_for(reader),
        )
        .order_by(Answer.asked_at, Answer.id)
    )
    affected = select(Answer.idea_id).where(Answer.department_id == department.id)
    newest = (
        select(*LINE, Idea.posted_at)
        .where(
            or_(Idea.author_department_id == department.id, Idea.id.in_(affected)),
            listed_for(reader),
        )
        .order_by(Idea.posted_at.desc(), Idea.id.desc())
    )
    return OnDepartment(department.slug, _lines(waiting), _lines(newest))


def on_people(reader: Person, people: Sequence[Any]) -> dict[int, list[Line]]:
    """The ideas somebody wrote, alone or not, as far as the reader sees them. One query each."""
    return {each.id: lines for each in people if (lines := _posted(reader, each.id))}


def _posted(reader: Person, person_id: int) -> list[Line]:
    query = (
        select(*LINE, Idea.posted_at)
        .where(authored_by(person_id), listed_for(reader))
        .order_by(Idea.posted_at.desc(), Idea.id.desc())
    )
    return _lines(query)


def _lines(query: Any) -> list[Line]:
    return [Line(*row) for row in db.session.execute(query.limit(MOST))]
