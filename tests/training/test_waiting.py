"""What waits for a department's word of a case stands on Home, and what becomes of it is told."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from forum.accounts.models import Person
from forum.core.db import db
from forum.departments import actions as departments
from forum.departments.merging import merge
from forum.departments.models import Department
from forum.training.cases import queries as queries_of_cases
from forum.training.models import Case
from tests.notifications.inboxes import catch_up
from tests.support import make
from tests.support.browser import Browser
from tests.training import company as office
from tests.training.company import Company, SignIn


@pytest.fixture
def company(app: Flask) -> Company:
    return office.found(app)


def waiting(browser: Browser) -> list[str]:
    """The cases to check on somebody's Home."""
    page = browser.page("/")
    found = [a["href"] for a in page.all("a") if a.get("href", "").startswith("/training/cases/")]
    assert len(found) == len(page.all("li", data_wait="case"))
    return found


def test_a_case_to_check_waits_on_home_until_its_department_has_spoken(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    number = office.drafted(app, company)
    finance, sales = sign_in(company.for_finance), sign_in(company.for_sales)
    assert waiting(finance) == [], "a draft waits for nobody"
    office.send(app, company, number)
    address = f"/training/cases/{number}"

    assert waiting(finance) == waiting(sales) == [address]
    assert waiting(sign_in(make.person(app, department=company.finance))) == []
    assert waiting(sign_in(company.moderator)) == []
    office.check(app, company.for_finance, number, company.finance)
    assert (waiting(finance), waiting(sales)) == ([], [address])

    office.switch(app)
    assert waiting(sales) == []


def test_where_nobody_answers_it_waits_for_moderators(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    empty = make.department(app, "Archive")
    more = {"departments": [company.finance, empty], "touches": ""}
    number = office.drafted(app, company, by=company.for_finance, **more)
    office.send(app, company, number)

    assert waiting(sign_in(company.moderator)) == [f"/training/cases/{number}"]


def test_a_writer_who_may_not_check_alone_is_not_asked_to(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    more = {"departments": [company.finance], "touches": ""}
    number = office.drafted(app, company, by=company.for_finance, **more)
    office.send(app, company, number)

    assert waiting(sign_in(company.for_finance)) == []


def test_of_many_cases_home_shows_five_and_leads_to_the_others(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    for _turn in range(6):
        office.send(app, company, office.drafted(app, company))
    browser = sign_in(company.for_sales)

    assert len(browser.page("/").all("li", data_wait="case")) == 5
    assert "/training/cases" in [a.get("href") for a in browser.page("/").all("a")]
    rows = browser.page("/training/cases").all("a")
    assert len([a for a in rows if a.get("href", "").startswith("/training/cases/")]) >= 6


def test_what_waits_for_others_keeps_nothing_from_a_moderator(
    app: Flask, sign_in: SignIn, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries_of_cases, "MOST", 2)
    own, empty = make.department(app, "Museum"), make.department(app, "Archive")
    both, moderator = make.person(app, department=own), make.moderator(app)
    for person, place in ((moderator, own), (both, own), (both, empty)):
        make.represent(app, person, place)
    for _turn in range(3):
        office.send(app, company, office.drafted(app, company))
    mine = office.drafted(app, company, departments=[company.finance, own], touches="")
    alone = office.drafted(app, company, by=both, departments=[empty], touches="")
    for number in (mine, alone):
        office.send(app, company, number)

    assert waiting(sign_in(moderator)) == [f"/training/cases/{each}" for each in (mine, alone)]
    assert waiting(sign_in(company.moderator)) == [f"/training/cases/{alone}"]
    assert waiting(sign_in(both)) == [f"/training/cases/{mine}"]


def test_what_one_has_had_a_say_in_keeps_nothing_from_home(
    app: Flask, sign_in: SignIn, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries_of_cases, "MOST", 2)
    make.represent(app, company.for_finance, company.sales)
    for _turn in range(3):
        number = office.drafted(app, company)
        office.send(app, company, number)
        office.check(app, company.for_finance, number, company.finance)
    last = office.drafted(app, company)
    office.send(app, company, last)

    assert waiting(sign_in(company.for_finance)) == [f"/training/cases/{last}"]


@pytest.mark.parametrize("length", [1, 5])
def test_home_costs_the_same_however_many_cases_wait(
    app: Flask, sign_in: SignIn, queries: Any, company: Company, length: int
) -> None:
    browser = sign_in(company.for_sales)
    browser.get("/")
    for _turn in range(length):
        office.send(app, company, office.drafted(app, company))

    with queries(11):  # eight of Home; the cases, what was said, the names
        browser.get("/")


def archive(app: Flask, department: int) -> None:
    """An administrator closes it."""
    admin = make.admin(app)
    with app.app_context():
        departments.archive(
            db.session.get_one(Person, admin),
            db.session.get_one(Department, department),
            anyway=True,
        )


def became(app: Flask, old: int, heir: int) -> None:
    """A department becomes part of another."""
    with app.app_context():
        merge(None, *(db.session.get_one(Department, each) for each in (old, heir)))


def state(app: Flask, case_id: int) -> str:
    with app.app_context():
        return db.session.get_one(Case, case_id).state


def test_a_case_goes_back_to_its_writer_who_is_told_when_a_department_to_check_it_is_archived(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    gone = make.department(app, "Archive")
    make.represent(app, make.person(app), gone)
    more = {"departments": [company.finance, gone], "touches": ""}
    number = office.drafted(app, company, by=company.for_finance, **more)
    office.send(app, company, number)

    archive(app, gone)

    catch_up(app)
    writer = sign_in(company.for_finance)
    assert state(app, number) == "draft"
    assert "A department that was to check your case is gone" in writer.page("/notifications").text
    again = writer.post(f"/training/cases/{number}/send")
    assert again.headers["Location"].endswith("/edit"), "nobody would ever check it"
    assert state(app, number) == "draft"


def test_the_heir_is_asked_for_what_waited_and_those_who_answer_for_it_are_told(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    heir = make.department(app, "Money")
    speaker = make.person(app, department=heir)
    make.represent(app, speaker, heir)
    number = office.drafted(app, company)
    office.send(app, company, number)

    became(app, company.sales, heir)

    catch_up(app)
    browser = sign_in(speaker)
    assert "The invoice that waited" in browser.page("/notifications").text
    assert waiting(browser) == [f"/training/cases/{number}"]
    office.check(app, company.for_finance, number, company.finance)
    office.check(app, speaker, number, heir)
    assert state(app, number) == "open"


def test_a_department_that_takes_in_the_other_looks_once_more_and_the_case_is_not_stuck(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    number = office.drafted(app, company)
    office.send(app, company, number)
    office.check(app, company.for_finance, number, company.finance)

    became(app, company.sales, company.finance)

    assert state(app, number) == "checking"
    assert waiting(sign_in(company.for_finance)) == [f"/training/cases/{number}"]
    office.check(app, company.for_sales, number, company.finance)
    assert state(app, number) == "open"


def test_what_asks_the_heir_makes_another_case_of_it(app: Flask, company: Company) -> None:
    number = office.drafted(app, company)
    office.send(app, company, number)
    office.check(app, company.for_finance, number, company.finance)
    with app.app_context():
        before = db.session.get_one(Case, number).revision

    became(app, company.sales, company.finance)

    with app.app_context():
        assert db.session.get_one(Case, number).revision == before + 1, "as every other change"


def test_where_the_only_one_who_answers_may_not_speak_a_moderator_does(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    place, own = make.department(app, "Archive"), make.department(app, "Museum")
    both = make.person(app, department=place)
    for each in (place, own):
        make.represent(app, both, each)
    two = office.drafted(app, company, departments=[place, own], touches="")
    alone = office.drafted(app, company, by=both, departments=[place], touches="")
    for number in (two, alone):
        office.send(app, company, number)
    office.check(app, both, two, place)

    assert waiting(sign_in(both)) == []
    assert len(waiting(sign_in(company.moderator))) == 2
    office.check(app, company.moderator, two, own)
    office.check(app, company.moderator, alone, place)
    assert (state(app, two), state(app, alone)) == ("open", "open")


def test_a_writer_is_told_that_a_moderator_took_the_case_back(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    number = office.drafted(app, company, by=company.for_finance)
    office.send(app, company, number)

    sign_in(company.moderator).post(f"/training/cases/{number}/take-back")

    catch_up(app)
    told = sign_in(company.for_finance).page("/notifications").text
    assert "Your case is a draft again" in told
