"""A case is told without names, checked by both departments, and only then everybody's to read."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from flask import Flask

from forum.core.db import db, transaction
from forum.core.errors import Conflict, Forbidden, Invalid
from forum.core.site import save_settings
from forum.standards.kept.models import PromiseMark
from forum.training.models import Case
from tests.support import make
from tests.support.browser import Browser
from tests.training import company as office
from tests.training.company import Company, SignIn


@pytest.fixture
def company(app: Flask) -> Company:
    return office.found(app)


def state(app: Flask, case_id: int) -> str:
    with app.app_context():
        return db.session.get_one(Case, case_id).state


def test_a_module_that_is_off_has_no_page_and_no_link(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    number, browser = office.opened(app, company), sign_in(company.moderator)
    assert "/training" in browser.get("/ideas").text
    office.switch(app)

    for address in ("/cases", "/cases/new", f"/cases/{number}", f"/cases/{number}/edit"):
        assert browser.get(f"/training{address}").status_code == 404
    assert "/training" not in browser.get("/ideas").text
    assert state(app, number) == "open", "what there is, is kept"


def broken(app: Flask, sign_in: SignIn, company: Company, note: str) -> Browser:
    """Somebody of Sales finds the promise broken."""
    teller = sign_in(make.person(app, name="Vera Teller", department=company.sales))
    sent = {"clause": "2", "kept": "0", "note": note}
    assert teller.post(f"/standards/{company.number}/kept", sent).status_code == 303
    return teller


def test_a_breach_becomes_a_case_that_forgets_who_reported_it(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    teller = broken(app, sign_in, company, "Nobody paid for weeks.")
    browser = sign_in(company.moderator)
    page = browser.page(f"/standards/{company.number}/kept")
    [link] = [a["href"] for a in page.all("a") if "/training/cases/new" in a.get("href")]

    form = browser.page(link)
    assert "Nobody paid for weeks." in form.text
    assert "Vera" not in form.text
    boxes = form.all("input", name="departments")
    sides = {int(box["value"]) for box in boxes if "checked" in box}
    assert sides == {company.finance, company.sales}, "who promised, and who was served"
    origin = form.one("input", name="origin")["value"]
    made = browser.post("/training/cases/new", office.fields(company, origin=origin))
    number = int(made.headers["Location"].rpartition("/")[2])
    with app.app_context():
        mark = db.session.query(PromiseMark).one()
        case = db.session.get_one(Case, number)
        assert (case.origin_kind, case.origin_id) == ("breach", mark.id)
    office.send(app, company, number)
    office.check(app, company.for_finance, number, company.finance)
    office.check(app, company.for_sales, number, company.sales)

    with app.app_context():
        case = db.session.get_one(Case, number)
        assert (case.state, case.origin_kind, case.origin_id) == ("open", "", None)
    assert teller.get(f"/training/cases/{number}").status_code == 200
    assert teller.get(link).status_code == 404, "breaches are for moderators and the owner"


def test_nobody_but_its_writer_reads_a_draft_and_nobody_but_the_departments_what_is_checked(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    number = office.drafted(app, company)
    readers = {
        "moderator": sign_in(company.moderator),
        "finance": sign_in(company.for_finance),
        "colleague": sign_in(make.person(app, department=company.finance)),
        "board": sign_in(make.person(app, kind="board")),
        "guest": sign_in(make.person(app, kind="consultant", attached=[company.finance])),
    }

    def who_reads() -> list[str]:
        address = f"/training/cases/{number}"
        return [n for n, b in readers.items() if b.get(address).status_code == 200]

    assert who_reads() == ["moderator"]
    office.send(app, company, number)
    assert who_reads() == ["moderator", "finance"]
    office.check(app, company.for_finance, number, company.finance)
    office.check(app, company.for_sales, number, company.sales)
    assert who_reads() == ["moderator", "finance", "colleague", "board"]
    lists = {n: "invoice that waited" in b.get("/training/cases").text for n, b in readers.items()}
    assert [n for n, shown in lists.items() if shown] == who_reads()


def test_names_have_to_go_or_be_confirmed(app: Flask, sign_in: SignIn, company: Company) -> None:
    make.person(app, name="Пётр Петров")
    make.person(app, name="Anna Schmidt")
    told = "Счёт лежал у Петрова, Schmidt wrote to anna@example.org. The Board knew."
    number = office.drafted(app, company, happened=told)
    browser = sign_in(company.moderator)

    page = browser.page(f"/training/cases/{number}")
    assert [mark.text for mark in page.all("mark")] == ["Петрова", "Schmidt", "anna@example.org"]
    sent = browser.post(f"/training/cases/{number}/send")
    assert sent.headers["Location"].endswith("/edit")
    assert state(app, number) == "draft"

    form = browser.page(f"/training/cases/{number}/edit")
    boxes = [box["value"] for box in form.all("input", name="confirmed")]
    edited = office.fields(company, happened=told, confirmed=boxes, revision="1")
    assert browser.post(f"/training/cases/{number}/edit", edited).status_code == 303
    browser.post(f"/training/cases/{number}/send")
    assert state(app, number) == "checking"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", ""),
        ("departments", []),
        ("departments", [987654]),
        ("services", [987654]),
        ("touches", "PS-999"),
        ("touches", "PS-001:99"),
        ("happened", "Ask @[Somebody](person:1)"),
        ("month", "2999-01"),
    ],
)
def test_a_case_that_cannot_be_is_refused(
    sign_in: SignIn, company: Company, name: str, value: Any
) -> None:
    answer = sign_in(company.moderator).post(
        "/training/cases/new", office.fields(company, **{name: value})
    )

    assert answer.status_code == 422
    assert 'class="error"' in answer.text


def test_a_month_begins_by_the_clocks_of_the_company(app: Flask, company: Company) -> None:
    with app.app_context(), transaction():
        save_settings({"time_zone": "Pacific/Kiritimati"})

    with time_machine.travel("2031-05-31T12:00:00+00:00"):
        number = office.drafted(app, company, month=date(2031, 6, 1))

    with app.app_context():
        assert db.session.get_one(Case, number).month == date(2031, 6, 1)


def test_a_text_that_is_missing_is_not_checked(app: Flask, company: Company) -> None:
    number = office.drafted(app, company, learned="")

    with pytest.raises(Invalid):
        office.send(app, company, number)


def test_a_wish_for_a_change_makes_it_a_draft_and_the_next_round_begins_anew(
    app: Flask, company: Company
) -> None:
    number = office.drafted(app, company)
    office.send(app, company, number)
    office.check(app, company.for_finance, number, company.finance)
    office.check(app, company.for_sales, number, company.sales, note="It was two weeks.")
    assert state(app, number) == "draft"

    office.send(app, company, number)
    office.check(app, company.for_sales, number, company.sales)
    assert state(app, number) == "checking", "Finance has to look at the new wording"


def test_one_person_checks_for_one_department_and_strangers_for_none(
    app: Flask, company: Company
) -> None:
    make.represent(app, company.for_finance, company.sales)
    number = office.drafted(app, company)
    office.send(app, company, number)
    office.check(app, company.for_finance, number, company.finance)

    with pytest.raises(Forbidden):
        office.check(app, company.for_finance, number, company.sales)
    with pytest.raises(Forbidden):
        office.check(app, company.moderator, number, company.sales)
    with pytest.raises(Forbidden):
        office.check(app, make.person(app), number, company.sales)


def test_a_writer_does_not_check_alone(app: Flask, company: Company) -> None:
    number = office.drafted(
        app, company, by=company.for_finance, departments=[company.finance], touches=""
    )
    office.send(app, company, number)

    with pytest.raises(Forbidden):
        office.check(app, company.for_finance, number, company.finance)


def test_where_nobody_answers_a_moderator_checks(app: Flask, company: Company) -> None:
    empty = make.department(app, "Archive")
    number = office.drafted(
        app, company, by=company.for_finance, departments=[company.finance, empty], touches=""
    )
    office.send(app, company, number)
    office.check(app, company.for_finance, number, company.finance)

    office.check(app, company.moderator, number, empty)

    assert state(app, number) == "open"


def test_two_who_write_at_once_do_not_overwrite_each_other(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    number, browser = office.drafted(app, company), sign_in(company.moderator)
    address = f"/training/cases/{number}/edit"
    first = browser.post(address, office.fields(company, title="First", revision="1"))
    second = browser.post(address, office.fields(company, title="Second", revision="1"))

    assert (first.status_code, second.status_code) == (303, 409)
    assert "Second" in second.text


def test_what_was_taken_back_is_not_checked(app: Flask, sign_in: SignIn, company: Company) -> None:
    number = office.drafted(app, company)
    office.send(app, company, number)
    sign_in(company.moderator).post(f"/training/cases/{number}/take-back")

    with pytest.raises((Conflict, Forbidden)):
        office.check(app, company.for_finance, number, company.finance)
    assert sign_in(company.for_finance).get(f"/training/cases/{number}").status_code == 404


@pytest.mark.parametrize(("who", "status"), [("employee", 404), ("finance", 200), ("board", 404)])
def test_who_writes_cases(
    app: Flask, sign_in: SignIn, company: Company, who: str, status: int
) -> None:
    person = {
        "employee": lambda: make.person(app),
        "finance": lambda: company.for_finance,
        "board": lambda: make.person(app, kind="board"),
    }[who]()

    assert sign_in(person).get("/training/cases/new").status_code == status
