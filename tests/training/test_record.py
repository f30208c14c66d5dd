"""Who is trained in what: shares that tell of nobody, whoever comes or goes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import time_machine
from flask import Flask

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db, transaction
from tests.support import make
from tests.support.browser import Browser
from tests.training import company as office
from tests.training.company import Company
from tests.training.test_meeting import come, note

SignIn = Callable[..., Browser]


@pytest.fixture
def company(app: Flask) -> Company:
    return office.found(app)


def leave(app: Flask, person: int, *, back: bool = False) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Person, person).deactivated_at = None if back else now()


def test_who_leaves_does_not_tell_whether_they_were_trained(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    people = [make.person(app, department=company.sales) for _turn in range(11)]
    people.append(company.for_sales)
    number = office.planned(app, company, capacity=20, standards=company.number)
    come(app, number, people[:5])
    with time_machine.travel(office.in_days(7.1)):
        note(app, company.moderator, number, people[:5])
    reader = sign_in(company.for_finance)

    def told() -> str:
        return reader.get("/training/record.csv").text

    before = told()
    assert "about 40" in before
    for person in (people[0], people[10]):
        leave(app, person)
        assert told() == before, "neither of somebody who came nor of somebody who did not"
        leave(app, person, back=True)


def test_the_next_session_of_a_department_tells_it_as_it_is_then(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    people = [make.person(app, department=company.sales) for _turn in range(12)]
    number = office.planned(app, company, capacity=20, standards=company.number)
    come(app, number, people[:6])
    reader = sign_in(company.for_finance)
    with time_machine.travel(office.in_days(7.1)):
        note(app, company.moderator, number, people[:6])
        assert "about 50" in reader.get("/training/record.csv").text
        for person in people[:6]:
            leave(app, person)

        later = office.planned(
            app, company, capacity=20, standards=company.number, at_moment=office.in_days(1)
        )
        come(app, later, people[6:7])
    with time_machine.travel(office.in_days(8.2)):
        note(app, company.moderator, later, people[6:7])

    assert "fewer than five" in reader.get("/training/record.csv").text


def test_a_session_to_which_nobody_came_moves_no_share(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    people = [make.person(app, department=company.sales) for _turn in range(12)]
    number = office.planned(app, company, capacity=20, standards=company.number)
    come(app, number, people[:5])
    reader = sign_in(company.for_finance)
    with time_machine.travel(office.in_days(7.1)):
        note(app, company.moderator, number, people[:5])
        before = reader.get("/training/record.csv").text
        leave(app, people[0])
        later = office.planned(
            app, company, capacity=20, standards=company.number, at_moment=office.in_days(1)
        )
        come(app, later, people[6:7])
    with time_machine.travel(office.in_days(8.2)):
        note(app, company.moderator, later, [])
        note(app, company.moderator, number, people[:5])

    assert "about" in before
    assert reader.get("/training/record.csv").text == before
