"""What the tests of training make again and again: two departments, a promise, cases, sessions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.training.cases import actions as cases
from forum.training.models import Case, Seat, Session
from forum.training.sessions import actions as sessions
from forum.training.sessions import seats
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
BODY = (
    "## Purpose\n\nPay.\n\n## Promises\n\n| Who | Promises | To whom |\n|---|---|---|\n"
    "| Finance | Pays | Sales |"
)


@dataclass(frozen=True, slots=True)
class Company:
    """Finance promises Sales to pay; each has somebody who answers for it."""

    finance: int
    sales: int
    for_finance: int
    for_sales: int
    moderator: int
    number: str


def switch(app: Flask, *modules: str) -> None:
    """These modules are on, and no others."""
    with app.app_context(), transaction():
        save_settings({"modules": list(modules)})


def found(app: Flask) -> Company:
    """The company, with training switched on."""
    switch(app, "training")
    finance, sales = make.department(app, "Finance"), make.department(app, "Sales")
    people = [make.person(app, department=place) for place in (finance, sales)]
    for person, place in zip(people, (finance, sales), strict=True):
        make.represent(app, person, place)
    moderator = make.moderator(app)
    number = standards.in_force(app, body=BODY, departments=[finance, sales])
    return Company(finance, sales, *people, moderator, number)


def fields(company: Company, **more: Any) -> dict[str, Any]:
    """A whole case as its form sends it."""
    return {
        "title": "The invoice that waited",
        "situation": "An invoice came at the end of the month.",
        "happened": "It was paid three weeks later.",
        "learned": "Ask for the number of the order first.",
        "departments": [company.finance, company.sales],
        "touches": f"{company.number}:2",
        **more,
    }


def drafted(app: Flask, company: Company, by: int | None = None, **more: Any) -> int:
    """A draft; its id."""
    sent = fields(company, **more)
    with app.app_context():
        writer = db.session.get_one(Person, by or company.moderator)
        wanted = cases.Wanted(month=sent.pop("month", None), **sent)
        return cases.draft(writer, wanted).id


def send(app: Flask, company: Company, case_id: int) -> None:
    """Have a draft checked."""
    with app.app_context():
        moderator = db.session.get_one(Person, company.moderator)
        cases.send(moderator, db.session.get_one(Case, case_id))


def check(app: Flask, person: int, case_id: int, place: int, *, note: str = "") -> None:
    """Let somebody say that it is right, or with a note what should change."""
    with app.app_context():
        case = db.session.get_one(Case, case_id)
        someone = db.session.get_one(Person, person)
        cases.check(someone, case, place, fine=not note, note=note)


def opened(app: Flask, company: Company, **more: Any) -> int:
    """A case that both departments found right; its id."""
    number = drafted(app, company, **more)
    send(app, company, number)
    check(app, company.for_finance, number, company.finance)
    check(app, company.for_sales, number, company.sales)
    return number


def in_days(days: float) -> Any:
    """A moment some days from now."""
    return now() + timedelta(days=days)


def planned(app: Flask, company: Company, by: int | None = None, **more: Any) -> int:
    """A session of both departments in a week; its id."""
    at = more.pop("at_moment", in_days(7))
    with app.app_context():
        host = db.session.get_one(Person, by or company.moderator)
        wanted = {
            "title": "Learning from invoices",
            "on": at.date(),
            "at": at.time(),
            "minutes": 60,
            "place": "Room 2",
            "capacity": 2,
            "host_id": host.id,
            "departments": [company.finance, company.sales],
            **more,
        }
        return sessions.plan(host, sessions.Wanted(**wanted)).id


def session_fields(company: Company, **more: Any) -> dict[str, Any]:
    """A session as its form sends it."""
    return {
        "title": "Learning from invoices",
        "on": in_days(7).date().isoformat(),
        "at": "10:30",
        "minutes": "60",
        "place": "Room 2",
        "capacity": "2",
        "host": "host@example.org",
        "departments": [company.finance, company.sales],
        **more,
    }


def places(app: Flask, session_id: int) -> dict[int, str]:
    """Who sits in a session and who waits, in the order of signing up."""
    with app.app_context():
        rows = db.session.scalars(
            select(Seat).where(Seat.session_id == session_id).order_by(Seat.id)
        )
        return {row.person_id: "waiting" if row.waiting else "seat" for row in rows}


def sign_up(app: Flask, person: int, number: int) -> None:
    """Let somebody take a seat or wait for one."""
    with app.app_context():
        session = db.session.get_one(Session, number)
        seats.sign_up(db.session.get_one(Person, person), session)
