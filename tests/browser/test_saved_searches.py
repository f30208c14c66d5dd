"""A search is saved, tells what is new and has a feed; recent searches are offered."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser.visits import Visit
from tests.browser.watch import settled
from tests.search.saved.watching import minute
from tests.support import make

Enter = Callable[..., Visit]
WORDS = {"en": "gyroscope", "ru": "гироскоп"}
WRITTEN = {"en": "Two gyroscopes for the lab", "ru": "Два гироскопа для лаборатории"}


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_a_search_is_saved_and_tells_what_is_new(visit: Enter, inside: Flask, locale: str) -> None:
    reader = visit("anna", locale)
    page = reader.page
    reader.goto(f"/search?q={quote(WORDS[locale])}")
    reader.link("Save this search").click()
    expect(reader.field("Name of the search")).to_have_value(WORDS[locale])
    reader.field("Name of the search").fill(f"All about {locale}")
    reader.field("At once, in the inbox").check()
    reader.button("Save").click()
    page.wait_for_url(re.compile(r"/search/saved/\d+$"))
    reader.sees(reader.says("The search is saved."))
    feed = reader.field("Address of the feed").input_value()

    make.idea(inside, title=WRITTEN[locale], problem="They turn.")
    minute(inside)
    reader.goto("/notifications?unread=1")
    reader.sees(reader.words.ngettext(*RESULT, 1) % {"num": 1})
    page.get_by_role("button", name=f"All about {locale}").first.click()
    page.wait_for_url(re.compile(r"/search/saved/\d+$"))
    expect(page.get_by_role("link", name=WRITTEN[locale])).to_be_visible()

    atom = page.context.request.get("/feeds/" + feed.partition("/feeds/")[2])
    assert WRITTEN[locale] in atom.text()

    reader.button("Delete").click()
    page.wait_for_url("**/search/saved")
    reader.button("Undo").click()
    reader.sees(f"All about {locale}")


RESULT = (
    "%(num)d new result of your saved search",
    "%(num)d new results of your saved search",
)


def test_the_empty_box_offers_what_was_searched_for_lately(visit: Enter) -> None:
    reader = visit("boris")
    page = reader.page
    with page.expect_response("**/search/finished") as told:
        reader.goto("/search?q=forklift&kind=idea")
    assert told.value.status == 204

    reader.goto("/ideas")
    settled(page)
    page.keyboard.press("/")
    expect(page.get_by_role("option").first).to_have_text("forklift · Ideas")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=forklift&kind=idea")

    settled(page)
    reader.goto("/settings/searches")
    forget = page.get_by_role("button", name="Forget “forklift · Ideas”")
    forget.click()
    expect(forget).to_have_count(0)
