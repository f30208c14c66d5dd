"""What a consultant reads of a service whose other side is none of their business."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from forum.accounts.models import Person
from forum.core.clock import today
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.departments.models import Department, Service, SideKind
from forum.departments.services import actions, ends
from forum.departments.services.ends import CUSTOMER, PROVIDER, End
from forum.departments.services.saying import Said
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]


@pytest.fixture(autouse=True)
def map_on(app: Flask) -> None:
    with app.app_context(), transaction():
        save_settings({"modules": ["map"]})


def _end(place: int, person: int, kind: str) -> End:
    if kind == "person":
        return ends.somebody(db.session.get_one(Person, person))
    return ends.part_of(place, SideKind(kind), "Canary crew") if kind else ends.department(place)


@pytest.mark.parametrize("kind", ["", "team", "role", "person"])
def test_the_other_side_of_a_service_names_neither_people_nor_parts_of_it(
    app: Flask, sign_in: SignIn, kind: str
) -> None:
    it, iris = make.represented(app, "IT")
    other = make.department(app, "Canary place")
    carla = make.person(app, name="Canary Carla", department=other)
    make.represent(app, carla, other)
    owen = make.person(app, name="Owen of IT", department=it)
    consultant = sign_in(kind="consultant", attached=[it])

    def do(act: Callable[..., None], by: int, *rest: object, owner: int = 0) -> None:
        with app.app_context():
            get = db.session.get_one
            others = [get(Person, owner)] if owner else []
            act(get(Person, by), get(Service, number), *rest, *others)

    with app.app_context():
        drawer, said = db.session.get_one(Person, iris), Said("Laptops")
        number = actions.draw(drawer, ends.department(it), _end(other, carla, kind), said).id
    address = f"/map/services/{number}"
    asked = consultant.get(address).text
    do(actions.name_owner, iris, PROVIDER, owner=owen)
    do(actions.name_owner, carla, CUSTOMER, owner=carla)
    do(actions.deny, carla, "We buy our own.")
    disputed = consultant.get(address).text
    do(actions.confirm, carla)

    page = consultant.get(address).text

    for text in (asked, disputed, page):
        assert "Canary" not in text
    assert f"/people/{carla}" not in page
    assert "We buy our own." in page
    assert "Owen of IT" in page
    assert "Somebody else" in page
    assert "Canary Carla" in sign_in(make.person(app)).get(address).text


def test_consultants_read_their_own_name_where_they_stand_themselves(
    app: Flask, sign_in: SignIn
) -> None:
    other, iris = make.represented(app, "Canary place")
    carl = make.person(app, name="Carl Advisor", kind="consultant")
    with app.app_context():
        end = ends.somebody(db.session.get_one(Person, carl))
        said = Said("Advice")
        drawer = db.session.get_one(Person, iris)
        number = actions.draw(drawer, ends.department(other), end, said).id

    page = sign_in(carl).page(f"/map/services/{number}").text

    assert "Another department → Carl Advisor" in page
    assert "Canary" not in page


def test_a_consultant_names_nobody_whom_they_may_not_see(app: Flask, sign_in: SignIn) -> None:
    it, iris = make.represented(app, "IT")
    make.person(
        app, name="Canary Carla", email="carla@example.org", department=make.department(app)
    )
    owen = make.person(app, name="Owen of IT", department=it)
    carl = make.person(app, name="Carl Advisor", kind="consultant", attached=[it])
    with app.app_context():
        end = ends.somebody(db.session.get_one(Person, carl))
        drawer = db.session.get_one(Person, iris)
        number = actions.draw(drawer, ends.department(it), end, Said("Advice")).id
    browser, address = sign_in(carl), f"/map/services/{number}/owner"

    refused = [
        browser.post(address, {"side": "customer", "owner": who})
        for who in ("carla@example.org", "Canary Carla", "nobody@example.org")
    ]
    named = browser.post(address, {"side": "customer", "owner": "Owen of IT"})

    assert [answer.status_code for answer in refused] == [422] * 3
    told = ["Name carla@example.org by", "Name Canary Carla by", "Name nobody@example.org by"]
    assert all(words in answer.text for words, answer in zip(told, refused, strict=True))
    assert named.status_code == 303
    with app.app_context():
        assert db.session.get_one(Service, number).customer_owner_id == owen


def test_what_was_drawn_once_is_drawn_anew_after_every_change(app: Flask, sign_in: SignIn) -> None:
    it, iris = make.represented(app, "IT")
    sales, saul = make.represented(app, "Sales")
    reader, day = sign_in(iris), today().isoformat()

    def seen() -> set[str]:
        pages = [reader.page("/map"), reader.page(f"/map?as-of={day}")]
        labels = [
            {a["aria-label"] for a in page.all("a", aria_label=True) if "provider=" in a["href"]}
            for page in pages
        ]
        assert labels[0] == labels[1]
        return labels[0]

    def do(act: Callable[..., object], by: int, *rest: object) -> None:
        with app.app_context():
            act(db.session.get_one(Person, by), db.session.get_one(Service, number), *rest)

    assert seen() == set()
    with app.app_context():
        drawer = db.session.get_one(Person, iris)
        both = ends.department(it), ends.department(sales)
        number = actions.draw(drawer, *both, Said("Laptops")).id
    assert seen() == {"1 service, 1 not confirmed yet"}
    do(actions.deny, saul, "We buy our own.")
    assert seen() == {"1 service, 1 disputed"}
    do(actions.confirm, saul)
    assert seen() == {"1 service"}
    with app.app_context(), transaction():
        db.session.get_one(Department, sales).name = "Shops"
    assert "Shops" in reader.page("/map").text
    do(actions.end, saul, "No more.")
    assert seen() == set()
