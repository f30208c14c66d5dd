"""Cases come of thank-yous and closed disputes too, and praise of a case becomes a thank-you."""

from __future__ import annotations

from pathlib import Path

import pytest
import time_machine
from flask import Flask

from forum.core.db import db, transaction
from forum.departments.models import Department, Service, ServiceChange
from forum.departments.services.history import remember
from forum.thanks.models import Thanks, ThanksTo
from tests.admin.exported import moved
from tests.support import make
from tests.support.browser import Browser
from tests.support.forums import Prepared
from tests.training import company as office
from tests.training.company import Company, SignIn
from tests.training.test_meeting import settle

WORDS = "You paid on the very same day."


@pytest.fixture
def company(app: Flask) -> Company:
    made = office.found(app)
    office.switch(app, "training", "thanks", "map")
    return made


def thank(browser: Browser, company: Company, **more: object) -> int:
    """Say thank you to Finance; its number."""
    sent = {"to": f"department-{company.finance}", "why": WORDS, "audience": "company", **more}
    answer = browser.post("/thanks/new", sent)
    assert answer.status_code == 303, answer.text[:2000]
    return int(answer.headers["Location"].rpartition("/")[2])


def beginnings(browser: Browser, address: str) -> list[str]:
    """The links of a page at which a case is begun."""
    links = [str(a.get("href", "")) for a in browser.page(address).all("a")]
    return [link for link in links if "/training/cases/new?from=" in link]


def checked(browser: Browser, link: str, name: str) -> set[int]:
    """What is chosen in the form that a link begins."""
    boxes = browser.page(link).all("input", name=name)
    return {int(box["value"]) for box in boxes if "checked" in box}


def test_a_thank_you_becomes_a_case_without_who_said_it(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    person = make.person(app, name="Vera Grateful", department=company.sales)
    number = thank(sign_in(person), company, **{"for": ""})
    moderator = sign_in(company.moderator)

    [link] = beginnings(moderator, f"/thanks/{number}")

    form = moderator.page(link)
    assert form.one("textarea", id="happened").text.strip() == WORDS
    assert "Vera" not in form.text
    assert checked(moderator, link, "departments") == {company.finance, company.sales}
    assert beginnings(sign_in(person), f"/thanks/{number}") == [], "who may write no case"


def test_a_private_thank_you_is_no_case(app: Flask, sign_in: SignIn, company: Company) -> None:
    person = make.person(app, department=company.sales)
    number = thank(sign_in(person), company, audience="private")
    head = sign_in(company.for_finance)

    assert beginnings(head, f"/thanks/{number}") == []
    assert WORDS not in head.page(f"/training/cases/new?from=thanks:{number}").text
    office.switch(app, "thanks")
    public = thank(sign_in(person), company)
    assert beginnings(sign_in(company.moderator), f"/thanks/{public}") == []


def test_a_department_that_is_gone_is_not_filled_in(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    gone = make.department(app, "Gone")
    number = thank(sign_in(make.person(app, department=gone)), company)
    with app.app_context(), transaction():
        db.session.get_one(Department, gone).archived_at = make.ago(days=1)
    moderator = sign_in(company.moderator)

    assert checked(moderator, f"/training/cases/new?from=thanks:{number}", "departments") == {
        company.finance
    }


def dispute(app: Flask, service_id: int, state: str, why: str = "") -> int:
    """A service is in a state from now on; the row of its history."""
    with app.app_context(), transaction():
        service = db.session.get_one(Service, service_id)
        service.state, service.why = state, why
        remember(None, service, "denied" if state == "disputed" else state)
        return db.session.query(ServiceChange).order_by(ServiceChange.id.desc()).first().id


def test_a_dispute_becomes_a_case_once_it_is_closed(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    service = make.service(app, company.finance, company.sales, name="Paying invoices")
    moderator, address = sign_in(company.moderator), f"/map/services/{service}"
    assert beginnings(moderator, address) == []
    denied = dispute(app, service, "disputed", why="Sales pays them itself.")
    assert beginnings(moderator, address) == []
    dispute(app, service, "confirmed")

    [link] = beginnings(moderator, address)

    assert link.endswith(f"from=dispute:{denied}")
    form = moderator.page(link)
    assert form.one("textarea", id="happened").text.strip() == "Sales pays them itself."
    assert checked(moderator, link, "departments") == {company.finance, company.sales}
    assert checked(moderator, link, "services") == {service}
    assert beginnings(sign_in(make.person(app)), address) == []


def praised(app: Flask, sign_in: SignIn, company: Company) -> tuple[int, str]:
    """A session ends a case with praise; the case and where that leads."""
    case = office.opened(app, company)
    number, host = office.planned(app, company), sign_in(company.moderator)
    with time_machine.travel(office.in_days(7.01)):
        sent = {"outcome": "praise", "note": "They asked first."}
        answer = settle(host, app, number, case, **sent)
        assert answer.status_code == 303
        page = host.page(f"/training/{number}")
        links = [str(a.get("href", "")) for a in page.all("a")]
        assert answer.headers["Location"] in links
        others = sign_in(make.person(app)).page(f"/training/{number}").all("a")
        assert f"/thanks/new?for=case-{case}" in [a.get("href") for a in others], "in own words"
    return case, answer.headers["Location"]


def test_praise_begins_a_thank_you_for_the_case(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    case, address = praised(app, sign_in, company)
    assert address.startswith(f"/thanks/new?for=case-{case}")
    host = sign_in(company.moderator)

    form = host.page(address)
    assert form.one("textarea", id="why").text.strip() == "They asked first."
    boxes = [box["value"] for box in form.all("input", name="to") if "checked" in box]
    assert boxes == [f"department-{each}" for each in (company.finance, company.sales)]
    sent = {"to": boxes, "why": "They asked first.", "audience": "company", "for": f"case-{case}"}
    said = host.post("/thanks/new", sent).headers["Location"]

    reader = sign_in(make.person(app))
    assert "The invoice that waited" in reader.page(said).text
    sign_in(company.moderator).post(f"/training/cases/{case}/take-back")
    assert reader.get(said).status_code == 404, "nobody reads what it is for"


def test_without_the_module_of_thanks_praise_is_noted(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    office.switch(app, "training")
    case = office.opened(app, company)
    number, host = office.planned(app, company), sign_in(company.moderator)

    with time_machine.travel(office.in_days(7.01)):
        answer = settle(host, app, number, case, outcome="praise")

    assert answer.headers["Location"] == f"/training/{number}#agenda"


def test_a_thank_you_for_a_case_comes_along(
    app: Flask, sign_in: SignIn, prepared: Prepared, company: Company, tmp_path: Path
) -> None:
    case = office.opened(app, company)
    person = make.person(app, department=company.sales)
    thank(sign_in(person), company, **{"for": f"case-{case}"})
    with app.app_context():
        [row] = db.session.query(Thanks).all()
        assert (row.subject_kind, row.subject_id) == ("case", case)
        assert db.session.query(ThanksTo).count() == 1

    files = moved(app, prepared, tmp_path)

    assert '"thanks-case"' in files["records.jsonl"]
