"""What waits for a side's word stands on Home of whoever speaks for it, until they have spoken."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import NamedTuple

import pytest
from flask import Flask
from sqlalchemy import text, update

from forum.accounts.models import Person
from forum.accounts.standin import ready
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.departments.models import Department
from forum.insights.map.waiting import open_ones
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]


class Company(NamedTuple):
    """Two departments, and who speaks for them."""

    it: int
    sales: int
    iris: Browser
    saul: Browser


@pytest.fixture
def company(app: Flask, sign_in: SignIn) -> Company:
    with app.app_context(), transaction():
        save_settings({"modules": ["map"]})
    places = [make.department(app, name) for name in ("IT", "Sales")]
    people = [make.person(app, department=place) for place in places]
    for person, place in zip(people, places, strict=True):
        make.represent(app, person, place)
    return Company(*places, *(sign_in(person) for person in people))


def draw(company: Company, name: str = "Laptops", **fields: str) -> str:
    sent = {"provider": str(company.it), "customer": str(company.sales), "name": name, **fields}
    return company.iris.post("/map/services/new", sent).headers["Location"]


def waiting(browser: Browser) -> list[str]:
    """The services that wait on somebody's Home."""
    page = browser.page("/")
    found = [a["href"] for a in page.all("a") if a.get("href", "").startswith("/map/services/")]
    assert len(found) == len(page.all("li", data_wait="service"))
    return found


def test_a_service_waits_for_the_other_side_until_it_has_spoken(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    address = draw(company)

    assert (waiting(company.iris), waiting(company.saul)) == ([], [address])
    row = company.saul.page("/").one("li", data_wait="service").text
    assert "IT → Sales" in row
    assert "Sales is asked whether it is" in row
    for other in (sign_in(make.person(app, department=company.sales)), sign_in(make.admin(app))):
        assert waiting(other) == []
    company.saul.post(f"{address}/confirm")
    assert waiting(company.saul) == []


def test_a_denied_one_waits_for_who_drew_it_until_both_have_denied(company: Company) -> None:
    address = draw(company)
    company.saul.post(f"{address}/deny", {"why": "We buy our own."})

    assert (waiting(company.iris), waiting(company.saul)) == ([address], [])
    company.iris.post(f"{address}/deny", {"why": "You did not last year."})
    assert (waiting(company.iris), waiting(company.saul)) == ([], [])


def test_it_waits_for_somebody_who_is_a_side_themselves(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    olga = make.person(app, name="Olga Board", kind="board", email="olga@example.org")
    of_person = {"customer": "", "customer_kind": "person", "customer_person": "olga@example.org"}
    address = draw(company, **of_person)

    assert waiting(sign_in(olga)) == [address]
    assert waiting(company.saul) == []


def test_of_a_department_that_was_closed_nothing_waits(app: Flask, company: Company) -> None:
    draw(company)
    with app.app_context(), transaction():
        closed = update(Department).where(Department.id == company.it)
        db.session.execute(closed.values(archived_at=now()))

    assert waiting(company.saul) == []


def test_nothing_waits_while_the_map_is_off(app: Flask, company: Company) -> None:
    draw(company)
    with app.app_context(), transaction():
        save_settings({"modules": []})

    assert waiting(company.saul) == []


@pytest.mark.parametrize("length", [1, 8])
def test_home_shows_five_and_costs_the_same_however_many_wait(
    company: Company,
    queries: Callable[[int], AbstractContextManager[None]],
    length: int,
) -> None:
    for number in range(length):
        draw(company, f"Service {number}")

    assert len(waiting(company.saul)) == min(length, 5)
    for state in ("proposed", "disputed"):
        leads = company.saul.page("/").all("a", href=f"/map/services?state={state}")
        assert len(leads) == (length > 5)
    with queries(10):  # eight of Home; the services, the names of their departments
        company.saul.page("/")


def test_what_is_agreed_on_is_not_looked_through(context: None, database: str) -> None:
    explain = "EXPLAIN QUERY PLAN" if database == "sqlite" else "EXPLAIN"
    if database == "postgresql":
        db.session.execute(text("SET LOCAL enable_seqscan = off"))
    statement, values = ready(open_ones, Person(id=1, kind="staff", role="employee"), (), {})
    waiting = statement.order_by(None).limit(None).params(**values, departments=[1])
    query = waiting.compile(db.engine, compile_kwargs={"literal_binds": True})

    plan = db.session.execute(text(f"{explain} {query}")).all()

    assert "ix_service_open" in str(plan)
