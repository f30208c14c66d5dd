"""A case leads on: to its standard, services and sessions, and says how it ended there."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from forum.core.db import db, transaction
from forum.standards.clauses.models import Clause
from forum.standards.models import Standard
from forum.training.models import AgendaItem, Session
from tests.support import make
from tests.training import company as office
from tests.training.company import Company, SignIn


@pytest.fixture
def company(app: Flask) -> Company:
    return office.found(app)


def settled(app: Flask, sign_in: SignIn, company: Company, session: int, **sent: str) -> None:
    """Let the host end the only case of a session."""
    with app.app_context():
        query = select(AgendaItem.id).where(AgendaItem.session_id == session)
        number = db.session.scalars(query).one()
    with time_machine.travel(office.in_days(7.01)):
        host = sign_in(company.moderator)
        assert host.post(f"/training/{session}/agenda/{number}/outcome", sent).status_code == 303


def clause_of(app: Flask, company: Company) -> int:
    query = select(Clause.id).join(Standard, Standard.id == Clause.standard_id)
    query = query.where(Standard.number == company.number, Clause.key == 2)
    with app.app_context():
        return db.session.scalars(query).one()


def test_it_names_the_standard_beside_the_clause(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    with app.app_context():
        title = db.session.scalars(
            select(Standard.title).where(Standard.number == company.number)
        ).one()
    case = office.opened(app, company)

    page = sign_in(make.person(app)).page(f"/training/cases/{case}")

    link = page.one("a", href=f"/standards/{company.number}#clause-2")
    assert link.text == f"{company.number} {title}: Promises"


def test_its_services_lead_to_the_map_while_that_is_on(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    service = make.service(app, company.finance, company.sales, "Payments")
    case = office.opened(app, company, services=[service])
    reader, address = sign_in(make.person(app)), f"/training/cases/{case}"

    assert "Finance → Sales: Payments" in reader.page(address).text
    assert "/map/" not in reader.get(address).text
    office.switch(app, "training", "map")

    link = reader.page(address).one("a", href=f"/map/services/{service}")
    assert link.text == "Finance → Sales: Payments"


@pytest.mark.parametrize(
    ("outcome", "told"),
    [("idea", "A new idea — Ask earlier."), ("clarify", "A clause is to be clearer: PS-001:2")],
)
def test_it_tells_the_sessions_it_was_in_and_how_it_ended(
    app: Flask, sign_in: SignIn, company: Company, outcome: str, told: str
) -> None:
    case = office.opened(app, company)
    session = office.planned(app, company)
    reader, address = sign_in(make.person(app)), f"/training/cases/{case}"

    line = reader.page(address).one("li", data_session=session)
    assert line.text.startswith("Learning from invoices")
    assert "A new idea" not in line.text
    chosen = {"clause": str(clause_of(app, company))} if outcome == "clarify" else {}
    settled(app, sign_in, company, session, outcome=outcome, note="Ask earlier.", **chosen)

    page = reader.page(address)
    assert told in " ".join(page.one("li", data_session=session).text.split())
    assert page.all("a", href=f"/training/{session}")


def test_a_session_that_was_called_off_or_left_it_out_is_not_told(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    case = office.opened(app, company)
    off, without = office.planned(app, company), office.planned(app, company)
    with app.app_context(), transaction():
        db.session.get_one(Session, off).cancelled_at = office.in_days(0)
        query = select(AgendaItem).where(AgendaItem.session_id == without)
        db.session.scalars(query).one().dropped = True

    page = sign_in(make.person(app)).page(f"/training/cases/{case}")

    assert not page.all("li", data_session=True)


def test_a_case_that_not_everybody_reads_tells_no_session(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    case = office.drafted(app, company)

    page = sign_in(company.moderator).page(f"/training/cases/{case}")

    assert "In training sessions" not in page.text


@pytest.mark.parametrize("sessions", [1, 4])
def test_it_costs_the_same_however_many_sessions_it_was_in(
    app: Flask, sign_in: SignIn, queries: Any, company: Company, sessions: int
) -> None:
    case = office.opened(app, company)
    for _turn in range(sessions):
        office.planned(app, company)
    reader = sign_in(make.person(app))

    # Who reads, for whom they answer; the case, its words and departments, whether it is theirs to
    # check; its standards and clauses, services, sessions and ideas.
    with queries(10):
        page = reader.page(f"/training/cases/{case}")

    assert len(page.all("li", data_session=True)) == sessions
