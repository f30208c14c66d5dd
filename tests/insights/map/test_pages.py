"""Pages of the map: the matrix, a star, lists, a service and its forms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.departments import actions as tree
from forum.departments.models import Department, Service
from forum.departments.services import curating, ends
from forum.departments.services.saying import Said
from tests.support import make
from tests.support.browser import Browser
from tests.support.queries import listening

SignIn = Callable[..., Browser]


@pytest.fixture
def map_on(app: Flask) -> None:
    with app.app_context(), transaction():
        save_settings({"modules": ["map"]})


@pytest.fixture
def company(app: Flask, map_on: None) -> dict[str, int]:
    """IT serves Sales; Iris speaks for IT, Saul for Sales."""
    it = make.department(app, "IT", slug="it", code="IT")
    sales = make.department(app, "Sales", slug="sales", code="SAL")
    iris, saul = make.person(app, department=it), make.person(app, department=sales)
    make.represent(app, iris, it)
    make.represent(app, saul, sales)
    return {"it": it, "sales": sales, "iris": iris, "saul": saul}


def test_the_matrix_counts_services_and_says_what_is_not_agreed_on(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    it, sales = company["it"], company["sales"]
    for name, state in (("Laptops", "confirmed"), ("Help", "proposed"), ("Reports", "disputed")):
        make.service(app, it, sales, name, state=state)

    text = sign_in(make.person(app)).get("/map").text

    assert 'aria-label="3 services, 1 not confirmed yet, 1 disputed"' in text
    assert "/map/services?provider=it&amp;customer=sales" in text


def test_a_service_is_drawn_and_confirmed_in_the_browser(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    fields = {"provider": str(company["it"]), "customer": str(company["sales"]), "name": "Laptops"}
    drawn = sign_in(company["iris"]).post("/map/services/new", fields)
    assert drawn.status_code == 303
    address = drawn.headers["Location"]

    stranger = sign_in(make.person(app))
    assert "Confirm" not in stranger.page(address).text
    assert stranger.post(f"{address}/confirm").status_code == 403
    saul = sign_in(company["saul"])
    assert "Sales is asked whether it is" in saul.page(address).text
    assert saul.post(f"{address}/confirm").status_code == 303

    page = saul.page(address).text
    assert "✓ Confirmed" in page
    assert "None yet" in page
    assert saul.post(f"{address}/confirm").status_code == 409


def test_the_same_service_again_leads_to_the_one_there_is(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    known = make.service(app, company["it"], company["sales"], "Laptops")
    fields = {"provider": str(company["it"]), "customer": str(company["sales"]), "name": "laptops"}

    again = sign_in(company["iris"]).post("/map/services/new", fields)

    assert again.status_code == 409
    assert "on the map already" in again.text
    assert f'href="/map/services/{known}"' in again.text


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"customer": "it"}, 422, "Nobody serves themselves"),
        ({"customer": ""}, 422, "Choose a department"),
        ({"name": ""}, 422, "Fill this in"),
        ({"customer_kind": "team", "customer_name": ""}, 422, "Name it in at most"),
        ({"customer_kind": "person", "customer_person": "nobody@x.y"}, 422, "by e-mail"),
        ({"provider": "sales", "customer": "third"}, 403, "a side that you speak for"),
    ],
)
def test_a_form_that_cannot_be_drawn_says_why_and_keeps_what_was_typed(
    app: Flask,
    sign_in: SignIn,
    company: dict[str, int],
    fields: dict[str, str],
    status: int,
    words: str,
) -> None:
    ids = {**company, "third": make.department(app, "Third")}
    sent = {"provider": "it", "customer": "sales", "name": "Laptops", "delivered": "Soon"} | fields
    for side in ("provider", "customer"):
        sent[side] = str(ids.get(sent[side], sent[side]))

    refused = sign_in(company["iris"]).post("/map/services/new", sent)

    assert refused.status_code == status
    assert words in refused.text
    assert "Soon" in refused.text


def test_a_team_a_role_a_consultant_and_the_board_can_stand_at_an_end(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    make.person(app, name="Olga Board", kind="board", email="olga@example.org")
    make.person(
        app,
        name="Carl Advisor",
        kind="consultant",
        email="carl@example.org",
        attached=[company["it"]],
    )
    iris = sign_in(company["iris"])
    ends_of = (
        {"customer": str(company["it"]), "customer_kind": "team", "customer_name": "Desk"},
        {"customer": str(company["it"]), "customer_kind": "role", "customer_name": "Buyer"},
        {"customer_kind": "person", "customer_person": "olga@example.org"},
        {"customer_kind": "person", "customer_person": "carl@example.org"},
    )
    for fields in ends_of:
        sent = {"provider": str(company["it"]), "name": "Reports", **fields}
        assert iris.post("/map/services/new", sent).status_code == 303, fields

    page = iris.page("/map/it").text
    for words in ("Desk (IT)", "Buyer (IT)", "Olga Board", "Carl Advisor"):
        assert words in page
    assert "Without a department" in iris.page("/map").text


def test_a_denial_has_a_reason_that_the_other_side_reads(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    fields = {"provider": str(company["it"]), "customer": str(company["sales"]), "name": "Laptops"}
    iris, saul = sign_in(company["iris"]), sign_in(company["saul"])
    address = iris.post("/map/services/new", fields).headers["Location"]

    empty = saul.post(f"{address}/deny", {"why": ""})
    assert empty.status_code == 422
    assert "Fill this in" in empty.text
    saul.post(f"{address}/deny", {"why": "We buy our own."})

    assert "We buy our own." in iris.page(address).text
    assert "Laptops" in sign_in(make.person(app)).page("/map/services?state=disputed").text
    iris.post(f"{address}/deny", {"why": "You did not last year."})
    assert "a moderator decides" in saul.page(address).text
    assert saul.post(f"{address}/deny", {"why": "Once more."}).status_code == 409


def test_each_side_names_its_own_owner(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    service = make.service(app, company["it"], company["sales"])
    make.person(app, name="Olga Owner", email="olga@example.org")
    iris, address = sign_in(company["iris"]), f"/map/services/{service}"
    assert "Name somebody: Owner at the provider" in iris.page(address).text

    assert iris.post(f"{address}/owner", {"side": "customer", "owner": "x"}).status_code in (
        403,
        422,
    )
    assert (
        iris.post(f"{address}/owner", {"side": "provider", "owner": "nobody@x.y"}).status_code
        == 422
    )
    assert (
        iris.post(f"{address}/owner", {"side": "provider", "owner": "olga@example.org"}).status_code
        == 303
    )

    page = iris.page(address)
    assert "Olga Owner" in page.text
    assert "Name another: Owner at the provider" in page.text


def test_the_map_shows_how_it_looked_on_a_day(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    start = now() - timedelta(days=30)
    with time_machine.travel(start):
        old = make.service(app, company["it"], company["sales"], "Laptops")
    with time_machine.travel(start + timedelta(days=10)), app.app_context():
        service = db.session.get_one(Service, old)
        curating.change(None, service, state="ended", ended_at=now())
    make.service(app, company["sales"], company["it"], "Orders")
    reader = sign_in(make.person(app))

    def seen(days: int, path: str = "/map/it") -> str:
        return reader.page(f"{path}?as-of={(start + timedelta(days=days)).date()}").text

    assert "Laptops" in seen(2)
    assert "Orders" not in seen(2)
    assert "No services" in seen(15)
    assert "Laptops" not in seen(15, "/map/services")
    assert "Orders" in reader.page("/map/it").text
    assert "not known or lies ahead" in reader.page("/map?as-of=3000-01-01").text
    assert "not known or lies ahead" in reader.page("/map?as-of=soon").text


def test_what_an_archived_department_gave_is_on_the_map_of_that_time_alone(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    with time_machine.travel(now() - timedelta(days=10)):
        old = make.department(app, "Old", slug="old")
        make.service(app, old, company["sales"], "Faxes")
    with app.app_context():
        tree.archive(None, db.session.get_one(Department, old))
    reader = sign_in(make.person(app))

    assert "Old" not in reader.page("/map").text
    day = (now() - timedelta(days=3)).date()
    assert "Old" in reader.page(f"/map?as-of={day}").text


def test_a_department_page_says_whom_it_serves_and_leads_to_its_star(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    make.service(app, company["it"], company["sales"], "Laptops")
    reader = sign_in(make.person(app))

    assert "Laptops" in reader.page("/departments/it").text
    assert 'href="/map/it"' in reader.get("/departments/it").text
    with app.app_context(), transaction():
        save_settings({"modules": []})
    assert "Laptops" not in reader.page("/departments/it").text


def test_consultants_see_services_that_touch_their_departments_and_no_map(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    other = make.department(app, "Canary place")
    theirs = make.service(app, company["it"], other, "Laptops")
    hidden = make.service(app, other, company["sales"], "Forklifts")
    consultant = sign_in(kind="consultant", attached=[company["it"]])

    for address in ("/map/it", "/map/services.csv"):
        assert consultant.get(address).status_code == 404, address
    assert consultant.get("/map").location == "/map/services"
    assert consultant.get(f"/map/services/{hidden}").status_code == 404
    page = consultant.page(f"/map/services/{theirs}").text
    assert "Laptops" in page
    asked = ("", "?customer=canary-place", "?provider=it&customer=sales", "?as-of=2020-01-01")
    lists = [consultant.page(f"/map/services{each}").text for each in asked]
    assert "Canary" not in page + lists[0]
    assert "Forklifts" not in lists[0]
    assert "IT → Another department" in lists[0]
    assert set(lists) == {lists[0]}


@pytest.mark.parametrize("side", ["provider", "customer"])
def test_consultants_and_the_board_draw_what_they_give_or_get_themselves(
    app: Flask, sign_in: SignIn, company: dict[str, int], side: str
) -> None:
    other = {"provider": "customer", "customer": "provider"}[side]
    canary = make.department(app, "Canary place")
    attached = {"kind": "consultant", "attached": [company["it"]]}
    carl = sign_in(make.person(app, name="Carl Advisor", email="carl@example.org", **attached))
    olga = sign_in(make.person(app, name="Olga Board", email="olga@example.org", kind="board"))

    def draw(browser: Browser, who: str, department: int, name: str = "Advice") -> int:
        sent = {f"{side}_kind": "person", f"{side}_person": who, other: str(department)}
        return browser.post("/map/services/new", {**sent, "name": name}).status_code

    form = carl.page("/map/services/new")
    assert form.one("option", value="me", selected=True).text == "I myself (Carl Advisor)"
    assert "Canary" not in form.text
    assert draw(carl, "carl@example.org", company["it"]) == 303
    assert draw(carl, "carl@example.org", company["it"]) == 409
    assert draw(carl, "carl@example.org", canary) == draw(carl, "carl@example.org", 987_654) == 422
    assert draw(carl, "olga@example.org", company["it"]) == 422
    assert draw(olga, "olga@example.org", canary, "Oversight") == 303
    assert draw(olga, "carl@example.org", company["it"], "Oversight") == 403
    asked = sign_in(company["iris"]).page("/map/services?state=proposed").text
    assert "Carl Advisor" in asked
    mine = carl.page("/map/services?state=proposed").text
    assert "Advice" in mine
    assert "Oversight" not in mine


def test_without_the_module_nothing_is_there(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    service = make.service(app, company["it"], company["sales"])
    with app.app_context(), transaction():
        save_settings({"modules": []})
    reader = sign_in(make.admin(app))

    for address in ("/map", "/map/it", "/map/services", f"/map/services/{service}"):
        assert reader.get(address).status_code == 404, address
    assert "/map" not in reader.get("/departments/it").text


def test_the_file_tells_every_service_and_no_address_of_a_person(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    make.service(app, company["it"], company["sales"], "Laptops")
    carl = make.person(app, name="Carl Advisor", kind="consultant", email="carl@example.org")
    with app.app_context():
        end = ends.somebody(db.session.get_one(Person, carl))
        curating.add(None, end, ends.department(company["it"]), Said("=Advice"))

    text = sign_in(make.person(app)).get("/map/services.csv").text

    assert text.splitlines()[0].startswith("provider,customer,name,criticality,delivered")
    assert "IT,Sales,Laptops" in text
    assert "Carl Advisor,IT,'=Advice" in text
    assert "carl@example.org" not in text


@pytest.mark.parametrize("size", [3, 60])
def test_the_map_costs_the_same_however_large(
    app: Flask, sign_in: SignIn, map_on: None, size: int
) -> None:
    places = [make.department(app, f"Place {n:02}", slug=f"place-{n}") for n in range(size)]
    for number, place in enumerate(places):
        make.service(app, place, places[number - 1], f"Thing {number}")
    browser = sign_in(make.person(app))
    browser.get("/map")
    pages = {"/map": 2, "/map/place-1": 4, "/map/services": 3, "/map/services.csv": 3}

    spent = {}
    for address in pages:
        with listening(app) as statements:
            assert browser.get(address).status_code == 200
        spent[address] = len(statements)

    assert spent == pages


def test_a_large_company_stands_together_by_its_tree_and_opens_by_branch(
    app: Flask, sign_in: SignIn, map_on: None
) -> None:
    tops = [make.department(app, f"Top {n}", slug=f"top-{n}") for n in range(2)]
    leaves = [
        make.department(app, f"Leaf {n:02}", slug=f"leaf-{n}", parent_id=tops[n % 2])
        for n in range(30)
    ]
    for number, leaf in enumerate(leaves):
        make.service(app, leaf, leaves[number - 1], "Help")
    reader = sign_in(make.person(app))

    whole, branch = reader.get("/map").text, reader.get("/map?branch=top-0").text

    assert "Leaf 02" not in whole.replace('value="leaf-2"', "")
    assert 'aria-label="15 services"' in whole
    assert 'href="/map?branch=top-0"' in whole
    assert ">Leaf 02 <span" in branch
    assert ">Top 1 <span" in branch
    listed = reader.page("/map/services?provider=top-0&customer=top-1").text
    assert "Leaf 02 → Leaf 01" in listed
    assert "Leaf 01 → Leaf 00" not in listed


def test_a_company_without_a_tree_is_leafed_through_by_name(
    app: Flask, sign_in: SignIn, map_on: None
) -> None:
    places = [make.department(app, f"Place {n:02}", slug=f"place-{n}") for n in range(90)]
    for number, place in enumerate(places):
        make.service(app, place, places[(number + 1) % 90], "Help")
    reader = sign_in(make.person(app))

    def heads(address: str) -> tuple[set[str], set[str]]:
        page = reader.page(address)
        rows = {each.text.rsplit(" ", 1)[0].strip() for each in page.all("th", scope="row")}
        return rows, {each.get("data-slug") for each in page.all("th", scope="col")} - {""}

    first, second = heads("/map?rows=1&columns=1"), heads("/map?rows=3&columns=3")
    pages = reader.page("/map?rows=2")

    assert len(first[0]) == len(first[1]) == 40
    assert second[0] == {f"Place {n}" for n in range(80, 90)}
    assert second[1] == {f"place-{n}" for n in range(80, 90)}
    leads = {each.get("href"): each.text for each in pages.all("a")}
    assert leads["/map?rows=3#rows"] == "Place 80 – Place 89"
    assert leads["/map?rows=2&columns=3#columns"] == "Place 80 – Place 89"
    assert "those with the most services" in leads["/map#rows"]
    assert heads("/map?rows=77")[0] == heads("/map")[0]
