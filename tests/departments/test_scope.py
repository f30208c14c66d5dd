"""A consultant sees their departments and those people, and nothing tells of the rest."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from forum.departments import membership
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]


class Company:
    """Two departments with a person each, and a consultant attached to the first."""

    def __init__(self, app: Flask) -> None:
        self.inside = make.department(app, "Inside", slug="inside")
        self.outside = make.department(app, "Outside", slug="outside", parent_id=self.inside)
        self.near = make.person(app, name="Near Neighbour", department=self.inside)
        self.far = make.person(app, name="Far Stranger", department=self.outside)
        self.consultant = make.person(
            app, name="Con Sultant", kind="consultant", attached=[self.inside]
        )


@pytest.fixture
def company(app: Flask) -> Company:
    """The smallest company in which something can leak."""
    return Company(app)


def test_pages_tell_a_consultant_nothing_of_other_departments(
    company: Company, sign_in: SignIn
) -> None:
    browser = sign_in(company.consultant)

    pages = [
        browser.page(address).html
        for address in ("/departments", "/departments/inside", "/people", "/people?q=stranger")
    ]

    for page in pages:
        assert "Outside" not in page
        assert "Far Stranger" not in page
    assert "Near Neighbour" in pages[1]
    assert "Near Neighbour" in pages[2]


def test_addresses_of_the_rest_do_not_exist_for_a_consultant(
    company: Company, sign_in: SignIn
) -> None:
    browser = sign_in(company.consultant)

    statuses = {
        browser.get(address).status_code
        for address in (
            "/departments/outside",
            "/departments/outside/poster",
            "/departments/outside/qr",
            f"/departments/by-id/{company.outside}",
            f"/people/{company.far}",
        )
    }

    assert statuses == {404}
    assert browser.get(f"/people/{company.near}").status_code == 200
    assert browser.get(f"/people/{company.consultant}").status_code == 200


@pytest.mark.parametrize("page", ["/ideas", "/ideas?view=board"])
def test_codes_lead_only_to_departments_that_a_consultant_sees(
    app: Flask, company: Company, sign_in: SignIn, page: str
) -> None:
    make.idea(app, departments=[company.inside, company.outside])

    def leads(browser: Browser) -> set[str]:
        links = {each.get("href") for each in browser.page(page).all("a")}
        return links & {"/departments/inside", "/departments/outside"}

    assert leads(sign_in(company.consultant)) == {"/departments/inside"}
    assert leads(sign_in(company.near)) == {"/departments/inside", "/departments/outside"}


def test_completion_and_filters_are_as_tight(company: Company, sign_in: SignIn) -> None:
    browser = sign_in(company.consultant)

    assert browser.json("/mentions?q=far")["items"] == []
    assert browser.json("/mentions?q=outside")["items"] == []
    assert [i["name"] for i in browser.json("/mentions?q=near")["items"]] == ["Near Neighbour"]
    assert "Far" not in browser.page("/people?department=outside").html


def test_somebody_who_answers_here_does_not_tell_where_they_work(
    app: Flask, company: Company, sign_in: SignIn
) -> None:
    make.represent(app, company.far, company.inside)
    browser = sign_in(company.consultant)

    shown = [browser.get(a).text for a in ("/people", "/people?q=far", "/mentions?q=far")]

    for text in shown:
        assert "Far Stranger" in text
        assert "Outside" not in text
        assert "outside" not in text


def test_an_attachment_that_ended_shows_nothing(
    app: Flask, company: Company, sign_in: SignIn
) -> None:
    admin, browser = sign_in(make.admin(app)), sign_in(company.consultant)

    admin.post(f"/admin/people/{company.consultant}/detach/{company.inside}")

    assert browser.get("/departments/inside").status_code == 404
    assert browser.get(f"/people/{company.near}").status_code == 404


def test_staff_and_boards_see_everything(app: Flask, company: Company, sign_in: SignIn) -> None:
    for browser in (sign_in(company.near), sign_in(make.person(app, kind="board"))):
        assert browser.get("/departments/outside").status_code == 200
        assert browser.get(f"/people/{company.far}").status_code == 200


def test_the_tree_costs_the_same_however_many_departments(
    app: Flask, sign_in: SignIn, queries: Callable[[int], object]
) -> None:
    browser = sign_in()
    browser.get("/departments")
    for number in range(30):
        make.department(app, f"Department {number:03}")

    with queries(4):  # type: ignore[attr-defined]  # reader, tree, sizes, closed ones
        page = browser.page("/departments")

    assert "Department 029" in page.text


def test_panels_show_what_waits_and_hide_what_is_out_of_scope(
    app: Flask, company: Company, sign_in: SignIn
) -> None:
    make.idea(app, company.far, title="Seen inside", departments=[company.inside])
    make.idea(app, company.near, title="From inside")
    make.idea(app, company.far, title="Kept outside", departments=[company.outside])
    make.idea(app, company.near, title="Only a draft", draft=True)
    browser = sign_in(company.consultant)

    department = browser.page("/departments/inside").text
    person = browser.page(f"/people/{company.near}").text

    assert "Waiting for its answer" in department
    assert "Seen inside" in department
    assert "From inside" in person
    assert "Kept outside" not in department + person
    assert "Only a draft" not in department + person
    assert "Kept outside" in sign_in().page("/departments/outside").text


def test_who_is_a_member_is_not_listed_among_the_earlier_ones(
    app: Flask, company: Company, sign_in: SignIn
) -> None:
    with app.app_context():
        for person in (company.near, make.person(app, name="Who Stays")):
            membership.place(None, person, company.inside)
        membership.place(None, company.near, company.outside)
    browser = sign_in()

    earlier = browser.page("/departments/inside").one("details", class_="past")

    assert "Near Neighbour" in earlier.text
    assert "Who Stays" not in earlier.text
    assert not browser.page("/departments/outside").all("details", class_="past")
