"""An idea without a name in both languages: posted, asked about, answered through the relay."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from tests.browser.axe import violations
from tests.browser.visits import Visit
from tests.browser.watch import settled

Enter = Callable[..., Visit]
WITHIN_MS = 8_000
FAILED = "That did not work. Check the connection and try again."


class Story(NamedTuple):
    """What is said."""

    text: str
    question: str
    answer: str


STORIES = {
    "en": Story(
        text="Nobody dares to say that overtime is not written down.",
        question="In which week did it begin?",
        answer="In the week of the move.",
    ),
    "ru": Story(
        text="Никто не решается сказать, что сверхурочные не записывают.",
        question="С какой недели это началось?",
        answer="С недели переезда.",
    ),
}


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_an_idea_without_a_name_is_asked_about_and_answered(visit: Enter, locale: str) -> None:
    story = STORIES[locale]
    anna = visit("anna", locale, width=360)
    anna.goto("/ideas/new")
    page = anna.page
    page.locator("#problem").fill(story.text)
    page.locator("summary").filter(has_text=anna.says("Title, proposal, departments, tags")).click()
    page.locator("label.choice").filter(has_text="Information Technology").click()
    page.get_by_label(anna.says("Without my name; nobody can see who wrote it")).check()
    page.locator("main button[value=post]").click()
    page.wait_for_url(re.compile(r"/ideas/\d+$"))
    idea, kept = page.url, page.locator("#secret").input_value()
    assert anna.says("Anonymous") in page.locator(".byline").inner_text()
    assert "Anna" not in page.locator("main").inner_text()

    boris = visit("boris", locale)
    boris.page.goto(idea)
    tile = boris.page.locator("#answers details").first
    tile.locator("summary").first.click()
    tile.locator("summary").filter(has_text=boris.says("More")).click()
    tile.locator("textarea[name=question]").fill(story.question)
    boris.button("Ask the author").click()
    boris.sees(boris.says("its time rests"))

    page.goto(kept)
    assert story.question in page.locator("main").inner_text()
    assert violations(page) == []
    page.locator("textarea[name=answer]").fill(story.answer)
    anna.button("Answer").click()
    anna.sees(anna.says("Your answer stands under the idea, without your name."))
    assert page.locator("textarea[name=answer]").count() == 0

    boris.page.goto(idea)
    shown = boris.page.locator("#comments").inner_text()
    assert story.answer in shown
    assert boris.says("the author answered") in shown
    assert "Anna" not in boris.page.locator("main").inner_text()


def writing_unsigned(visit: Visit, text: str) -> Page:
    """The page for writing, with an idea on it that is to be nobody's."""
    page = visit.page
    page.goto("/ideas/new")
    settled(page)
    page.locator("#problem").fill(text)
    page.locator("summary").filter(
        has_text=visit.says("Title, proposal, departments, tags")
    ).click()
    page.get_by_label(visit.says("Without my name; nobody can see who wrote it")).check()
    return page


def drafts(visit: Visit) -> int:
    """How many drafts with their name somebody has."""
    visit.goto("/ideas/new")
    return visit.page.locator("main a[href$='/edit']").count()


def test_whoever_presses_twice_while_a_draft_is_saved_leaves_none_with_their_name(
    visit: Enter,
) -> None:
    anna = visit("anna")
    before = drafts(anna)
    held: list[tuple[Route, APIResponse]] = []
    anna.page.route("**/ideas/autosave", lambda route: held.append((route, route.fetch())))
    page = writing_unsigned(anna, "Nobody dares to say that breaks are not taken.")
    post = page.locator("main button[value=post]")
    wait_until_held(page, held)

    post.click()
    post.click()
    for route, answer in held:
        route.fulfill(response=answer)

    page.wait_for_url(re.compile(r"/ideas/\d+$"))
    assert anna.says("Anonymous") in page.locator(".byline").inner_text()
    assert drafts(anna) == before


def wait_until_held(page: Page, held: list[tuple[Route, APIResponse]]) -> None:
    """The forum has saved the draft, and the page does not know it yet."""
    for _ in range(100):
        if held:
            return
        page.wait_for_timeout(50)
    raise AssertionError("nothing was saved")


def test_what_is_typed_after_the_draft_was_posted_elsewhere_begins_none_with_ones_name(
    visit: Enter,
) -> None:
    anna = visit("anna")
    before = drafts(anna)
    page = writing_unsigned(anna, "Nobody dares to say that helmets are too few.")
    expect(page.locator("#whisper")).to_have_text("Saved", timeout=WITHIN_MS)
    form = page.locator("form[data-autosave]")
    draft = (form.get_attribute("data-autosave") or "").removesuffix("/autosave")
    elsewhere = anna.context.new_page()
    elsewhere.goto(draft)
    elsewhere.get_by_role("button", name="Delete draft").click()
    elsewhere.wait_for_url("**/ideas?mine=1")

    anna.watch.expect(404)
    with page.expect_response(lambda answer: answer.status == 404):
        page.locator("#problem").press("End")
        page.locator("#problem").press_sequentially(" By far.")
    # Longer than what is typed waits to be saved: nothing more may be sent.
    page.wait_for_timeout(3_000)

    expect(page.locator("#whisper")).to_have_text(anna.says(FAILED))
    page.on("dialog", lambda dialog: dialog.accept())
    assert drafts(anna) == before
