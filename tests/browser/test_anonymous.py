"""An idea without a name in both languages: posted, asked about, answered through the relay."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import pytest

from tests.browser.axe import violations
from tests.browser.visits import Visit

Enter = Callable[..., Visit]


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
