"""Narrowing a search by keyboard, by mouse and by thumb; text, chips and facets stay one query."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.browser.visits import Visit
from tests.browser.watch import settled


@pytest.mark.parametrize(
    ("locale", "typed", "named", "value", "done"),
    [
        ("en", "invoice stage", "stage:", "op", "invoice stage:open "),
        ("ru", "invoice стат", "статус:", "откр", "invoice статус:открыта "),
    ],
)
def test_a_filter_is_completed_by_keyboard(
    visit: Callable[..., Visit], locale: str, typed: str, named: str, value: str, done: str
) -> None:
    reader = visit("anna", locale)
    reader.goto("/search")
    settled(reader.page)
    box, offered = reader.page.locator("#query"), reader.page.locator("#query-list [role=option]")

    box.press_sequentially(typed)
    expect(offered.first).to_contain_text(named)
    box.press("ArrowDown")
    expect(offered.first).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(box).to_have_value(f"invoice {named}")
    box.press_sequentially(value)
    expect(offered.first).to_contain_text(f"{named}{value}")
    box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value(done)
    box.press("Enter")

    expect(reader.page).to_have_url(re.compile(r"/search\?q=invoice"))
    expect(reader.page.locator(".chosen-filters .chip")).to_have_count(1)


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_facets_are_chosen_and_left_by_mouse(visit: Callable[..., Visit], locale: str) -> None:
    reader = visit("anna", locale)
    reader.goto("/search?q=invoice")
    total = reader.page.locator("#hits-head").text_content()

    reader.page.locator("#values-kind a").first.click()
    reader.page.locator("#values-stage a").first.click()
    chips = reader.page.locator(".chosen-filters .chip")
    expect(chips).to_have_count(2)
    expect(reader.page.locator("#values-stage [aria-current]")).to_have_count(1)
    chips.first.click()
    expect(chips).to_have_count(1)
    chips.first.click()

    expect(chips).to_have_count(0)
    expect(reader.page.locator("#hits-head")).to_have_text(str(total))


def test_a_typed_filter_goes_out_of_the_text_with_its_chip(visit: Callable[..., Visit]) -> None:
    reader = visit("anna", "en")
    reader.goto("/search?q=invoice+stage:open,review")

    reader.page.locator(".chosen-filters .chip").first.click()

    expect(reader.page.locator("#query")).to_have_value("invoice stage:review")


def test_on_a_phone_facets_are_chips_that_open_without_a_script(opens: Opens, site: str) -> None:
    context = opens(width=360, java_script_enabled=False, has_touch=True, is_mobile=True)
    reader = Visit(context, "ru")
    reader.enter("anna")
    reader.goto("/search?q=" + "a*")

    expect(reader.page.locator("#values-kind")).to_be_hidden()
    reader.page.locator("button[popovertarget=values-kind]").tap()
    reader.page.locator("#values-kind a").first.tap()

    expect(reader.page.locator(".chosen-filters .chip")).to_have_count(1)
    assert reader.page.evaluate("document.documentElement.scrollWidth") <= 360
