"""A denial: who hears of it, and how it is taken back while nobody has answered."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Forbidden
from forum.departments.models import Department, Service, ServiceChange
from forum.departments.services import actions
from forum.departments.services.saying import Said
from tests.departments.test_services import Company
from tests.support import make

WHY, ANSWER = "We buy them ourselves.", "You did last year."


@pytest.fixture
def company(app: Flask) -> Company:
    return Company(app)


def head(app: Flask, department: int) -> int:
    """Somebody who heads a department, and does not represent it."""
    person = make.person(app)
    lead(app, department, person)
    return person


def lead(app: Flask, department: int, person: int | None) -> None:
    with app.app_context(), transaction():
        where = update(Department).where(Department.id == department)
        db.session.execute(where.values(head_id=person))


def is_now(company: Company, service: int) -> tuple[str, int, str]:
    with company.app.app_context():
        found = db.session.get_one(Service, service)
        return found.state, found.denials, found.why


def last_told(company: Company, service: int) -> dict[str, Any]:
    return company.told(service)[-1][1]


def test_a_head_who_drew_it_is_asked_beside_the_representatives(
    app: Flask, company: Company
) -> None:
    hanna = head(app, company.it)
    service = company.draw(hanna)

    company.do(actions.deny, company.saul, service, WHY)

    assert last_told(company, service) == {"asked": sorted([company.iris, hanna])}
    company.do(actions.deny, company.iris, service, ANSWER)
    assert last_told(company, service) == {"told": sorted([company.saul, hanna])}


def test_who_drew_it_and_speaks_for_it_no_more_is_told_and_not_asked(
    app: Flask, company: Company
) -> None:
    hanna = head(app, company.it)
    service = company.draw(hanna)
    lead(app, company.it, None)

    company.do(actions.deny, company.saul, service, WHY)

    assert last_told(company, service) == {"asked": [company.iris], "told": [hanna]}


def test_a_head_who_denied_it_hears_what_the_other_side_says(app: Flask, company: Company) -> None:
    greta = head(app, company.sales)
    service = company.draw(company.iris)
    company.do(actions.deny, greta, service, WHY)

    company.do(actions.correct, company.iris, service, Said("Phones"))
    assert last_told(company, service) == {"asked": sorted([company.saul, greta])}
    company.do(actions.confirm, company.saul, service)
    assert last_told(company, service) == {"told": sorted([company.iris, company.saul])}


def test_who_had_drawn_what_is_agreed_on_is_not_told_of_later_corrections(
    app: Flask, company: Company
) -> None:
    hanna = head(app, company.it)
    service = company.draw(hanna)
    company.do(actions.confirm, company.saul, service)

    company.do(actions.correct, company.saul, service, Said("Phones"))

    assert last_told(company, service) == {"asked": [company.iris]}


def test_a_slip_is_taken_back_and_the_question_comes_anew(app: Flask, company: Company) -> None:
    service = company.draw(company.iris)
    company.do(actions.deny, company.saul, service, WHY)

    for _twice in range(2):
        company.do(actions.take_denial_back, company.saul, service)

    assert is_now(company, service) == ("proposed", 0, "")
    assert company.state(service) == ("proposed", "customer")
    assert company.told(service)[2:] == [
        ("service.denial-taken-back", {"asked": [company.saul]}),
    ]
    company.do(actions.deny, company.saul, service, "Of others.")
    assert is_now(company, service) == ("disputed", 1, "Of others.")
    with app.app_context():
        rows = db.session.query(ServiceChange.what).order_by(ServiceChange.id)
        assert [row[0] for row in rows] == ["drawn", "denied", "undenied", "denied"]


def test_a_denial_of_a_denial_is_taken_back_likewise(app: Flask, company: Company) -> None:
    hanna, greta = head(app, company.it), head(app, company.sales)
    service = company.draw(hanna)
    company.do(actions.deny, greta, service, WHY)
    company.do(actions.deny, company.iris, service, ANSWER)

    company.do(actions.take_denial_back, company.iris, service)

    assert is_now(company, service) == ("disputed", 1, WHY)
    assert company.state(service) == ("disputed", "provider")
    assert last_told(company, service) == {"asked": sorted([company.iris, hanna])}
    company.do(actions.deny, company.iris, service, "No.")
    assert last_told(company, service) == {"told": sorted([company.saul, greta, hanna])}


@pytest.mark.parametrize(
    ("answer", "rest"),
    [("deny", (ANSWER,)), ("correct", (Said("Phones"),)), ("end", ()), ("confirm", ())],
)
def test_once_answered_a_denial_is_not_taken_back(
    company: Company, answer: str, rest: tuple[Any, ...]
) -> None:
    service = company.draw(company.iris)
    company.do(actions.deny, company.saul, service, WHY)
    by = company.moderator if answer == "confirm" else company.iris
    company.do(getattr(actions, answer), by, service, *rest)
    before = is_now(company, service)

    with pytest.raises(Conflict, match="answered since"):
        company.do(actions.take_denial_back, company.saul, service)

    assert is_now(company, service) == before


def test_an_owner_who_is_named_meanwhile_answers_nothing(app: Flask, company: Company) -> None:
    service = company.draw(company.iris)
    company.do(actions.deny, company.saul, service, WHY)
    with app.app_context():
        get = db.session.get_one
        person = get(Person, company.iris)
        actions.name_owner(person, get(Service, service), "provider", person)

    company.do(actions.take_denial_back, company.saul, service)

    assert is_now(company, service) == ("proposed", 0, "")


def test_only_who_said_it_takes_it_back_while_they_speak_for_that_side(
    app: Flask, company: Company
) -> None:
    greta = head(app, company.sales)
    service = company.draw(company.iris)
    company.do(actions.deny, greta, service, WHY)

    for other in (company.iris, company.saul, company.moderator):
        with pytest.raises(Forbidden):
            company.do(actions.take_denial_back, other, service)
    lead(app, company.sales, None)
    with pytest.raises(Forbidden):
        company.do(actions.take_denial_back, greta, service)

    assert is_now(company, service) == ("disputed", 1, WHY)
