"""Reading scorecards: one function a page, each of known cost."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from forum.accounts.models import Person
from forum.accounts.names import shown_name
from forum.core.db import db
from forum.ideas.models import Idea, StageKind
from forum.ideas.together.queries import authored_by
from forum.ideas.visibility import listed_for
from forum.scorecards.models import Expert, Score
from forum.scorecards.weights import Marks

MOST = 100
"""Ideas in the ranking, those rated last; the weights are chosen over them."""


def expert_of(idea_id: int, person_id: int) -> Expert | None:
    """Somebody's place among an idea's experts. One query."""
    query = select(Expert).where(Expert.idea_id == idea_id, Expert.person_id == person_id)
    return db.session.scalars(query).first()


class Named(NamedTuple):
    """An expert as the page names them."""

    id: int
    person_id: int
    name: str
    gone: bool
    submitted_at: datetime | None
    withdrawn_at: datetime | None


def experts_of(idea_id: int) -> list[Named]:
    """Everybody who was asked, in order. One query."""
    query = (
        select(Expert, Person.name, Person.deactivated_at)
        .join(Person, Person.id == Expert.person_id)
        .where(Expert.idea_id == idea_id)
        .order_by(Expert.id)
    )
    return [
        Named(e.id, e.person_id, shown_name(name), gone is not None, e.submitted_at, e.withdrawn_at)
        for e, name, gone in db.session.execute(query)
    ]


def scores_of(idea_id: int) -> dict[int, dict[str, Score]]:
    """What was submitted and stands, by expert and criterion. One query."""
    query = select(Score).join(Expert, Expert.id == Score.expert_id)
    found: dict[int, dict[str, Score]] = defaultdict(dict)
    for score in db.session.scalars(query.where(Expert.idea_id == idea_id, *STANDS)):
        found[score.expert_id][score.criterion] = score
    return found


STANDS = (Expert.submitted_at.is_not(None), Expert.withdrawn_at.is_(None))
WAITS = (Expert.submitted_at.is_(None), Expert.withdrawn_at.is_(None))


def marks_in(scores: dict[int, dict[str, Score]]) -> dict[str, list[str]]:
    """The marks by criterion, without who gave them."""
    marks: dict[str, list[str]] = defaultdict(list)
    for of_expert in scores.values():
        for criterion, score in of_expert.items():
            marks[criterion].append(score.mark)
    return marks


def waiting_for(reader: Person) -> list[Any]:
    """Ideas that wait for this person's marks, as far as they still see them. One query."""
    query = (
        select(Idea.id, Idea.title, Idea.lang, Expert.asked_at)
        .join(Expert, Expert.idea_id == Idea.id)
        .where(Expert.person_id == reader.id, *WAITS, ~authored_by(reader.id), listed_for(reader))
        .order_by(Expert.id)
        .limit(MOST)
    )
    return list(db.session.execute(query).all())


def rated(reader: Person) -> dict[int, tuple[str, str, Marks]]:
    """Ideas with marks, but the reader's own and those they have yet to rate. Two queries."""
    unrated = select(Expert.idea_id).where(Expert.person_id == reader.id, *WAITS)
    query = (
        select(Idea.id, Idea.title, Idea.lang)
        .where(
            Idea.id.in_(select(Expert.idea_id).where(*STANDS)),
            Idea.id.not_in(unrated),
            ~authored_by(reader.id),
            Idea.stage_kind != StageKind.DRAFT,
            listed_for(reader),
        )
        .order_by(Idea.id.desc())
        .limit(MOST)
    )
    ideas = {row.id: row for row in db.session.execute(query)}
    marks: dict[int, dict[str, list[str]]] = {number: defaultdict(list) for number in ideas}
    said = select(Expert.idea_id, Score.criterion, Score.mark).join(
        Score, Score.expert_id == Expert.id
    )
    said = said.where(Expert.idea_id.in_(ideas), *STANDS)
    for number, criterion, mark in db.session.execute(said):
        marks[number][criterion].append(mark)
    return {number: (row.title, row.lang, marks[number]) for number, row in ideas.items()}
