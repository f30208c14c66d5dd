"""What somebody is told who comes too late, asks for what is none, or leaves a queue."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from forum.accounts.models import Person
from forum.core.db import db, transaction
from tests.support import make
from tests.support.browser import Browser
from tests.training import company as office
from tests.training.company import Company

SignIn = Callable[..., Browser]


@pytest.fixture
def company(app: Flask) -> Company:
    return office.found(app)


def test_a_session_that_was_called_off_meanwhile_says_so_and_keeps_what_was_typed(
    sign_in: SignIn, app: Flask, company: Company
) -> None:
    number, host = office.planned(app, company), sign_in(company.moderator)
    assert host.post(f"/training/{number}/cancel", {"why": "The room burned."}).status_code == 303

    again = host.post(f"/training/{number}/cancel", {"why": "Nobody can come."})
    late = host.post(f"/training/{number}/edit", office.session_fields(company, title="Too late"))

    assert (again.status_code, late.status_code) == (409, 409)
    assert "This session was called off." in again.text
    assert "Nobody can come." in again.text
    assert "Too late" in late.text


def test_who_leaves_the_queue_is_not_told_of_a_seat(
    sign_in: SignIn, app: Flask, company: Company
) -> None:
    number = office.planned(app, company, capacity=1)
    first, second, third = (sign_in(make.person(app)) for _each in range(3))
    for each in (first, second):
        each.post(f"/training/{number}/sign-up")

    def leave(browser: Browser) -> str:
        browser.post(f"/training/{number}/sign-off")
        return browser.get(f"/training/{number}").text

    assert "You are off the waiting list." in leave(second)
    assert "The seat goes to whoever waits." in leave(first)
    assert "You are signed off." not in leave(third)


@pytest.mark.parametrize(
    ("locale", "sent", "said"),
    [
        ("en", {"at": "25:00"}, "Give the time as hours and minutes, such as 10:30."),
        ("ru", {"at": "25:00"}, "Укажите время в часах и минутах, например 10:30."),
        ("en", {"confirms": "1", "touches": ""}, "Name the standards that are to be confirmed."),
        ("ru", {"confirms": "1", "touches": ""}, "Назовите стандарты, ознакомление с которыми"),
    ],
)
def test_what_is_wrong_in_a_plan_is_said_in_words(
    sign_in: SignIn, app: Flask, company: Company, locale: str, sent: dict[str, str], said: str
) -> None:
    make.person(app, email="host@example.org")
    with app.app_context(), transaction():
        db.session.get_one(Person, company.moderator).locale = locale

    answer = sign_in(company.moderator).post(
        "/training/new", office.session_fields(company, **sent)
    )

    assert answer.status_code == 422
    assert said in answer.text
    assert "Not a valid" not in answer.text


def test_only_a_case_is_put_on_an_agenda(sign_in: SignIn, app: Flask, company: Company) -> None:
    case = office.opened(app, company)
    number = office.planned(app, company, departments=[company.sales])
    address, host = f"/training/{number}/agenda", sign_in(company.moderator)

    for other in (f"/map/services/{case}", f"https://forum.example/ideas/{case}", f"x{case}", ""):
        assert host.post(address, {"case": other}).status_code == 422, other
    full = f"https://forum.example/training/cases/{case}?from=mail#learned"
    assert host.post(address, {"case": full}).status_code == 303
