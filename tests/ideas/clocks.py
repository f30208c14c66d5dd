"""Moving clocks in tests: by their rows, never by waiting."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import select, update

from forum.accounts.models import Person
from forum.core.calendar import add_working_days, company_day
from forum.core.db import db, transaction
from forum.core.events import Event
from forum.ideas import asking, clock
from forum.ideas.answers import slot_for
from forum.ideas.models import Answer, Idea

A_WEDNESDAY = "2026-11-18 12:00"
"""A moment for what counts working days from now: from a weekend they lead to other days."""


def slot(app: Flask, idea: int, department: int) -> Answer:
    """A department's slot as it is now."""
    with app.app_context():
        query = select(Answer).where(Answer.idea_id == idea, Answer.department_id == department)
        found: Answer = db.session.scalars(query).one()
        return found


def change(app: Flask, idea: int, department: int, **values: Any) -> None:
    """Other values in a slot's row."""
    with app.app_context(), transaction():
        which = (Answer.idea_id == idea, Answer.department_id == department)
        db.session.execute(update(Answer).where(*which).values(**values))


def due_in(app: Flask, idea: int, department: int, days: int, **values: Any) -> date:
    """Give a slot a last day so many working days from today, or before it; that day."""
    with app.app_context():
        due_on = add_working_days(company_day(), days)
        nudge_on = clock.next_nudge(due_on, 10, values.get("nudged", 0))
    change(app, idea, department, due_on=due_on, nudge_on=nudge_on, **values)
    return due_on


def escalate(app: Flask, idea: int, department: int, days: int = 3) -> date:
    """Let a slot's time have passed, and its department's head have been asked."""
    return due_in(app, idea, department, -days, nudged=clock.TO_THE_HEAD)


def nudge(app: Flask, on: date) -> int:
    """Send what is due up to a day."""
    with app.app_context():
        return clock.nudge(on)


def events(app: Flask, *types: str) -> list[Event]:
    """The events of some types, oldest first."""
    with app.app_context():
        query = select(Event).where(Event.type.in_(types)).order_by(Event.id)
        return list(db.session.scalars(query))


def ask_author(app: Flask, idea: int, department: int, person: int, question: str = "Why?") -> int:
    """A department's question to the author; the comment's id."""
    with app.app_context():
        someone, target = db.session.get_one(Person, person), db.session.get_one(Idea, idea)
        asked = slot_for(someone, target, department)
        return asking.ask_author(someone, target, asked, question=question)
