"""Drawing a service: which side is one's own, and what may be chosen there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from forum.core.db import transaction
from forum.core.site import save_settings
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import Document, Element, parsed, sent_by

SignIn = Callable[..., Browser]
NEW = "/map/services/new"


@pytest.fixture
def company(app: Flask) -> dict[str, int]:
    """Iris answers for IT; Anna belongs to Finance and answers for nothing."""
    with app.app_context(), transaction():
        save_settings({"modules": ["map"]})
    ids = {name: make.department(app, name.upper(), slug=name) for name in ("it", "fin", "ops")}
    iris = make.person(app, name="Iris", department=ids["it"])
    make.represent(app, iris, ids["it"])
    anna = make.person(app, name="Anna", department=ids["fin"])
    return {**ids, "iris": iris, "anna": anna}


def options(page: Document, field: str) -> list[Element]:
    """What a select offers."""
    found: dict[str, list[Element]] = {}
    name = ""
    for each in page.elements:
        if each.name == "select":
            name = each.get("name") or ""
        elif each.name == "option":
            found.setdefault(name, []).append(each)
    return found[field]


def chosen(page: Document, *fields: str) -> dict[str, str]:
    """What the form begins with, by field."""
    return {
        field: each.text
        for field in fields or ("provider", "customer")
        for each in options(page, field)
        if "selected" in each
    }


def pressed(page: Document, label: str) -> Element:
    """The button of a side."""
    [found] = [each for each in page.all("button", form="draw") if each.text == label]
    return found


def turn(browser: Browser, page: Document, label: str, typed: dict[str, str]) -> Document:
    """The page after the other side was chosen, with what was typed before."""
    button = pressed(page, label)
    sent = {**sent_by(page, NEW), **typed, button["name"]: button["value"]}
    return parsed(browser.post(button["formaction"], sent).text)


def offered(page: Document, side: str) -> list[str]:
    return [each.text for each in options(page, side)]


def test_who_answers_for_nothing_stands_at_one_end_themselves(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    anna = sign_in(company["anna"])

    page = anna.page(f"{NEW}?provider=fin&customer=it")

    assert "You answer for no department, so your side is you yourself." in page.text
    leads = [each.text for each in page.all("a", href="/departments/fin")]
    assert "Whoever answers for FIN draws for all of it." in leads
    assert offered(page, "provider") == ["I myself (Anna)"]
    assert offered(page, "customer") == ["Choose a department", "FIN", "IT", "OPS"]
    assert chosen(page) == {"provider": "I myself (Anna)", "customer": "IT"}
    sent = {"own": "provider", "provider": "me", "customer": str(company["it"]), "name": "Figures"}
    drawn = anna.post(NEW, sent)
    assert drawn.status_code == 303
    assert "Anna FIN → IT" in anna.page(drawn.headers["Location"]).text


@pytest.mark.parametrize(
    ("asked", "provider", "customer"),
    [
        ("", "IT", ""),
        ("?provider=it&customer=ops", "IT", "OPS"),
        ("?provider=ops&customer=it", "OPS", "IT"),
        ("?provider=it&customer=it", "IT", ""),
        ("?provider=ops", "OPS", "IT"),
        ("?own=customer&provider=ops&customer=fin", "OPS", "IT"),
    ],
)
def test_a_link_fills_in_the_side_that_one_speaks_for_once(
    sign_in: SignIn, company: dict[str, int], asked: str, provider: str, customer: str
) -> None:
    page = sign_in(company["iris"]).page(f"{NEW}{asked}")

    found = chosen(page)
    assert (found.get("provider", ""), found.get("customer", "")) == (provider, customer)
    assert "You speak for yourself and for: IT." in page.text


def test_the_sides_change_places_with_what_was_chosen(
    sign_in: SignIn, company: dict[str, int]
) -> None:
    iris = sign_in(company["iris"])
    typed = {"name": "Laptops", "delivered": "One on the first day", "channel": "it@example.org"}
    exact = {"customer_kind": "role", "customer_name": "Drivers", "criticality": "high"}
    blank = iris.page(f"{NEW}?provider=it&customer=ops")
    assert "formnovalidate" in pressed(blank, "My side gets it")

    there = turn(iris, blank, "My side gets it", {**typed, **exact})
    back = turn(iris, there, "My side provides it", {})

    assert chosen(there) == {"provider": "OPS", "customer": "IT"}
    assert chosen(there, "provider_kind", "criticality") == {
        "provider_kind": "Role",
        "criticality": "High: work stops without it",
    }
    kept = sent_by(there, NEW)
    assert {name: kept[name] for name in typed} == typed
    assert (kept["provider_name"], kept["own"]) == ("Drivers", "customer")
    assert not there.all("p", class_="error")
    assert pressed(there, "My side gets it").get("aria-current")
    assert sent_by(back, NEW) == {**sent_by(blank, NEW), **typed, **exact}


def test_the_end_of_who_is_in_no_department_asks_for_a_person(
    sign_in: SignIn, company: dict[str, int]
) -> None:
    page = sign_in(company["iris"]).page(f"{NEW}?provider=it&customer=-")

    assert chosen(page, "customer_kind") == {"customer_kind": "Person"}


def test_a_moderator_chooses_any_two(app: Flask, sign_in: SignIn, company: dict[str, int]) -> None:
    page = sign_in(make.moderator(app)).page(f"{NEW}?provider=fin&customer=it")

    assert chosen(page) == {"provider": "FIN", "customer": "IT"}
    assert "My side" not in page.text


def test_what_is_empty_says_why(app: Flask, sign_in: SignIn, company: dict[str, int]) -> None:
    make.service(app, company["it"], company["ops"], "Laptops")
    reader = sign_in(company["anna"])

    assert "Nothing was drawn on the map by this day." in reader.page("/map?as-of=2020-06-01").text
    assert "from this branch" in reader.page("/map?branch=fin").text
    assert "Nobody serves it yet." in reader.page("/map/it").text
    assert "It serves nobody yet." in reader.page("/map/ops").text


def test_a_consultants_list_does_not_lead_to_itself(
    sign_in: SignIn, company: dict[str, int]
) -> None:
    consultant = sign_in(kind="consultant", attached=[company["it"]])

    def crumbs(reader: Browser) -> int:
        return reader.get("/map/services").text.count('class="breadcrumb"')

    assert (crumbs(consultant), crumbs(sign_in(company["anna"]))) == (0, 1)
