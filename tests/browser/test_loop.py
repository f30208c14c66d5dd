"""The whole loop as those who take part see it: from what customers say to what came of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser import measured
from tests.browser.axe import violations
from tests.browser.measured import Cast
from tests.browser.visits import Visit
from tests.browser.watch import settled

Enter = Callable[..., Visit]


class Story(NamedTuple):
    """Who serves whom with what, what is heard, and what is done about it."""

    departments: tuple[str, str]
    services: tuple[str, str]
    survey: str
    texts: list[str]
    heard: str
    will: str
    reason: str
    mean: tuple[str, str]


STORIES = {
    "en": Story(
        departments=("Pattern room", "Cutting hall"),
        services=("Paper patterns", "Pattern archive"),
        survey="How well do the patterns fit? Autumn",
        texts=["Late", "Sizes are missing", "Good paper", "Nobody calls back", "Late again"],
        heard="Patterns arrive after the cutting has begun.",
        will="Every pattern is in the hall on the evening before, with its sizes.",
        reason="Cutting waits for nothing else.",
        mean=("2.0", "4.6"),
    ),
    "ru": Story(
        departments=("Лекальная", "Раскройный цех"),
        services=("Бумажные лекала", "Архив лекал"),
        survey="Подходят ли лекала? Осень",
        texts=["Поздно", "Нет размеров", "Бумага хорошая", "Не перезванивают", "Опять поздно"],
        heard="Лекала приходят, когда крой уже начат.",
        will="Каждое лекало лежит в цехе накануне вечером, со всеми размерами.",
        reason="Больше раскрою ждать нечего.",
        mean=("2,0", "4,6"),
    ),
}


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_what_customers_say_becomes_a_standard_and_they_say_that_it_is_better(
    visit: Enter, inside: Flask, locale: str
) -> None:
    story = STORIES[locale]
    made = measured.cast(inside, story.departments, story.services, locale)
    wave = measured.asked_before(inside, made, story.survey, story.texts)
    desk, shop = visit(made.speaker, locale), visit(made.customers, locale, width=360)
    moderator = visit("moderator", locale)

    results(shop, story, made, wave)
    replies(desk, story, made)
    idea = idea_of(desk, story)
    for speaker, department in zip((desk, shop), story.departments, strict=True):
        answers(speaker, idea, department)
    accepted(moderator, story, made, idea)
    promises(desk, story, made, idea)
    number = in_force(moderator, idea)
    assert measured.measured(inside, idea) == [6, 12]
    waits(desk, idea)

    again = measured.weeks_pass(inside, idea, number)
    measured.everybody_answers(inside, made, again)
    on_the_phone(visit(made.phone, locale, width=360), story, made, again)
    measured.ends(inside, again)

    better(shop, story, idea)
    on_the_map(desk, story, made)
    in_the_library(moderator, idea)
    measured.close(inside, made, idea)


def results(reader: Visit, story: Story, made: Cast, wave: int) -> None:
    """The service over the smallest number has figures; the one below says so and shows none."""
    reader.goto("/surveys")
    reader.page.get_by_role("link", name=story.survey).click()
    reader.link("Results").click()
    serving = reader.page.get_by_role("region", name=reader.says("Who serves"))
    serving.get_by_role("link", name=story.departments[0]).click()
    below = reader.page.locator("li", has_text=story.services[1])
    expect(below).to_contain_text(reader.says("too few answers"))
    reader.page.get_by_role("link", name=story.services[0]).click()
    row = reader.page.locator("tr[data-item=quality]")
    expect(row).to_contain_text(story.mean[0])
    expect(row).to_have_attribute("data-n", str(len(measured.LOW)))
    expect(row.locator("svg")).to_have_attribute("aria-label", re.compile(r"\d"))
    reader.sees(story.texts[1])
    assert violations(reader.page) == []

    reader.goto(f"/surveys/{wave}/results/service/{made.hidden}")
    reader.sees(reader.says("too few answers"))
    expect(reader.page.locator("tr[data-n]:not([data-n=''])")).to_have_count(0)
    expect(reader.page.locator("main tbody svg")).to_have_count(0)


def replies(speaker: Visit, story: Story, made: Cast) -> None:
    """From Home, where it waits: we heard, we will."""
    speaker.goto("/")
    speaker.page.locator("[data-wait=survey-reply] a").click()
    speaker.field("We heard").fill(story.heard)
    speaker.page.locator("#will").fill(story.will)
    speaker.button("Say it").click()
    expect(speaker.page.locator(f"[data-reply='{made.provider}']")).to_contain_text(story.will)


def idea_of(speaker: Visit, story: Story) -> int:
    """One click, and what was said is an idea; the customers are affected too."""
    speaker.link("Make it an idea").click()
    settled(speaker.page)
    expect(speaker.page.locator("#problem")).to_have_value(story.heard)
    expect(speaker.page.locator("#proposal")).to_have_value(story.will)
    expect(speaker.page.get_by_label(story.departments[0], exact=True)).to_be_checked()
    speaker.page.get_by_label(story.departments[1], exact=True).check()
    speaker.button("Post").click()
    speaker.page.wait_for_url(re.compile(r"/ideas/\d+$"))
    return int(speaker.page.url.rpartition("/")[2])


def answers(speaker: Visit, idea: int, department: str) -> None:
    """A tap on the tile of one's department, and one on what it means for it."""
    speaker.goto(f"/ideas/{idea}")
    tile = speaker.page.locator("[data-answer]", has_text=department)
    tile.locator("summary").first.click()
    speaker.button("Helps us").click()
    expect(tile).to_have_attribute("data-answer", "helps")


