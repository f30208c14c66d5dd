"""Writing an idea together, walked in both languages: marks, a co-author, a suggested edit."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.visits import Visit

Enter = Callable[..., Visit]


class Story(NamedTuple):
    """What is written."""

    problem: str
    better: str
    news: str
    question: str


STORIES = {
    "en": Story(
        problem="Badges are forgotten at home. Nobody lends any.",
        better="Badges are forgotten at home every Monday. Nobody lends any.",
        news="The gate has ordered twenty badges to lend.",
        question="Who looks after the badges at night?",
    ),
    "ru": Story(
        problem="Пропуска забывают дома. Никто их не выдаёт.",
        better="Пропуска забывают дома каждый понедельник. Никто их не выдаёт.",
        news="Проходная заказала двадцать запасных пропусков.",
        question="Кто следит за пропусками ночью?",
    ),
}


def post(anna: Visit, story: Story) -> str:
    """Post with one text and nothing else; the idea's address."""
    anna.goto("/ideas/new")
    anna.page.locator("#problem").fill(story.problem)
    anna.button("Post").click()
    anna.page.wait_for_url(re.compile(r"/ideas/\d+$"))
    return anna.page.url


def say(visit: Visit, address: str, words: str, *marks: str) -> None:
    """Comment, with marks chosen behind More, each by one tap."""
    visit.goto(address)
    visit.page.locator("#comments textarea").fill(words)
    more = visit.page.locator("details.comment-more")
    expect(more).not_to_have_attribute("open", "")
    more.locator("summary").click()
    for mark in marks:
        more.get_by_text(visit.says(mark), exact=True).click()
    visit.button("Post comment").click()
    expect(visit.page.locator(".timeline").get_by_text(words)).to_be_visible()


def behind_more(visit: Visit, words: str) -> None:
    """Open what stands behind an idea's More."""
    visit.page.locator("main details.more > summary").click()
    visit.link(words).click()


def said(visit: Visit, words: str) -> Locator:
    return visit.page.locator("li.comment").filter(has_text=words)


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_an_idea_is_written_together(visit: Enter, locale: str) -> None:
    story = STORIES[locale]
    anna, boris = visit("anna", locale), visit("boris", locale, width=360)
    address = post(anna, story)

    say(anna, address, story.news, "Official update")
    expect(anna.page.locator(".official-update")).to_contain_text(story.news)
    say(boris, address, story.question, "It is a question", "Breaks for us because…")
    expect(boris.page.locator(".sides")).to_contain_text(boris.says("Breaks for us"))

    anna.goto(address)
    said(anna, story.question).get_by_role("button", name=anna.says("Resolved")).click()
    expect(said(anna, story.question)).to_contain_text(anna.says("Resolved question"))
    anna.button("Undo").click()
    expect(said(anna, story.question)).to_contain_text(anna.says("Open question"))

    _suggest(boris, address, story)
    _take(anna, address, story)
    _share(anna, boris, address)


def _suggest(boris: Visit, address: str, story: Story) -> None:
    boris.goto(address)
    behind_more(boris, "Suggest an edit")
    boris.page.locator("#problem").fill(story.better)
    boris.button("Suggest").click()
    expect(boris.page.locator(".diff ins").first).to_be_visible()


def _take(anna: Visit, address: str, story: Story) -> None:
    anna.goto(address)
    anna.page.locator("a.sign-suggested").click()
    anna.button("Take it").click()
    anna.goto(address)
    expect(anna.page.locator("div.reading").first).to_contain_text(story.better)


def _share(anna: Visit, boris: Visit, address: str) -> None:
    behind_more(anna, "Write it together")
    anna.page.locator("#who").fill("boris@demo.example")
    anna.button("Ask").click()
    boris.goto(address)
    boris.button("Accept").click()
    expect(boris.page.locator(".byline .person")).to_have_count(2)
    boris.link("Edit").first.click()
    expect(boris.page.locator("#problem")).to_be_visible()
