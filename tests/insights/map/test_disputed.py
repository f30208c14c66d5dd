"""What both sides of a service say against it, each under its name."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete

from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.departments.models import Service, ServiceChange
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
QUOTE = re.compile(
    r'class="map-why">(?:<figcaption>(.*?)</figcaption>)?<blockquote>(.*?)</blockquote>'
)


@pytest.fixture(autouse=True)
def map_on(app: Flask) -> None:
    with app.app_context(), transaction():
        save_settings({"modules": ["map"]})


def test_each_side_is_quoted_under_its_department(app: Flask, sign_in: SignIn) -> None:
    it, sales = make.department(app, "IT"), make.department(app, "Sales")
    browsers = []
    for name, place in (("Iris", it), ("Saul", sales)):
        person = make.person(app, name=name, department=place)
        make.represent(app, person, place)
        browsers.append(sign_in(person))
    iris, saul = browsers
    sent = {"provider": str(it), "customer": str(sales), "name": "Laptops"}
    address = iris.post("/map/services/new", sent).headers["Location"]

    def quotes() -> list[tuple[str, str]]:
        return QUOTE.findall(iris.get(address).text)

    assert quotes() == []
    saul.post(f"{address}/deny", {"why": "We buy our own."})
    assert quotes() == [("Sales, Saul", "We buy our own.")]
    iris.post(f"{address}/deny", {"why": "You did not last year."})
    assert quotes() == [
        ("Sales, Saul", "We buy our own."),
        ("IT, Iris", "You did not last year."),
    ]
    saul.post(f"{address}/confirm")
    assert quotes() == []
    iris.post(f"{address}/end", {"why": "No more."})
    assert quotes() == [("Iris", "No more.")]


def test_a_denial_by_a_slip_is_undone_from_its_notice(app: Flask, sign_in: SignIn) -> None:
    it, sales = make.department(app, "IT"), make.department(app, "Sales")
    (iris, saul) = (make.person(app, name=name) for name in ("Iris", "Saul"))
    make.represent(app, iris, it)
    make.represent(app, saul, sales)
    browsers = {"saul": sign_in(saul), "iris": sign_in(iris)}
    sent = {"provider": str(it), "customer": str(sales), "name": "Laptops"}
    address = browsers["iris"].post("/map/services/new", sent).headers["Location"]

    def said_by(who: str, why: str) -> str:
        page = browsers[who].page(browsers[who].post(f"{address}/deny", {"why": why}).location)
        [undo] = [each["formaction"] for each in page.all("button") if each.text == "Undo"]
        return undo

    browsers["saul"].post(said_by("saul", "Not ours."))
    page = browsers["saul"].get(address).text
    assert "the service is as it was before you denied it." in page
    assert "denial taken back" in page
    assert QUOTE.findall(page) == []
    late = said_by("saul", "We buy our own.")
    browsers["iris"].post(said_by("iris", "You did not last year."))
    said = browsers["iris"].get(address).text
    assert QUOTE.findall(said) == [("Sales, Saul", "We buy our own.")]
    said_by("iris", "You do not.")
    refused = browsers["saul"].post(late)
    assert refused.status_code == 409
    assert "It has been answered since." in refused.text
    assert [words for _side, words in QUOTE.findall(browsers["saul"].get(address).text)] == [
        "We buy our own.",
        "You do not.",
    ]


def test_a_reason_that_a_file_brought_is_quoted_of_nobody(app: Flask, sign_in: SignIn) -> None:
    it, sales = make.department(app, "IT"), make.department(app, "Sales")
    number = make.service(app, it, sales, state="disputed")
    with app.app_context(), transaction():
        db.session.get_one(Service, number).why = "Not ours."

    page = sign_in(make.person(app)).get(f"/map/services/{number}").text

    assert QUOTE.findall(page) == [("", "Not ours.")]


def test_the_history_says_what_a_correction_changed(app: Flask, sign_in: SignIn) -> None:
    it, sales = make.department(app, "IT"), make.department(app, "Sales")
    iris, saul = (make.person(app, department=place) for place in (it, sales))
    make.represent(app, iris, it)
    make.represent(app, saul, sales)
    said = {"name": "Laptops", "delivered": "A laptop within five days", "criticality": "low"}
    drawn = sign_in(iris).post(
        "/map/services/new", {"provider": str(it), "customer": str(sales), **said}
    )
    address, customer = drawn.headers["Location"], sign_in(saul)

    customer.post(
        f"{address}/edit",
        {**said, "delivered": "A laptop within three days", "criticality": "high"},
    )
    customer.post(f"{address}/confirm")

    text = customer.get(address).text
    history = text[text.index('id="history"') :]
    assert re.findall("<(del|ins)>(.*?)</", history) == [
        ("del", "five"),
        ("ins", "three"),
        ("del", "Low"),
        ("ins", "High: work stops without it"),
    ]


def test_a_service_without_a_history_has_its_page(app: Flask, sign_in: SignIn) -> None:
    it, sales = make.department(app, "IT"), make.department(app, "Sales")
    number = make.service(app, it, sales)
    with app.app_context(), transaction():
        db.session.execute(delete(ServiceChange))

    assert sign_in().page(f"/map/services/{number}").one("h2", id="history").text == "History"
