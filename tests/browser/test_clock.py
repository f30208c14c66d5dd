"""Departments answer in their time: one objects, one is silent; and a phone's worth of answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import pytest
from flask import Flask
from playwright.sync_api import Locator, expect
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db
from forum.departments.models import Department
from forum.ideas.models import Answer
from tests.browser.visits import Visit
from tests.ideas.clocks import due_in, escalate
from tests.support import make

Enter = Callable[..., Visit]
TAPS = 45
ANSWERS = 15


class Story(NamedTuple):
    """One idea's words, and what is said to it."""

    problem: str
    harm: str
    reason: str


STORIES = {
    "en": Story(
        problem="Every gate pass is written by hand, twice, in two different offices.",
        harm="Our night shift cannot print anything.",
        reason="A printer for the night shift is ordered; two offices need not write it twice.",
    ),
    "ru": Story(
        problem="Каждый пропуск пишут от руки дважды, в двух разных кабинетах.",
        harm="Ночная смена ничего не может распечатать.",
        reason="Принтер для ночной смены заказан; писать одно и то же дважды не нужно.",
    ),
}


def department_of(app: Flask, slug: str) -> tuple[int, str]:
    with app.app_context():
        row = db.session.scalars(select(Department).where(Department.slug == slug)).one()
        return row.id, row.name


def post(anna: Visit, story: Story, names: list[str]) -> int:
    anna.page.locator("a.new-idea").click()
    anna.field("What gets in the way?").fill(story.problem)
    anna.button("Post").click()
    anna.page.wait_for_url(re.compile(r"/ideas/\d+$"))
    choose = anna.page.locator("#answers details", has=anna.page.locator("[name=departments]"))
    choose.locator("summary").click()
    for name in names:
        choose.get_by_text(name, exact=True).click()
    choose.get_by_role("button").click()
    expect(anna.page.locator("[data-answer=waiting]")).to_have_count(len(names))
    return int(re.findall(r"/ideas/(\d+)", anna.page.url)[0])


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_one_department_objects_and_one_is_silent(visit: Enter, inside: Flask, locale: str) -> None:
    story = STORIES[locale]
    anna, boris, moderator = (visit(who, locale) for who in ("anna", "boris", "moderator"))
    (it, its_name), (silent, silents_name) = (
        department_of(inside, slug) for slug in ("it", "logistics")
    )

    idea = post(anna, story, [its_name, silents_name])
    turn = anna.page.locator("aside .turn, .turn").first
    expect(turn).to_contain_text("IT")
    object_to(boris, idea, it, story)
    anna.goto(f"/ideas/{idea}")
    expect(turn).not_to_contain_text("IT")
    escalate(inside, idea, silent)

    anna.goto(f"/ideas/{idea}")
    tile = anna.page.locator(f"[data-department='{silent}']")
    days = anna.words.ngettext(
        "did not answer in %(num)d working day", "did not answer in %(num)d working days", 10
    )
    expect(tile).to_contain_text(days % {"num": 10})
    decide(moderator, idea, story)

    anna.goto(f"/ideas/{idea}")
    expect(anna.page.locator(".decision-accepted")).to_contain_text(story.reason)
    anna.sees(anna.says("Accepted although a department said it harms."))
    expect(tile).to_contain_text(days % {"num": 10})
    expect(turn).to_contain_text(anna.says("Moderators choose who carries it out"))


def object_to(boris: Visit, idea: int, department: int, story: Story) -> None:
    """It harms, and why."""
    boris.goto(f"/ideas/{idea}")
    tile = boris.page.locator(f"[data-department='{department}']")
    tile.locator("summary").first.click()
    tile.locator("textarea[name=reason]").fill(story.harm)
    boris.button("Harms us").click()
    expect(boris.page.locator("[data-answer=harms]")).to_contain_text(story.harm)


def decide(moderator: Visit, idea: int, story: Story) -> None:
    """From the list of what is stuck; refused until the objection is overridden in public."""
    moderator.watch.expect(409)
    moderator.goto("/moderation?queue=stuck")
    row = moderator.page.locator(f"[data-row][data-idea='{idea}']")
    row.locator("h3 a").click()
    moderator.page.wait_for_url(re.compile(rf"/ideas/{idea}"))
    reason = moderator.field("Reason, for everybody to read")
    reason.fill(story.reason)
    moderator.button("Accept").click()
    override = moderator.field("Accept although a department says it harms")
    expect(override).not_to_be_checked()
    expect(reason).to_have_value(re.compile(re.escape(story.reason)))
    expect(moderator.page.locator("[data-idea]").first).to_have_attribute("data-stage", "open")
    override.check()
    moderator.button("Accept").click()
    stage = moderator.page.locator("[data-idea]").first
    expect(stage).to_have_attribute("data-stage", "accepted")


class Thumb:
    """Taps, and counts them."""

    def __init__(self) -> None:
        self.taps = 0

    def tap(self, what: Locator) -> None:
        """One tap on something that a finger can hit."""
        box = what.bounding_box()
        assert box is not None
        assert box["height"] >= 43.5
        what.tap()
        self.taps += 1


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_fifteen_answers_on_a_phone(visit: Enter, inside: Flask, locale: str) -> None:
    with inside.app_context():
        who = select(Person.id).where(Person.email == "boris@demo.example")
        boris_id = db.session.scalars(who).one()
    asked = make.department(inside, slug=f"asked-{locale}", code=f"ASK{locale}".upper())
    make.represent(inside, boris_id, asked)
    ideas = [make.idea(inside, departments=[asked]) for _ in range(ANSWERS)]
    for idea in ideas:
        due_in(inside, idea, asked, -30)
    boris, thumb = visit("boris", locale, width=360, has_touch=True, is_mobile=True), Thumb()
    boris.goto("/answers")
    rows = boris.page.locator("[data-row]")
    expect(rows.first.locator(".late")).to_be_visible()
    first = [int(row.get_attribute("data-idea") or 0) for row in rows.all()][:ANSWERS]
    assert first == ideas

    for number, idea in enumerate(ideas):
        row = boris.page.locator(f"[data-row][data-idea='{idea}']")
        answer(boris, thumb, row, number % 3)
        expect(row).to_have_count(0)

    assert thumb.taps <= TAPS, thumb.taps
    with inside.app_context():
        given = select(Answer.answer).where(Answer.department_id == asked)
        assert sorted(db.session.scalars(given)) == sorted(
            ["no_effect", "helps", "needs_change"] * 5
        )


def answer(boris: Visit, thumb: Thumb, row: Locator, kind: int) -> None:
    """Most answers are one tap; one with a reason is three."""
    if kind < 2:
        words = boris.says(("No effect on us", "Helps us")[kind])
        thumb.tap(row.get_by_role("button", name=words, exact=True))
        return
    thumb.tap(row.locator("summary"))
    thumb.tap(row.locator("textarea"))
    boris.page.keyboard.type("Shorter.")
    thumb.tap(row.get_by_role("button", name=boris.says("Needs a change"), exact=True))
