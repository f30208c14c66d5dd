"""A small company to narrow searches in: everything that a filter can be about, each once."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import update

from forum.core.db import db, transaction
from forum.ideas.models import Idea
from forum.search.follower import catch_up
from tests.standards import standards
from tests.support import make

INVOICES, SCANNER, APPROVALS = "Late invoices", "Broken scanner", "Медленные согласования"
RULE = "PS-001 Approvals in three days"
TALK = "A comment"


class Office(NamedTuple):
    """Who is who, by id."""

    finance: int
    it: int
    anna: int
    boris: int


def office(app: Any) -> Office:
    """Three ideas, a standard, comments; two departments and their people."""
    finance = make.department(app, "Finance", slug="finance", code="FIN")
    it = make.department(app, "Отдел ИТ", slug="it", code="IT")
    anna = make.person(app, name="Анна Ёлкина", email="anna@example.org", department=finance)
    boris = make.person(app, name="Boris Smith", email="boris@example.org", department=it)
    make.represent(app, boris, it)
    _invoices(app, anna, it)
    _scanner(app, boris, finance)
    _approvals(app, anna, [it, finance])
    catch_up(app)
    return Office(finance, it, anna, boris)


def _invoices(app: Any, anna: int, it: int) -> None:
    idea = make.idea(app, anna, title=INVOICES, departments=[it], tags=["Paper", "Охрана труда"])
    for _voter in range(3):
        make.vote(app, idea)
    for _number in range(2):
        make.comment(app, idea, body="Seen it too")
    written(app, idea, datetime.fromisoformat("2024-03-05T12:00:00+00:00"))


def _scanner(app: Any, boris: int, finance: int) -> None:
    idea = make.idea(
        app, boris, title=SCANNER, problem="It blinks.", departments=[finance], tags=["Scans"]
    )
    make.decide(app, idea, "decline")
    written(app, idea, datetime.fromisoformat("2025-07-01T12:00:00+00:00"))


def _approvals(app: Any, anna: int, departments: list[int]) -> None:
    idea = make.idea(app, anna, title=APPROVALS, problem="Долго ждём.", departments=departments)
    make.vote(app, idea)
    make.decide(app, idea, owner_id=departments[0])
    number = standards.drafted(app, title="Approvals in three days", departments=departments)
    standards.standardise(app, idea, number)
    standards.publish(app, number)


def written(app: Any, idea: int, at: datetime) -> None:
    """Let an idea have been posted, moved and touched at one moment."""
    with app.app_context(), transaction():
        values = {"posted_at": at, "active_at": at, "stage_since": at}
        db.session.execute(update(Idea).where(Idea.id == idea).values(**values))
