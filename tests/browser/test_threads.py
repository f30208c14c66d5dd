"""Old addresses into a talk that has grown long since."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from playwright.sync_api import expect

from forum.discussion.queries import PAGE
from tests.browser.visits import Visit
from tests.discussion.talks import about_an_idea

Enter = Callable[..., Visit]


def test_an_address_kept_from_a_shorter_talk_still_leads_to_its_comment(
    inside: Flask, visit: Enter
) -> None:
    thread = about_an_idea(inside, PAGE + 30)
    page = visit("anna").page
    first, newest = f"#comment-{thread.ids[0]}", f"#comment-{thread.ids[-1]}"

    page.goto(f"{thread.url}{first}")

    expect(page.locator(first)).to_be_in_viewport()
    expect(page.locator(newest)).to_have_count(0)
    page.get_by_role("link", name="Newest comments").click()
    expect(page.locator(newest)).to_be_visible()
    expect(page.locator(first)).to_have_count(0)
