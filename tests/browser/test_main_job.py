"""The forum's whole point, walked in both languages, with scripts and without."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from forum.search.follower import EVERY
from tests.browser.visits import Visit
from tests.support.server import wait_until


class Story(NamedTuple):
    """One idea's words, and other forms of them to find it by."""

    problem: str
    department: str
    tag: str
    comment: str
    answer: str
    reason: str
    asked: str
    """Finds idea and standard."""
    asked_of_comment: str


STORIES = {
    "en": Story(
        problem="Scanned invoices are delayed between the warehouses and Finance for nine days.",
        department="Information Technology",
        tag="invoicing",
        comment="Yesterday three couriers were waiting for stamped copies.",
        answer="One shared folder less to look after.",
        reason="Paper copies cost nine days; a shared scanning queue costs nothing.",
        asked="scanning an invoice delay",
        asked_of_comment="courier waits for a stamped copy",
    ),
    "ru": Story(
        problem="Сканированные накладные задерживаются между складами и "
        "бухгалтерией на девять дней.",
        department="Information Technology",
        tag="документооборот",
        comment="Вчера трое курьеров ждали проштампованных копий.",
        answer="Станет одной общей папкой меньше.",
        reason="Бумажные копии стоят девяти дней, общая очередь сканирования не стоит ничего.",
        asked="сканированная накладная задержка",
        asked_of_comment="курьер ждал проштампованную копию",
    ),
}
Enter = Callable[..., Visit]


def post(anna: Visit, story: Story) -> int:
    """Post with one text and nothing else; the idea's id."""
    anna.page.locator("a.new-idea").click()
    anna.field("What gets in the way?").fill(story.problem)
    anna.button("Post").click()
    anna.page.wait_for_url(re.compile(r"/ideas/\d+$"))
    return int(anna.page.url.rpartition("/")[2])


def tag(anna: Visit, story: Story) -> None:
    """Say whom it affects and what it is about, on the page for editing."""
    anna.link("Edit").click()
    more = anna.page.locator("form[data-guard] details")
    if more.get_attribute("open") is None:
        more.locator("summary").click()
    anna.page.get_by_text(story.department, exact=True).click()
    anna.page.locator("#tags").fill(story.tag)
    anna.button("Save").click()
    anna.page.wait_for_url(re.compile(r"/ideas/\d+$"))


def found(visit: Visit, query: str, kind: str, text: str) -> None:
    """Ask until it is found: the index follows what is posted at its own pace."""
    hit = visit.page.locator(f"[data-hit^='{kind}:']", has_text=text)

    def looked() -> int:
        visit.page.locator("#find").fill(query)
        visit.page.locator("#find").press("Enter")
        visit.page.wait_for_url(re.compile(r"/search\?"))
        return hit.count()

    assert wait_until(looked, within=30, every=EVERY), f"{kind} not found by {query!r}"
    expect(hit.locator("mark").first).to_be_visible()
    hit.locator("h3 a").first.click()
    visit.sees(text)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("locale", ["en", "ru"])
def test_an_idea_becomes_a_standard_that_everybody_finds(
    visit: Enter, locale: str, scripts: bool
) -> None:
    story = STORIES[locale]
    story = story._replace(problem=story.problem[:-1] + (" (1)." if scripts else " (2)."))
    title = story.problem.rstrip(".")
    people = {
        who: visit(who, locale, by_the_door=True, java_script_enabled=scripts)
        for who in ("anna", "boris", "moderator", "admin")
    }
    anna, boris, moderator, admin = people.values()

    idea = post(anna, story)
    anna.sees(title)
    tag(anna, story)
    expect(anna.page.locator(".tags")).to_contain_text(story.tag)
    assert anna.page.locator("[data-answer=waiting]").count() == 1
    found(boris, story.asked, "idea", title)

    support_and_comment(admin, idea, story)
    found(anna, story.asked_of_comment, "comment", story.comment[:20])
    answer(boris, idea, story)
    accept(moderator, idea, story)
    number = publish(moderator)

    anna.goto(f"/ideas/{idea}")
    expect(anna.page.locator(".ribbon")).to_contain_text(number)
    anna.page.locator(".ribbon").click()
    expect(anna.page.locator("[data-standard]")).to_have_attribute("data-state", "in_force")
    found(anna, story.asked, "standard", title)


def support_and_comment(second: Visit, idea: int, story: Story) -> None:
    """One tap, and one remark."""
    second.goto(f"/ideas/{idea}")
    support = second.page.locator(".idea-head .support")
    support.click()
    expect(support).to_have_attribute("data-voted", "1")
    expect(support.locator(".count")).to_have_text("1")
    second.field("Your comment").fill(story.comment)
    second.button("Post comment").click()
    second.page.wait_for_url(re.compile(r"#comment-\d+$"))
    second.sees(story.comment)


def answer(boris: Visit, idea: int, story: Story) -> None:
    """The representative says that it helps."""
    boris.goto(f"/ideas/{idea}")
    boris.page.locator("[data-answer=waiting] summary").first.click()
    boris.page.locator("[data-answer=waiting] textarea[name=reason]").fill(story.answer)
    boris.button("Helps us").click()
    tile = boris.page.locator("[data-answer=helps]")
    expect(tile).to_be_visible()
    expect(tile).to_contain_text(story.department)


def accept(moderator: Visit, idea: int, story: Story) -> None:
    """Four inputs: why, who, until when, and the button."""
    moderator.goto(f"/ideas/{idea}")
    due = date.today() + timedelta(days=30)
    moderator.field("Reason, for everybody to read").fill(story.reason)
    moderator.page.locator("#owner").select_option(index=1)
    moderator.page.locator("#due").fill(due.isoformat())
    moderator.button("Accept").click()
    band = moderator.page.locator(".decision-accepted")
    expect(band).to_contain_text(story.reason)
    expect(moderator.page.locator("[data-idea]").first).to_have_attribute("data-stage", "accepted")


def publish(moderator: Visit) -> str:
    """Two presses from accepted to published, with nothing edited; the standard's number."""
    moderator.button("Make it a standard").click()
    moderator.page.wait_for_url(re.compile(r"/standards/[^/]+/edit$"))
    number = moderator.page.url.split("/")[-2]
    moderator.button("Publish version %(number)d", number=1).click()
    moderator.page.wait_for_url(re.compile(rf"/standards/{number}$"))
    expect(moderator.page.locator("[data-standard]")).to_have_attribute("data-state", "in_force")
    return number
