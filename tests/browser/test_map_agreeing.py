"""A service drawn by keyboard on the map, and how its two sides come to agree on it, or do not."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.visits import Visit
from tests.browser.watch import settled

Enter = Callable[..., Visit]
PROVIDER, CUSTOMER = "sales", "it"
"""Between these nothing is drawn yet, and nothing is left when the story is over."""
SLUG = "document.activeElement.closest('tr').cells[0].dataset.slug"
COLUMN = """() => {
  const cell = document.activeElement.closest('td, th');
  return cell.closest('table').tHead.rows[0].cells[cell.cellIndex].dataset.slug;
}"""


class Story(NamedTuple):
    """What is drawn, what is corrected, and why not."""

    name: str
    delivered: str
    corrected: str
    wrong: str
    why: str


STORIES = {
    "en": Story(
        name="Licence forecast",
        delivered="How many people sell next quarter.",
        corrected="How many people sell next quarter, by the 20th.",
        wrong="Licence forecast by phone",
        why="Nobody calls us; it comes as a list.",
    ),
    "ru": Story(
        name="Прогноз по лицензиям",
        delivered="Сколько людей будет продавать в следующем квартале.",
        corrected="Сколько людей будет продавать в следующем квартале, до 20-го числа.",
        wrong="Прогноз по лицензиям по телефону",
        why="Нам никто не звонит, приходит список.",
    ),
}


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_two_sides_agree_correct_and_deny(visit: Enter, locale: str) -> None:
    story = STORIES[locale]
    irina, boris = visit("irina", locale), visit("boris", locale, width=360)

    drawn(irina, story)
    address = irina.page.url
    corrects(boris, story, address)
    confirmed(irina, address)

    rewords(irina, story, address)
    denied(boris, story, address)
    takes_back(irina, address)
    taken_off(boris, story, address)


def drawn(visitor: Visit, story: Story) -> None:
    """From the cell between two departments to the service, without a mouse."""
    page = visitor.page
    page.goto("/map")
    settled(page)
    page.locator("table.map tbody [tabindex='0']").focus()
    page.keyboard.press("Home")
    walk(page, "ArrowUp", "ArrowDown", SLUG, PROVIDER)
    walk(page, "ArrowLeft", "ArrowRight", COLUMN, CUSTOMER)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/map/services/new?provider={PROVIDER}&customer={CUSTOMER}")
    settled(page)
    tab_to(page, "name")
    page.keyboard.type(story.name)
    tab_to(page, "delivered")
    page.keyboard.type(story.delivered)
    tab_to(page, "")
    page.keyboard.press("Enter")
    visitor.sees(visitor.says("The other side is asked whether it is so."))
    states(visitor, "proposed")


def walk(page: Page, back: str, onward: str, where: str, wanted: str) -> None:
    """To the first, and on until it is there."""
    for _step in range(40):
        if page.evaluate(where) == wanted:
            return
        page.keyboard.press(back)
    for _step in range(40):
        if page.evaluate(where) == wanted:
            return
        page.keyboard.press(onward)
    raise AssertionError(f"{wanted} is not reached")


def tab_to(page: Page, name: str) -> None:
    """Tab until a field has the focus; with no name, the button that sends."""
    for _stop in range(60):
        if page.evaluate("document.activeElement.id") == name and (
            name or page.evaluate("document.activeElement.matches('main form .button.primary')")
        ):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} is not reached")


def states(visitor: Visit, state: str) -> None:
    """How far the service is, as its page says."""
    expect(visitor.page.locator("header[data-service]")).to_have_attribute("data-state", state)


def corrects(visitor: Visit, story: Story, address: str) -> None:
    """Found among what is not confirmed; the correction goes back to the first side."""
    visitor.goto("/map/services?state=proposed")
    visitor.page.get_by_role("link", name=story.name).click()
    visitor.link("Correct it").click()
    visitor.page.locator("#delivered").fill(story.corrected)
    visitor.button("Save").click()
    visitor.page.wait_for_url(f"**{address[address.index('/map') :]}")
    states(visitor, "proposed")
    expect(visitor.button("Confirm: it is so")).to_have_count(0)
    assert violations(visitor.page) == []


def confirmed(visitor: Visit, address: str) -> None:
    """It is so."""
    visitor.goto(address)
    visitor.button("Confirm: it is so").click()
    visitor.sees(visitor.says("Confirmed: both sides agree."))
    states(visitor, "confirmed")


def rewords(visitor: Visit, story: Story, address: str) -> None:
    """What was agreed on is called otherwise by one side."""
    visitor.goto(address)
    visitor.link("Correct it").click()
    visitor.page.locator("#name").fill(story.wrong)
    visitor.button("Save").click()
    states(visitor, "proposed")


def denied(visitor: Visit, story: Story, address: str) -> None:
    """Not so, because; anybody reads that it is disputed, on the map and in the list."""
    visitor.goto(address)
    visitor.page.locator("summary", has_text=visitor.says("It is not so")).click()
    visitor.page.locator("#why-deny").fill(story.why)
    visitor.button("It is not so").click()
    states(visitor, "disputed")
    visitor.sees(story.why)
    visitor.goto("/map")
    cell = f"table.map a[href*='provider={PROVIDER}&'][href$='customer={CUSTOMER}']"
    expect(visitor.page.locator(cell).locator("b", has_text="!")).to_be_visible()
    visitor.goto("/map/services?state=disputed")
    visitor.sees(story.wrong)
    assert violations(visitor.page) == []


def takes_back(visitor: Visit, address: str) -> None:
    """Whoever was denied takes it back, and what both had agreed on stands."""
    visitor.goto(address)
    visitor.page.locator("summary", has_text=visitor.says("Take the proposal back")).click()
    visitor.button("Take the proposal back").click()
    states(visitor, "confirmed")


def taken_off(visitor: Visit, story: Story, address: str) -> None:
    """Either side takes off the map what both agreed on, and says why."""
    visitor.goto(address)
    expect(visitor.page.locator("h1")).to_have_text(story.name)
    visitor.sees(story.corrected)
    visitor.page.locator("summary", has_text=visitor.says("Take it off the map")).click()
    visitor.page.locator("#why-end").fill(story.why)
    visitor.button("Take it off the map").click()
    states(visitor, "ended")
