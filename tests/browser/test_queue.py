"""The moderators' queue, cleared without a mouse."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from forum.core.db import db
from forum.search.follower import EVERY
from forum.search.likely import finding
from forum.search.likely.models import DuplicateRound
from tests.browser.visits import Visit
from tests.browser.watch import settled
from tests.support.server import wait_until

Enter = Callable[..., Visit]


def test_a_queue_is_cleared_by_keyboard(visit: Enter) -> None:
    moderator = visit("moderator")
    page = moderator.page
    page.goto("/moderation?queue=review")
    settled(page)
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

    settled(page)
    page.keyboard.press("u")
    expect(page.locator(f"[data-row][data-idea='{second}']")).to_be_visible()
    expect(told).to_have_text(str(waiting))
    settled(page)
    page.keyboard.press("j")
    first = rows.nth(0).get_attribute("data-idea")
    page.keyboard.press("b")
    expect(page.locator(f"[data-row][data-idea='{first}']")).to_have_count(0)
    settled(page)
    page.keyboard.press("u")
    expect(page.locator(f"[data-row][data-idea='{first}']")).to_be_visible()


def a_night(app: Flask) -> bool:
    """Look for likely duplicates, once the index has them; whether that round is over."""
    with app.app_context():
        finding.sweep()
        over = db.session.scalar(select(DuplicateRound.swept_to).where(DuplicateRound.id == 1))
        db.session.remove()
        return over is None


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_likely_duplicates_are_cleared_by_keyboard(
    visit: Enter, inside: Flask, locale: str
) -> None:
    assert wait_until(lambda: a_night(inside), within=30, every=EVERY)
    moderator = visit("moderator", locale)
    page = moderator.page
    moderator.goto("/moderation?queue=flags")
    page.get_by_role("link", name=re.compile(f"^{moderator.says('Likely duplicates')}")).click()
    pairs = page.locator("[data-pair]")
    expect(pairs.first).to_be_visible()
    settled(page)
    waiting = pairs.count()
    assert waiting >= 2, "the demo has a pair in each language"
    first = page.locator(f"[data-pair='{pairs.nth(0).get_attribute('data-pair')}']")

    page.keyboard.press("j")
    expect(first).to_have_class(re.compile(r"\bat\b"))
    page.keyboard.press("x")
    expect(first).to_have_count(0)
    expect(pairs).to_have_count(waiting - 1)
    settled(page)
    page.keyboard.press("u")
    expect(first).to_be_visible()

    settled(page)
    page.keyboard.press("j")
    page.keyboard.press("m")
    page.wait_for_url(re.compile(r"/ideas/\d+/merge\?with=\d+$"))
    expect(page.locator("[name=ideas]:checked")).to_have_count(1)
    expect(page.locator("[name=parent]:checked")).to_have_count(1)
