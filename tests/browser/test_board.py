"""The board by keyboard and on a phone, and a stage that an administrator adds to it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.visits import Visit
from tests.browser.watch import settled

Enter = Callable[..., Visit]
BOARD = "/ideas?view=board"


def column(page: Page, slug: str) -> Locator:
    return page.locator(f"[data-column={slug}]")


def card(page: Page, slug: str, idea: str | None) -> Locator:
    return column(page, slug).locator(f"[data-idea='{idea}']")


def open_menu(page: Page) -> None:
    """The first card of the board, and its menu, without a mouse."""
    page.keyboard.press("j")
    for _press in range(8):  # its departments, then the menu
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.hasAttribute('popovertarget')"):
            break
    page.keyboard.press("Enter")


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_a_card_is_moved_and_brought_back_by_keyboard(visit: Enter, locale: str) -> None:
    moderator = visit("moderator", locale)
    page = moderator.page
    page.goto(BOARD)
    settled(page)
    first = column(page, "open").locator("[data-row]").first
    idea = first.get_attribute("data-idea")

    open_menu(page)
    way = first.get_by_role("button", name=moderator.says("In review"), exact=True)
    expect(way).to_be_visible()
    page.keyboard.press("Tab")
    expect(way).to_be_focused()
    page.keyboard.press("Enter")

    expect(card(page, "review", idea)).to_be_visible()
    moderator.sees(moderator.says("Moved: %(stage)s.", stage=moderator.says("In review")))
    settled(page)
    page.keyboard.press("u")
    expect(card(page, "open", idea)).to_be_visible()


def test_a_step_that_wants_a_reason_leads_to_the_form(visit: Enter) -> None:
    moderator = visit("moderator")
    page = moderator.page
    page.goto(BOARD)
    settled(page)
    idea = column(page, "open").locator("[data-row]").first.get_attribute("data-idea")

    open_menu(page)
    page.get_by_role("link", name=f"{moderator.says('Declined')}…").first.click()

    page.wait_for_url(f"**/ideas/{idea}#decide")
    expect(moderator.field("Reason, for everybody to read")).to_be_visible()


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_a_phone_shows_one_stage_at_a_time(visit: Enter, locale: str) -> None:
    reader = visit("anna", locale, width=360, has_touch=True, is_mobile=True)
    page = reader.page
    page.goto(BOARD)
    settled(page)
    expect(column(page, "open")).to_be_visible()
    expect(column(page, "review")).to_be_hidden()

    page.get_by_role("navigation", name=reader.says("Stages")).get_by_role(
        "link", name=reader.says("In review")
    ).tap()

    expect(column(page, "review")).to_be_visible()
    expect(column(page, "open")).to_be_hidden()


def test_more_of_a_column_comes_in_place_and_takes_the_focus_along(visit: Enter) -> None:
    reader = visit("anna")
    page = reader.page
    page.goto(BOARD)
    settled(page)
    rows = column(page, "open").locator("[data-row]")
    before = rows.count()

    column(page, "open").locator("a[rel=next]").press("Enter")

    expect(rows).not_to_have_count(before)
    assert page.url.endswith(BOARD)
    page.keyboard.press("Tab")
    expect(rows.nth(before).locator("h3 a")).to_be_focused()


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_an_administrator_adds_a_stage_and_an_idea_goes_through_it(
    visit: Enter, locale: str
) -> None:
    admin = visit("admin", locale)
    page = admin.page
    page.goto("/admin/stages")
    page.get_by_text(admin.says("Add a stage"), exact=True).click()
    admin.field("Name in English").fill("Trying out")
    admin.field("Name in Russian").fill("Проба")
    page.get_by_label(admin.says("Working days allowed")).fill("30")
    admin.button("Add").click()
    admin.sees(admin.says("The stage is added."))
    name = "Trying out" if locale == "en" else "Проба"

    moderator = visit("moderator", locale)
    board = moderator.page
    board.goto(BOARD)
    settled(board)
    first = column(board, "open").locator("[data-row]").first
    idea = first.get_attribute("data-idea")
    open_menu(board)
    first.get_by_role("button", name=name, exact=True).click()
    shown = board.locator(f"[data-column^=trying-out] [data-idea='{idea}']")
    expect(shown).to_be_visible()
    board.goto(f"/ideas/{idea}")
    expect(board.locator(".path .now")).to_contain_text(name)

    page.goto("/admin/stages")
    page.get_by_role("link", name=name, exact=True).click()
    admin.button("Remove").click()
    admin.sees(admin.says("The stage is removed."))
    board.goto(BOARD)
    expect(card(board, "open", idea)).to_be_visible()