def accepted(moderator: Visit, story: Story, made: Cast, idea: int) -> None:
    """Those who serve carry it out."""
    moderator.goto(f"/ideas/{idea}")
    moderator.field("Reason, for everybody to read").fill(story.reason)
    moderator.page.locator("#owner").select_option(str(made.provider))
    moderator.page.locator("#due").fill((date.today() + timedelta(days=30)).isoformat())
    moderator.button("Accept").click()
    expect(moderator.page.locator(".decision-accepted")).to_contain_text(story.reason)


def promises(speaker: Visit, story: Story, made: Cast, idea: int) -> None:
    """Whoever carries it out names what should move."""
    speaker.goto(f"/ideas/{idea}")
    speaker.page.get_by_text(speaker.says("What it should move"), exact=True).click()
    speaker.link("Choose").click()
    page = speaker.page
    page.locator(f"input[name=services][value='{made.told}']").check()
    page.locator("input[name=items]").first.check()
    assert violations(page) == []
    speaker.button("Save").click()
    change = page.locator("[data-change]")
    expect(change).to_contain_text(story.services[0])


def in_force(moderator: Visit, idea: int) -> str:
    """Two presses; the standard's number."""
    moderator.goto(f"/ideas/{idea}")
    moderator.button("Make it a standard").click()
    moderator.page.wait_for_url(re.compile(r"/standards/[^/]+/edit$"))
    number = moderator.page.url.split("/")[-2]
    moderator.button("Publish version %(number)d", number=1).click()
    expect(moderator.page.locator("[data-standard]")).to_have_attribute("data-state", "in_force")
    return number


def waits(speaker: Visit, idea: int) -> None:
    """The page says how it was before, and that customers are asked again twice."""
    speaker.goto(f"/ideas/{idea}")
    change = speaker.page.locator("[data-change]")
    expect(change).to_contain_text(speaker.says("not asked yet"))
    coming = speaker.says("asked again from %(day)s", day="").strip()
    assert change.inner_text().count(coming) == 2


def on_the_phone(customer: Visit, story: Story, made: Cast, wave: int) -> None:
    """From Home to what changed since last time, and a minute of taps."""
    customer.goto("/")
    customer.page.locator(f"a[href='/surveys/{wave}/answer']").first.click()
    customer.sees(customer.says("What changed since you last answered"))
    customer.sees(story.will)
    settled(customer.page)
    service = customer.page.locator(f"[data-service='{made.told}']")
    service.locator("fieldset").first.get_by_text("5", exact=True).click()
    customer.button("Send").click()
    customer.sees(customer.says("You took part. Thank you."))


def better(reader: Visit, story: Story, idea: int) -> None:
    """The page says so, with the figures of both sides."""
    reader.goto(f"/ideas/{idea}")
    change = reader.page.locator("[data-change]")
    expect(change).to_have_attribute("data-change", "better")
    expect(change).to_contain_text(reader.says("better"))
    for mean in story.mean:
        expect(change.locator("tr[data-verdict=better]")).to_contain_text(mean)
    assert violations(reader.page) == []


def on_the_map(reader: Visit, story: Story, made: Cast) -> None:
    """The page of the service says what its customers said last, and leads to all of it."""
    reader.goto(f"/map/services/{made.told}")
    expect(reader.page.locator("[data-told]")).to_contain_text(story.mean[1])
    assert violations(reader.page) == []
    reader.page.locator("[data-told] a").click()
    expect(reader.page.locator("tr[data-item=quality]")).to_contain_text(story.mean[1])


def in_the_library(reader: Visit, idea: int) -> None:
    """Among what all ideas changed, those that changed nothing included."""
    reader.goto("/surveys")
    reader.link("What ideas changed").click()
    mine = reader.page.locator(f"section[data-idea='{idea}']")
    expect(mine).to_have_attribute("data-change", "better")
    expect(reader.page.locator("section[data-change=unclear]").first).to_be_visible()
    assert violations(reader.page) == []
