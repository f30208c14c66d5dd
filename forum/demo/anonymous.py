"""The demo's idea without a name, of which a department has asked something."""

from __future__ import annotations

from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db
from forum.demo.content import Content
from forum.departments.models import Department
from forum.ideas import asking
from forum.ideas.actions import word
from forum.ideas.anonymous import posting, queries, relay
from forum.ideas.anonymous.models import Level
from forum.ideas.answers import slot_for


def add(content: Content) -> None:
    """Post it as nobody's, ask as the file says, and answer through the relay."""
    row = content.anonymous
    here = select(Department.id).where(Department.slug.in_(row["departments"]))
    asked = list(db.session.scalars(here))
    said = {name: row[name] for name in ("title", "problem", "proposal")}
    author, asking_one = (_person(content, row[who]) for who in ("who", "asked_by"))
    idea = posting.post(author, word(**said, departments=asked), Level.NOBODY).idea
    slot = slot_for(asking_one, idea, asked[0])
    asking.ask_author(asking_one, idea, slot, question=row["question"])
    relay.answer(idea, queries.questions_of(idea)[0].id, row["answer"])


def _person(content: Content, key: str) -> Person:
    email = content.person(key)["email"]
    return db.session.scalars(select(Person).where(Person.email == email)).one()
