"""The demo's scorecard: one expert has rated an idea, another has not yet."""

from __future__ import annotations

from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db
from forum.demo.content import Content
from forum.ideas.models import Idea
from forum.scorecards import actions


def add(content: Content, ideas: dict[str, Idea]) -> None:
    """Ask the experts that the file names, and submit what it says they said."""
    row = content.scorecard
    moderator, idea = _person(content, row["asked_by"]), ideas[row["idea"]]
    for each in row["experts"]:
        expert = _person(content, each["who"])
        actions.ask(moderator, idea, expert.id)
        if each["marks"] is not None:
            said = {name: actions.Rating(*marks) for name, marks in each["marks"].items()}
            actions.rate(expert, idea, said)


def _person(content: Content, key: str) -> Person:
    row = content.person(key)
    known = Person.email == row["email"] if row["email"] else Person.login == row["login"]
    return db.session.scalars(select(Person).where(known)).one()
