"""Administrators change the tree; what was, stays readable."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from forum.core import readers
from forum.core.db import db
from forum.departments.models import DepartmentChange
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import Document, sent_by
from tests.support.together import at_once

SignIn = Callable[..., Browser]


def _fields(browser: Browser, department: int, **changes: str) -> dict[str, str]:
    page = browser.page(f"/admin/departments/{department}")
    form = {e["name"]: e.get("value") for e in page.all("input") if e.get("name") and "id" in e}
    form["hue"] = "3"
    form["parent"] = ""
    return {**form, **changes}


def test_a_new_department_gets_address_and_code_from_its_name(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in(make.admin(app))

    made = browser.post("/admin/departments/new", {"name": "Отдел закупок"})

    assert made.status_code == 303
    page = browser.page("/departments/otdel-zakupok")
    assert page.one("h1").text == "Отдел закупок"
    assert "ОЗ" in page.text


def test_an_earlier_address_keeps_leading_there(app: Flask, sign_in: SignIn) -> None:
    finance = make.department(app, "Finance", slug="finance")
    browser = sign_in(make.admin(app))

    saved = browser.post(
        f"/admin/departments/{finance}",
        _fields(browser, finance, name="Money", slug="money"),
    )

    assert saved.status_code == 303
    moved = browser.get("/departments/finance")
    assert (moved.status_code, moved.location) == (301, "/departments/money")
    assert "Renamed from “Finance” to “Money”" in browser.page("/departments/money").text
    by_id = browser.get(f"/departments/by-id/{finance}")
    assert by_id.location == "/departments/money"


def test_an_address_that_leads_elsewhere_is_not_given_away(app: Flask, sign_in: SignIn) -> None:
    finance = make.department(app, "Finance", slug="finance")
    other = make.department(app, "Sales", slug="sales")
    browser = sign_in(make.admin(app))
    browser.post(f"/admin/departments/{finance}", _fields(browser, finance, slug="money"))

    taken = browser.post(f"/admin/departments/{other}", _fields(browser, other, slug="finance"))

    assert taken.status_code == 422
    page = Document(taken.text)
    assert "leads to another department" in page.one(id="slug-error").text
    assert not page.all(id="code-error")


def test_a_department_cannot_hang_under_its_own(app: Flask, sign_in: SignIn) -> None:
    top = make.department(app, "Top")
    middle = make.department(app, "Middle", parent_id=top)
    leaf = make.department(app, "Leaf", parent_id=middle)
    browser = sign_in(make.admin(app))

    refused = browser.post(f"/admin/departments/{top}", _fields(browser, top, parent=str(leaf)))

    assert refused.status_code == 422
    assert "under itself" in refused.text


def test_archiving_waits_until_the_department_is_empty(app: Flask, sign_in: SignIn) -> None:
    finance = make.department(app, "Finance", slug="finance")
    member = make.person(app, department=finance)
    browser = sign_in(make.admin(app))

    full = browser.post(f"/admin/departments/{finance}/archive")
    browser.post(
        f"/admin/people/{member}",
        {"name": "M", "email": "m@example.org", "department": ""},
    )
    empty = browser.post(f"/admin/departments/{finance}/archive")

    assert (full.status_code, empty.status_code) == (409, 303)
    assert "archived" in browser.page("/departments/finance").text
    assert "Finance" not in [e.text for e in browser.page("/people").all("option")]


def test_who_left_the_company_does_not_keep_a_department_open(app: Flask, sign_in: SignIn) -> None:
    finance = make.department(app, "Finance", slug="finance")
    member = make.person(app, department=finance)
    browser = sign_in(make.admin(app))

    full = browser.post(f"/admin/departments/{finance}/archive")
    browser.post(f"/admin/people/{member}/deactivate")
    empty = browser.post(f"/admin/departments/{finance}/archive")

    assert (full.status_code, empty.status_code) == (409, 303)


def test_only_administrators_find_these_pages(app: Flask, sign_in: SignIn) -> None:
    finance = make.department(app)
    for person in (make.person(app), make.moderator(app)):
        browser = sign_in(person)

        addresses = [
            "/admin/departments",
            "/admin/departments/new",
            f"/admin/departments/{finance}",
            "/admin/people",
            "/admin/people/new",
        ]
        found = {browser.get(address).status_code for address in addresses}
        posted = browser.post(f"/admin/departments/{finance}/archive").status_code

        assert (found, posted) == ({404}, 404)


def test_head_and_representatives_are_named_by_e_mail(app: Flask, sign_in: SignIn) -> None:
    finance = make.department(app, "Finance", slug="finance")
    make.person(app, name="Anna Petrova", email="anna@example.org")
    make.person(app, name="Пётр Ёлкин", email="petr@example.org")
    browser = sign_in(make.admin(app))

    browser.post(
        f"/admin/departments/{finance}",
        _fields(browser, finance, head="anna@example.org", representatives="петр елкин"),
    )

    aside = browser.page("/departments/finance").one("aside").text
    assert "Anna Petrova" in aside
    assert "Пётр Ёлкин" in aside
    again = browser.post(f"/admin/departments/{finance}", _fields(browser, finance, head="nobody"))
    assert again.status_code == 422


def test_when_whoever_answered_has_left_the_head_is_asked(app: Flask, sign_in: SignIn) -> None:
    head, gone = make.person(app, name="Head Here"), make.person(app, name="Gone Away")
    department = make.department(app, "Finance", slug="finance", head_id=head)
    make.represent(app, gone, department)
    sign_in(make.admin(app)).post(f"/admin/people/{gone}/deactivate")

    make.idea(app, title="Late invoices", departments=[department])
    with app.app_context():
        readers.catch_up()

    assert "Late invoices" in sign_in(head).page("/notifications").text
    page = sign_in(head).page("/departments/finance")
    assert "Gone Away" not in page.one("aside").text
    assert "The head, because no representative is named." in page.text


def test_a_board_is_not_asked_for_an_answer_it_may_not_give(app: Flask, sign_in: SignIn) -> None:
    head = make.person(app, name="Head Here")
    board = make.person(app, name="Board Member", kind="board")
    department = make.department(app, "Finance", slug="finance", head_id=head)
    make.represent(app, board, department)

    make.idea(app, title="Late invoices", departments=[department])
    with app.app_context():
        readers.catch_up()

    assert "Late invoices" in sign_in(head).page("/notifications").text
    assert "Late invoices" not in sign_in(board).page("/notifications").text
    assert "Board Member" not in sign_in(head).page("/departments/finance").one("aside").text


def test_the_tree_counts_the_people_that_a_department_lists(app: Flask, sign_in: SignIn) -> None:
    finance = make.department(app, "Finance", slug="finance")
    make.person(app, name="One", department=finance)
    make.person(app, name="Guest", kind="consultant", department=finance)
    browser = sign_in()

    assert "1 person" in browser.page("/departments").text
    assert "1 person" in browser.page("/departments/finance").text


def test_two_who_save_at_once_leave_a_history_without_a_gap(app: Flask, sign_in: SignIn) -> None:
    department = make.department(app, "Start", slug="start", code="ST")
    browsers = [sign_in(make.admin(app)) for _ in range(4)]
    names = ["One", "Two", "Three", "Four"]

    answers = at_once(
        [
            lambda b=b, n=n: b.post(
                f"/admin/departments/{department}", {"name": n, "code": "ST", "hue": "1"}
            )
            for b, n in zip(browsers, names, strict=True)
        ]
    )

    assert {answer.status_code for answer in answers} == {303}
    with app.app_context():
        query = select(DepartmentChange).where(DepartmentChange.what == "renamed")
        rows = list(db.session.scalars(query.order_by(DepartmentChange.id)))
        assert [row.old for row in rows] == ["Start", *[row.new for row in rows[:-1]]]
        assert sorted(row.new for row in rows) == sorted(names)


def test_a_form_opened_earlier_gives_no_head_back_that_was_replaced(
    app: Flask, sign_in: SignIn
) -> None:
    before = make.person(app, email="before@example.org")
    make.person(app, email="after@example.org")
    department = make.department(app, "Start", slug="start", head_id=before)
    address = f"/admin/departments/{department}"
    early, late = sign_in(make.admin(app)), sign_in(make.admin(app))
    stale = sent_by(early.page(address), address)
    late.post(address, {**sent_by(late.page(address), address), "head": "after@example.org"})

    saved = early.post(address, {**stale, "description": "What we do"})
    refused = early.post(address, {**stale, "head": "", "description": "What we do"})

    assert (saved.status_code, refused.status_code) == (303, 409)
    assert 'id="head-error"' in refused.text
    now = sent_by(early.page(address), address)
    assert (now["head"], now["description"]) == ("after@example.org", "What we do")
