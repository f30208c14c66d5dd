"""The map in a browser: a service drawn on one phone and confirmed on another, and the matrix by
keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.visits import Visit
from tests.browser.watch import settled

Enter = Callable[..., Visit]


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_a_service_is_drawn_on_a_phone_and_confirmed_on_another(visit: Enter, locale: str) -> None:
    boris = visit("boris", locale, width=360)
    boris.page.goto("/map/services/new?provider=it&customer=sales")
    name = f"Price labels {locale}"
    boris.page.locator("#name").fill(name)
    boris.page.locator("#delivered").fill("By noon of the day before.")
    boris.button("Draw it").click()
    boris.sees(boris.says("The other side is asked whether it is so."))
    address = boris.page.url

    irina = visit("irina", locale, width=360)
    irina.page.goto(address)
    expect(irina.page.locator("h1")).to_have_text(name)
    irina.button("Confirm: it is so").click()

    irina.sees(irina.says("Confirmed: both sides agree."))
    expect(irina.page.locator("[data-service]").first).to_have_attribute("data-state", "confirmed")
    assert irina.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert not violations(irina.page)


def test_the_other_side_keeps_what_was_typed_and_enter_draws(visit: Enter) -> None:
    boris, asked = visit("boris", "en"), list[str]()
    boris.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    boris.page.goto("/map/services/new?provider=it&customer=quality")
    settled(boris.page)
    boris.page.locator("#name").press_sequentially("Figures by Monday")

    boris.button("My side gets it").click()
    expect(boris.page.locator("button[name=turn][aria-current]")).to_have_text("My side gets it")
    expect(boris.page.locator("#name")).to_have_value("Figures by Monday")
    assert not violations(boris.page)
    boris.page.locator("#name").press("Enter")

    expect(boris.page.locator("h1")).to_have_text("Figures by Monday")
    expect(boris.page.locator(".lede")).to_have_text(re.compile("→ Information Technology$"))
    assert asked == []


def test_the_matrix_goes_by_arrow_keys_and_opens_with_enter(visit: Enter) -> None:
    anna = visit("anna", "en")
    anna.page.goto("/map")
    settled(anna.page)
    stops = anna.page.locator("table.map tbody [tabindex='0']")
    expect(stops).to_have_count(1)
    stops.focus()

    before = anna.page.evaluate("document.activeElement.closest('td').cellIndex")
    anna.page.keyboard.press("ArrowRight")
    anna.page.keyboard.press("ArrowDown")
    after = anna.page.evaluate("document.activeElement.closest('td').cellIndex")
    assert after == before + 1
    anna.page.locator("table.map td:not(:has(a))").first.evaluate("cell => cell.click()")
    anna.page.wait_for_url("**/map/services/new?provider=*&customer=*")

    anna.page.goto("/map")
    settled(anna.page)
    anna.page.locator("table.map tbody [tabindex='0']").focus()
    anna.page.keyboard.press("Enter")
    anna.page.wait_for_url("**/map/services?provider=*&customer=*")
    expect(anna.page.locator("[data-service]").first).to_be_visible()


def test_the_headings_are_reached_by_arrow_keys_and_are_no_stops_of_their_own(visit: Enter) -> None:
    page = visit("anna", "en").page
    page.goto("/map")
    settled(page)
    expect(page.locator("table.map [tabindex='0']")).to_have_count(1)
    page.locator("table.map tbody [tabindex='0']").focus()

    page.keyboard.press("Home")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("table.map tbody th a:focus")).to_have_count(1)
    page.keyboard.press("ArrowRight")
    for _row in range(40):
        page.keyboard.press("ArrowUp")
    expect(page.locator("table.map thead th a:focus")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/map/[a-z]|/map.branch="))


def test_an_empty_cell_of_who_is_in_no_department_asks_for_a_person(visit: Enter) -> None:
    page = visit("boris", "en").page
    page.goto("/map")
    settled(page)

    page.locator("table.map tr:has([data-slug=it]) td:last-child").click()

    page.wait_for_url("**/map/services/new?provider=it&customer=-")
    expect(page.locator("#customer_kind")).to_have_value("person")
    expect(page.locator("#customer_person")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_a_star_shows_everybody_below_each_other(visit: Enter, scheme: str) -> None:
    visitor = visit("anna", "ru", width=360, color_scheme=scheme)
    page = visitor.page
    page.goto("/map/it")

    expect(page.locator(".star svg")).to_be_hidden()
    named = page.locator(".star-stack")
    for name in ("Purchasing and Contracts", "Production", "Finance", "Logistics"):
        expect(named.get_by_role("link", name=name)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert violations(page) == []
