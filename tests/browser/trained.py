"""Pages of cases and training sessions."""

from __future__ import annotations

from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db
from forum.training.cases import actions as cases
from forum.training.models import Case
from tests.browser.stops import Stop


def training() -> list[Stop]:
    """Cases and sessions of the demo: the first was, the second comes with a waiting list."""
    case, session = "/training/cases/<int:case_id>", "/training/<int:training_id>"
    return [
        Stop("/training", "/training", "anna"),
        Stop("/training/new", "/training/new", "moderator"),
        Stop("/training/record", "/training/record", "anna"),
        Stop("/training/cases", "/training/cases", "anna"),
        Stop("/training/cases/new", "/training/cases/new", "moderator"),
        Stop(case, "/training/cases/1", "anna"),
        Stop(f"{case}/edit", f"/training/cases/{_case_in_work()}/edit", "moderator"),
        Stop(session, "/training/1", "moderator"),
        Stop(session, "/training/2", "moderator"),
        Stop(session, "/training/2", "anna"),
        Stop(f"{session}/edit", "/training/2/edit", "moderator"),
    ]


def _case_in_work() -> int:
    """A case that is taken back to be changed, and the page of those it asks."""
    moderator = db.session.scalars(
        select(Person).where(Person.email == "moderator@demo.example")
    ).one()
    case = db.session.get_one(Case, 3)
    cases.take_back(moderator, case)
    return case.id
