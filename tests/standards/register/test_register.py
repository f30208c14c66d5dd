"""The register: what it says of each standard, to whom, as a page and as a file."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from flask import Flask

from forum.core.clock import today
from forum.core.db import db, transaction
from forum.departments.models import Department
from forum.standards.categories.models import Category
from forum.standards.register import queries as register
from forum.standards.review.intervals import add_months
from forum.standards.review.models import Care
from tests.standards import standards
from tests.standards.review.test_reviews import make_due
from tests.support import make


def file_of(browser, query: str = "") -> list[dict[str, str]]:
    answer = browser.get(f"/standards/register.csv{query}")
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def listed(browser, query: str = "") -> list[str]:
    page = browser.page(f"/standards/register{query}")
    return [e["data-standard"] for e in page.all("tr", data_standard=True)]


def filed(app: Flask, number: str, category: int) -> None:
    with app.app_context(), transaction():
        standard = standards.by_number(number)
        db.session.add(Care(standard_id=standard.id, category_id=category))


def category(app: Flask, name: str, parent: int | None = None) -> int:
    with app.app_context(), transaction():
        made = Category(name_en=name, name_ru=f"{name} ру", parent_id=parent)
        db.session.add(made)
        db.session.flush()
        return made.id


def test_a_line_says_what_a_registrar_asks(app: Flask, sign_in) -> None:
    finance = make.department(app, "Finance", slug="finance")
    owner = make.person(app, name="Olga Owner", department=finance)
    number = standards.in_force(app, title="Paying", departments=[finance], owner=owner)
    standards.rewrite(app, number, body="## A\n\nB.", departments=[finance])
    filed(app, number, category(app, "Money"))

    [line] = file_of(sign_in())

    assert line == {
        "number": number,
        "title": "Paying",
        "version": "2",
        "status": "in_force",
        "owner": "Olga Owner",
        "department": "Finance",
        "category": "Money",
        "approved": today().isoformat(),
        "review_due": add_months(today(), 12).isoformat(),
        "distribution": "Finance",
        "obsolete_copies": "1",
    }
    shown = " ".join(sign_in().page("/standards/register").text.split())
    for words in ("Paying", "Olga Owner, Finance", "In force", "Money"):
        assert words in shown


def test_a_long_distribution_is_counted_with_its_list_behind_it(app: Flask, sign_in) -> None:
    departments = [make.department(app, name) for name in ("Finance", "IT", "Sales")]
    number = standards.in_force(app, departments=departments)
    whole = standards.in_force(app)
    page = sign_in().page("/standards/register")

    row, other = (page.one("tr", data_standard=each) for each in (number, whole))

    [summary] = [e for e in page.all("summary") if row in e.inside]
    assert summary.text == "3 departments"
    assert "Finance, IT, Sales" in row.text
    assert "the whole company" in other.text
    assert not [e for e in page.all("summary") if other in e.inside]
    assert file_of(sign_in())[0]["distribution"] == "Finance;IT;Sales"


def test_drafts_are_in_the_register_of_their_editors_alone(app: Flask, sign_in) -> None:
    standards.drafted(app, title="Secret")

    assert listed(sign_in()) == []
    assert file_of(sign_in()) == []
    assert len(listed(sign_in(make.moderator(app)))) == 1


def test_a_consultant_sees_the_lines_of_their_departments(app: Flask, sign_in) -> None:
    mine, other = make.department(app), make.department(app)
    here = standards.in_force(app, departments=[mine])
    standards.in_force(app, departments=[other])
    consultant = sign_in(make.person(app, kind="consultant", attached=[mine]))

    assert listed(consultant) == [here]
    assert [line["number"] for line in file_of(consultant)] == [here]


def test_filters_are_those_of_the_list(app: Flask, sign_in) -> None:
    finance = make.department(app, "Finance", slug="finance")
    one, two = standards.in_force(app, departments=[finance]), standards.in_force(app)
    standards.retire(app, two)
    browser = sign_in()

    assert listed(browser) == [one]
    assert listed(browser, "?state=retired") == [two]
    assert listed(browser, "?department=finance") == [one]
    assert [line["number"] for line in file_of(browser, "?state=retired")] == [two]
    assert "state" in browser.page("/standards/register?state=none").text


def test_a_category_holds_what_is_filed_below_it(app: Flask, sign_in) -> None:
    above = category(app, "Money")
    below = category(app, "Invoices", above)
    one, two, _three = (standards.in_force(app) for _each in range(3))
    filed(app, one, above)
    filed(app, two, below)
    browser = sign_in()

    assert listed(browser, f"?category={above}") == [one, two]
    assert listed(browser, f"?category={below}") == [two]
    page = browser.page(f"/standards?category={below}")
    assert [e["data-standard"] for e in page.all("article")] == [two]


def test_a_late_review_is_marked(app: Flask, sign_in) -> None:
    number = standards.in_force(app)
    make_due(app, number, -1)

    page = sign_in().page("/standards/register")

    day = today() - timedelta(days=1)
    assert "overdue" in page.text
    assert file_of(sign_in())[0]["review_due"] == day.isoformat()


def test_no_cell_is_a_formula(app: Flask, sign_in) -> None:
    standards.in_force(app, title="=1+1")

    assert file_of(sign_in())[0]["title"] == "'=1+1"


def test_the_file_is_read_in_pieces_and_misses_nothing(
    app: Flask, sign_in, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "PIECE", 3)
    numbers = [standards.in_force(app) for _each in range(8)]

    assert [line["number"] for line in file_of(sign_in())] == numbers


def test_pages_follow_one_another(app: Flask, sign_in, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [standards.in_force(app) for _each in range(5)]
    monkeypatch.setattr(register.register_page, "__kwdefaults__", {"size": 3})
    browser = sign_in()
    [following] = [e["href"] for e in browser.page("/standards/register").all("a", rel="next")]

    assert (
        listed(browser) + listed(browser, following.removeprefix("/standards/register")) == numbers
    )


@pytest.mark.parametrize("rows", [1, 12])
def test_a_page_costs_the_same_whatever_the_rows(app: Flask, sign_in, queries, rows: int) -> None:
    for _each in range(rows):
        standards.in_force(app, departments=[make.department(app)])
    browser = sign_in()
    browser.get("/standards/register")

    with queries(5):  # the reader, departments and categories to choose from, lines, audiences
        browser.get("/standards/register")


def test_an_archived_department_stays_in_the_register(app: Flask, sign_in) -> None:
    finance = make.department(app, "Finance")
    standards.in_force(app, departments=[finance])
    with app.app_context(), transaction():
        from forum.core.clock import now

        db.session.get_one(Department, finance).archived_at = now()

    assert file_of(sign_in())[0]["distribution"] == "Finance"
