"""Who has confirmed and who has not: counts, names, CSV, the sheet to sign, paper."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from forum.accounts.models import Person
from forum.core.clock import now, today
from forum.core.db import db, transaction
from forum.core.events import Event
from forum.core.paging import encode_cursor
from forum.standards.models import Acknowledgement
from tests.standards import standards
from tests.standards.confirming import confirmations
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]


def _enter(browser: Browser, number: str, *people: int, version: int = 1, on: date | None = None):
    form: dict[str, Any] = {
        "people": [str(person) for person in people],
        "version": str(version),
        "on": (on or today()).isoformat(),
    }
    return browser.post(f"/standards/{number}/confirmations", form)


def test_the_report_counts_by_department_and_names_everybody(app: Flask, sign_in: SignIn) -> None:
    finance, (anna, _boris) = confirmations.department_of(app, "Anna", "Boris")
    sales, _people = confirmations.department_of(app, "Clara")
    number = standards.in_force(app, departments=[finance, sales])
    confirmations.confirm(sign_in(anna), number)

    page = sign_in(make.moderator(app)).page(f"/standards/{number}/confirmations")

    counted = [
        (row["data-confirmed"], row["data-asked"]) for row in page.all("tr", data_asked=True)
    ]
    assert sorted(counted) == [("0", "1"), ("1", "2")]
    assert "1 of 3 people have confirmed this version." in page.text
    assert len(page.all("li", data_person=True)) == 3
    assert "on the page" in page.one("li", data_person=anna).text


def test_only_editors_see_the_report(app: Flask, sign_in: SignIn) -> None:
    owner = make.person(app)
    number = standards.in_force(app, owner=owner)
    places = ("confirmations", "confirmations.csv", "confirmations/sheet")
    addresses = [f"/standards/{number}/{place}" for place in places]

    for address in addresses:
        assert sign_in(owner).get(address).status_code == 200
        assert sign_in().get(address).status_code == 403
        assert sign_in(kind="consultant").get(address).status_code == 404


def test_a_draft_has_a_report_that_says_so(app: Flask, sign_in: SignIn) -> None:
    number = standards.drafted(app)
    moderator = sign_in(make.moderator(app))

    assert "Nothing is in force yet" in moderator.page(f"/standards/{number}/confirmations").text
    assert moderator.get(f"/standards/{number}/confirmations.csv").status_code == 200
    assert "Nobody to sign" in moderator.page(f"/standards/{number}/confirmations/sheet").text
    assert sign_in().get(f"/standards/{number}/confirmations").status_code == 404


@pytest.mark.parametrize(
    ("show", "named"), [("open", ["Boris"]), ("late", ["Boris"]), ("confirmed", ["Anna"])]
)
def test_the_report_is_narrowed(app: Flask, sign_in: SignIn, show: str, named: list[str]) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 9, tzinfo=UTC), tick=False):
        finance, (anna, _boris) = confirmations.department_of(app, "Anna", "Boris")
        number = standards.in_force(app, departments=[finance])
    with time_machine.travel(datetime(2026, 3, 20, 9, tzinfo=UTC), tick=False):
        confirmations.confirm(sign_in(anna), number)
        curator = sign_in(make.moderator(app))

        page = curator.page(f"/standards/{number}/confirmations?show={show}")
        narrowed = curator.get(f"/standards/{number}/confirmations?show=king&department=moon")

    found = [row.text.split("Department")[0] for row in page.all("li", data_person=True)]
    assert found == named
    assert "left out: show, department" in narrowed.text


def test_names_come_in_pages_without_a_gap(app: Flask, sign_in: SignIn) -> None:
    finance, people = confirmations.department_of(app, *(f"Person {n:03}" for n in range(60)))
    number = standards.in_force(app, departments=[finance])
    moderator = sign_in(make.moderator(app))

    first = moderator.page(f"/standards/{number}/confirmations")
    second = moderator.page(first.one("a", rel="next")["href"])

    pages = [
        [int(row["data-person"]) for row in p.all("li", data_person=True)] for p in (first, second)
    ]
    assert [len(page) for page in pages] == [50, 10]
    assert [*pages[0], *pages[1]] == people


@pytest.mark.parametrize("name", ["\0", "\ud800"])
def test_a_strange_place_in_the_list_is_left_out(app: Flask, sign_in: SignIn, name: str) -> None:
    number, after = standards.in_force(app), encode_cursor((name, 1))

    answer = sign_in(make.moderator(app)).get(f"/standards/{number}/confirmations?after={after}")

    assert answer.status_code == 200
    assert "left out: after" in answer.text


@pytest.mark.parametrize("size", [1, 30])
def test_the_report_costs_the_same_whoever_is_asked(
    app: Flask, sign_in: SignIn, queries: Callable[..., Any], size: int
) -> None:
    for _each in range(size):
        make.person(app, department=make.department(app))
    number = standards.in_force(app)
    moderator = sign_in(make.moderator(app))
    address = f"/standards/{number}/confirmations"
    moderator.get(address)

    # the reader, the standard, the version, its departments, names; departments are counted only
    # where they are shown or asked for
    for path, cost in (("", 5), (".csv", 4), ("/sheet", 4), ("/sheet?department=it", 5)):
        with queries(cost):
            moderator.get(address + path)


def test_the_file_tells_who_when_and_how(app: Flask, sign_in: SignIn) -> None:
    finance, (anna, boris) = confirmations.department_of(app, "Anna", "=Boris")
    number = standards.in_force(app, departments=[finance])
    clerk = sign_in(make.moderator(app, name="Clerk"))
    confirmations.confirm(sign_in(anna), number)
    _enter(clerk, number, boris)

    answer = clerk.get(f"/standards/{number}/confirmations.csv")

    assert answer.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["Name"] for row in rows] == ["'=Boris", "Anna"]
    assert [row["Way"] for row in rows] == ["on paper", "on the page"]
    assert [row["Entered by"] for row in rows] == ["Clerk", ""]
    assert rows[0]["Confirmed on"] == today().isoformat()


def test_the_file_of_thousands_is_written_bit_by_bit(app: Flask, sign_in: SignIn) -> None:
    with app.app_context(), transaction():
        db.session.add_all(Person(name=f"P {n:05}", login=f"p{n}") for n in range(3000))
    number = standards.in_force(app)
    moderator = sign_in(make.moderator(app))

    answer = moderator.client.get(f"/standards/{number}/confirmations.csv", buffered=False)
    parts = [len(part) for part in answer.response]

    assert len(parts) > 5
    assert max(parts) < sum(parts) / 5


def test_the_sheet_has_a_line_to_sign_for_each(app: Flask, sign_in: SignIn) -> None:
    finance, (anna, _boris) = confirmations.department_of(app, "Anna", "Boris")
    make.person(app, name="Elsewhere", department=make.department(app, slug="else"))
    number = standards.in_force(app)
    confirmations.confirm(sign_in(anna), number)
    moderator = sign_in(make.moderator(app))

    page = moderator.page(f"/standards/{number}/confirmations/sheet?department=else")

    [row] = page.all("tr")[1:]
    assert "Elsewhere" in row.text
    assert "____" in row.text
    assert finance


def test_a_clerk_enters_paper_and_the_audit_trail_knows(app: Flask, sign_in: SignIn) -> None:
    finance, (anna, boris) = confirmations.department_of(app, "Anna", "Boris")
    number = standards.in_force(app, departments=[finance])
    clerk = make.moderator(app)

    answer = _enter(sign_in(clerk), number, anna, boris)

    assert answer.status_code == 303
    assert confirmations.ways(app, number, 1) == {anna: "paper", boris: "paper"}
    assert "on paper" in sign_in(anna).page(f"/standards/{number}").text
    with app.app_context():
        [told] = db.session.query(Event).filter_by(type="standard.paper-confirmed").all()
        assert (told.actor_id, told.payload["people"]) == (clerk, sorted([anna, boris]))
        assert told.payload["day"] == today().isoformat()
        assert {row[0] for row in db.session.query(Acknowledgement.by_id)} == {clerk}
    assert (
        "Confirmations on paper were entered" in sign_in(make.admin(app)).get("/admin/audit").text
    )


def test_what_was_entered_by_mistake_is_taken_back(app: Flask, sign_in: SignIn) -> None:
    number, anna, boris = standards.in_force(app), make.person(app), make.person(app)
    clerk = sign_in(make.moderator(app))
    _enter(clerk, number, anna)
    confirmations.confirm(sign_in(boris), number)
    undo = f"/standards/{number}/confirmations/undo"
    page = clerk.page(f"/standards/{number}/confirmations")

    assert [each["value"] for each in page.all("button", form="undo")] == [str(anna)]
    assert sign_in().post(undo, {"person": str(anna)}).status_code == 403
    assert clerk.post(undo, {"person": str(boris)}).status_code == 409
    assert clerk.post(undo, {"person": str(anna)}).status_code == 303
    assert clerk.post(undo, {"person": str(anna)}).status_code == 409
    assert clerk.post(undo, {"person": "x"}).status_code == 404
    assert confirmations.ways(app, number, 1) == {boris: "page"}


def test_paper_does_not_replace_what_somebody_confirmed_themselves(
    app: Flask, sign_in: SignIn
) -> None:
    number = standards.in_force(app)
    anna = make.person(app)
    confirmations.confirm(sign_in(anna), number)

    answer = _enter(sign_in(make.moderator(app)), number, anna)

    assert answer.status_code == 303
    assert confirmations.ways(app, number, 1) == {anna: "page"}
    with app.app_context():
        assert not db.session.query(Event).filter_by(type="standard.paper-confirmed").count()


def test_paper_that_cannot_be_is_refused(app: Flask, sign_in: SignIn) -> None:
    finance, (anna,) = confirmations.department_of(app, "Anna")
    stranger = make.person(app)
    number = standards.in_force(app, departments=[finance])
    moderator = sign_in(make.moderator(app))
    tomorrow, before = today() + timedelta(days=1), today() - timedelta(days=40)

    refused = [
        _enter(moderator, number),
        _enter(moderator, number, anna, on=tomorrow),
        _enter(moderator, number, anna, on=before),
        _enter(moderator, number, stranger),
        _enter(moderator, number, anna, 987_654),
    ]

    assert [answer.status_code for answer in refused] == [422] * 5
    assert "Choose who has signed." in refused[0].text
    assert "until today" in refused[1].text
    assert f'value="{anna}" checked' in refused[1].text
    assert "not asked to confirm" in refused[3].text
    assert _enter(sign_in(), number, anna).status_code == 403
    assert confirmations.ways(app, number, 1) == {}


def test_paper_for_a_version_no_longer_in_force_is_a_conflict(app: Flask, sign_in: SignIn) -> None:
    number, anna = standards.in_force(app), make.person(app)
    standards.rewrite(app, number, body="Another.")
    moderator = sign_in(make.moderator(app))

    assert _enter(moderator, number, anna, version=1).status_code == 409
    standards.retire(app, number)
    assert _enter(moderator, number, anna, version=2).status_code == 409


def test_what_somebody_confirmed_is_told_to_them_and_to_the_clerk(
    app: Flask, sign_in: SignIn
) -> None:
    number = standards.in_force(app)
    anna, clerk = make.person(app), make.moderator(app)
    _enter(sign_in(clerk), number, anna)

    assert "Standards you acknowledged" in sign_in(anna).get("/settings/data").text
    assert "Standards you acknowledged" in sign_in(clerk).get("/settings/data").text
    assert now()
