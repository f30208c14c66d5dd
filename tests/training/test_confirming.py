"""Being in a training counts as having read a standard, from the form of its host to its reader."""

from __future__ import annotations

import pytest
import time_machine
from flask import Flask

from tests.standards import standards
from tests.support import make
from tests.training import company as office
from tests.training.company import Company, SignIn


@pytest.fixture
def company(app: Flask) -> Company:
    return office.found(app)


def test_whoever_the_host_notes_is_asked_no_more_and_others_still_are(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    make.person(app, email="host@example.org", department=company.finance)
    came, missed = (make.person(app, department=company.sales) for _turn in range(2))
    moderator = sign_in(company.moderator)
    sent = office.session_fields(company, touches=company.number, confirms="1")
    address = moderator.post("/training/new", sent).headers["Location"]
    for person in (came, missed):
        sign_in(person).post(f"{address}/sign-up")
    assert company.number in sign_in(came).page("/standards/pending").text

    with time_machine.travel(office.in_days(7.6)):
        host = sign_in(company.moderator)
        boxes = host.page(address).all("input", name="came")
        assert {int(box["value"]) for box in boxes} == {came, missed}
        assert host.post(f"{address}/attendance", {"came": [str(came)]}).status_code == 303

        assert company.number not in sign_in(came).page("/standards/pending").text
        assert company.number in sign_in(missed).page("/standards/pending").text
        report = host.page(f"/standards/{company.number}/confirmations").text
        assert "in a training" in report
        host.post(f"{address}/attendance", {})
        assert company.number in sign_in(came).page("/standards/pending").text, "it was a slip"


def test_a_version_that_comes_later_asks_again(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    make.person(app, email="host@example.org")
    came = make.person(app, department=company.sales)
    moderator = sign_in(company.moderator)
    sent = office.session_fields(company, touches=company.number, confirms="1")
    address = moderator.post("/training/new", sent).headers["Location"]
    sign_in(came).post(f"{address}/sign-up")
    with time_machine.travel(office.in_days(7.6)):
        sign_in(company.moderator).post(f"{address}/attendance", {"came": [str(came)]})
        assert company.number not in sign_in(came).page("/standards/pending").text
        both = [company.finance, company.sales]
        standards.rewrite(app, company.number, body=f"{office.BODY}\n\nMore.", departments=both)

        assert company.number in sign_in(came).page("/standards/pending").text
