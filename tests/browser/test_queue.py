"""The moderators' queue, cleared without a mouse."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.visits import Visit

Enter = Callable[..., Visit]


def test_a_queue_is_cleared_by_keyboard(visit: Enter) -> None:
    moderator = visit("moderator")
    page = moderator.page
    page.goto("/moderation?queue=review", wait_until="networkidle")
    rows = page.locator("[data-row]")
    waiting = rows.count()
    assert waiting > 1, "the demo has ideas in review"
    told = page.locator("[data-queue=review]")
    expect(told).to_have_text(str(waiting))
    second = rows.nth(1).get_attribute("data-idea")

    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows.nth(1)).to_have_class(re.compile(r"\bat\b"))
    page.keyboard.press("d")
    expect(page.locator(f"#reason-{second}")).to_be_focused()
    page.keyboard.type("Nobody has the time for it this year.")
    for _press in range(12):  # owner, the parts of a date, accept
        if page.evaluate("document.activeElement.value") == "decline":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/moderation?queue=review")
    expect(told).to_have_text(str(waiting - 1))
    expect(page.locator(f"[data-row][data-idea='{second}']")).to_have_count(0)

    page.wait_for_load_state("networkidle")
    page.keyboard.press("u")
    expect(page.locator(f"[data-row][data-idea='{second}']")).to_be_visible()
    expect(told).to_have_text(str(waiting))
    page.wait_for_load_state("networkidle")
    page.keyboard.press("j")
    first = rows.nth(0).get_attribute("data-idea")
    page.keyboard.press("b")
    expect(page.locator(f"[data-row][data-idea='{first}']")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    page.keyboard.press("u")
    expect(page.locator(f"[data-row][data-idea='{first}']")).to_be_visible()
