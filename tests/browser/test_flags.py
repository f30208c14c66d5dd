"""From a flag to its repair, in both languages; moderators clear their queue without a mouse."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.visits import Visit
from tests.browser.watch import settled

Enter = Callable[..., Visit]
QUEUE = "/moderation?queue=flags"


class Story(NamedTuple):
    """What is said."""

    rude: str
    note: str
    why: str
    kind: str


STORIES = {
    "en": Story(
        rude="The people in the archive are too lazy to sort the shelves by year.",
        note="It attacks colleagues.",
        why="Say what is wrong with the shelves, not with the people.",
        kind="The shelves in the archive are not sorted by year, so finding a file takes an hour.",
    ),
    "ru": Story(
        rude="Люди в архиве слишком ленивы, чтобы разложить полки по годам.",
        note="Это нападки на коллег.",
        why="Скажите, что не так с полками, а не с людьми.",
        kind="Полки в архиве не разложены по годам, и поиск папки занимает час.",
    ),
}


def waits(visit: Visit, address: str, wanted: Callable[[], Locator]) -> None:
    """Look again until the log has been followed so far."""
    for _look in range(40):
        visit.page.goto(address)
        settled(visit.page)
        if wanted().count():
            return
        visit.page.wait_for_timeout(250)  # the jobs process follows the log in its own time
    raise AssertionError(f"{address} never showed it")


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_a_flag_leads_to_a_repair(visit: Enter, locale: str) -> None:
    story = STORIES[locale]
    anna = visit("anna", locale)
    anna.goto("/ideas/new")
    anna.page.locator("#problem").fill(story.rude)
    anna.page.locator("main button[value=post]").click()
    anna.page.wait_for_url(re.compile(r"/ideas/\d+$"))
    idea = anna.page.url

    boris = visit("boris", locale, width=360)
    boris.page.goto(idea)
    boris.link("Flag").first.click()
    boris.page.get_by_label(boris.says("It is rude or attacks somebody")).check()
    boris.page.locator("#note").fill(story.note)
    boris.button("Tell the moderators").click()
    boris.sees(boris.says("Thank you. Moderators will look at it; nobody else learns of it."))

    moderator = visit("moderator", locale)
    page = moderator.page
    page.goto(QUEUE)
    settled(page)
    row = page.locator("[data-matter]").filter(has_text=story.rude)
    matter = row.get_attribute("data-matter")
    mine = page.locator(f"[data-matter='{matter}']")

    def at_row() -> None:
        for _step in range(10):
            page.keyboard.press("j")
            if "at" in (mine.get_attribute("class") or "").split():
                return
        raise AssertionError("j never came to the row")

    at_row()
    page.keyboard.press("t")
    expect(mine.get_by_role("button", name=moderator.says("Let go"))).to_be_visible()
    settled(page)
    at_row()
    page.keyboard.press("h")
    expect(page.locator(f"#why-{matter}")).to_be_focused()
    page.keyboard.type(story.why)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(mine).to_have_count(0)
    settled(page)
    page.keyboard.press("u")
    expect(mine).to_be_visible()
    settled(page)
    at_row()
    page.keyboard.press("h")
    page.keyboard.type(story.why)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(mine).to_have_count(0)
    assert boris.context.request.get(idea).status == 404

    waits(anna, "/notifications", lambda: anna.page.get_by_text(story.why))
    anna.goto(idea)
    anna.sees(story.why)
    anna.link("Edit").click()
    anna.page.locator("#problem").fill(story.kind)
    anna.page.locator("main form[data-guard] .primary, main form .primary").first.click()
    anna.page.wait_for_url(idea)

    waits(moderator, QUEUE, lambda: mine)
    expect(mine).to_have_attribute("data-state", "repaired")
    at_row()
    page.keyboard.press("a")
    expect(mine).to_have_count(0)
    boris.page.goto(idea)
    boris.sees(story.kind)
