"""A broken promise becomes a case, a session revisits it, and its clause is opened for change."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

import pytest
from flask import Flask
from playwright.sync_api import expect

from forum.accounts.models import Person
from forum.core import readers
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.standards import actions
from forum.training.models import Session
from tests.browser.axe import violations
from tests.browser.test_approving import Cast, cast, close
from tests.browser.visits import Visit
from tests.standards import standards

Enter = Callable[..., Visit]


class Story(NamedTuple):
    """What was promised, what went wrong, and what was learned of it."""

    title: str
    body: str
    broken: str
    situation: str
    learned: str
    session: str


STORIES = {
    "en": Story(
        title="Keys come back in the evening",
        body="## Purpose\n\nNo key is lost.\n\n## Promises\n\n"
        "| Who | Promises | To whom |\n|---|---|---|\n| {yard} | Brings keys back | {gate} |",
        broken="The key was gone for two days.",
        situation="A key was lent out on a Friday.",
        learned="Say until when a key is lent.",
        session="What lost keys taught us",
    ),
    "ru": Story(
        title="Ключи возвращаются вечером",
        body="## Зачем\n\nНи один ключ не теряется.\n\n## Обещания\n\n"
        "| Кто | Обещание | Кому |\n|---|---|---|\n| {yard} | Возвращает ключи | {gate} |",
        broken="Ключа не было два дня.",
        situation="Ключ отдали в пятницу.",
        learned="Говорить, до какого часа отдан ключ.",
        session="Чему научили пропавшие ключи",
    ),
}


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_a_breach_becomes_a_case_and_a_session_opens_its_clause_for_change(
    visit: Enter, inside: Flask, locale: str
) -> None:
    story, made = STORIES[locale], cast(inside, f"t{locale}")
    number = promised(inside, story, made)
    gate, yard = visit(made.gate, locale, width=360), visit(made.yard, locale)
    moderator = visit("moderator", locale)

    breach(gate, story, number)
    case = make_a_case(moderator, story, number)
    for visitor in (gate, yard):
        check(visitor, story, case)
    session = plan(moderator, story, made)
    expect(moderator.page.locator("#agenda li[data-item]")).to_have_attribute("data-case", case)

    sign_up(yard, session, "You have a seat.")
    sign_up(gate, session, "You are on the waiting list and hear when a seat is free.")
    yard.button("Give up my seat").click()
    yard.sees(yard.says("You are signed off. The seat goes to whoever waits."))
    told_of_the_seat(inside, gate, story, session)

    begins(inside, session)
    clarify(moderator, story, session, number, case)
    close(inside, made)


def promised(app: Flask, story: Story, made: Cast) -> str:
    """A standard in force in which the yard promises something to the gate."""
    body = story.body.format(gate=made.gate, yard=made.yard)
    with app.app_context():
        author = db.session.query(Person).filter_by(email="moderator@demo.example").one().id
    number = standards.drafted(
        app, title=story.title, body=body, departments=made.departments, by=author
    )
    with app.app_context():
        admin = db.session.query(Person).filter_by(email="admin@demo.example").one()
        actions.publish(admin, standards.by_number(number))
    return number


def breach(gate: Visit, story: Story, number: str) -> None:
    """Two taps on a phone say that it was broken; with a note, three."""
    gate.goto(f"/standards/{number}/kept?clause=2")
    gate.page.locator("[name=note]").fill(story.broken)
    gate.button("Broken").click()
    gate.sees(gate.says("Noted: broken today."))


def make_a_case(moderator: Visit, story: Story, number: str) -> str:
    """From what was reported, without by whom; the case's number."""
    page = moderator.page
    moderator.goto(f"/standards/{number}/kept")
    moderator.link("Make a case of it").click()
    expect(moderator.field("What happened")).to_have_value(story.broken)
    assert violations(page) == []
    page.locator("#situation").fill(story.situation)
    page.locator("#learned").fill(story.learned)
    moderator.button("Save").click()
    moderator.button("Have it checked").click()
    moderator.sees(moderator.says("The departments are asked."))
    return page.url.rsplit("/", 1)[1]


def check(visitor: Visit, story: Story, case: str) -> None:
    """From what waits on Home."""
    visitor.goto("/")
    assert violations(visitor.page) == []
    visitor.page.locator(f"[data-wait=case] a[href='/training/cases/{case}']").click()
    visitor.sees(story.learned)
    assert violations(visitor.page) == []
    visitor.button("It is right and names nobody").click()
    visitor.sees(visitor.says("Thank you. Noted."))


def plan(moderator: Visit, story: Story, made: Cast) -> str:
    """A session of both departments with one seat; its number."""
    page = moderator.page
    moderator.goto("/training/new")
    page.locator("#title").fill(story.session)
    page.locator("#on").fill(f"{now() + timedelta(days=9):%Y-%m-%d}")
    page.locator("#at").fill("10:30")
    page.locator("#capacity").fill("1")
    for place in made.departments:
        page.locator(f"[name=departments][value='{place}']").check()
    moderator.button("Save").click()
    page.wait_for_url(re.compile(r"/training/\d+$"))
    return page.url.rsplit("/", 1)[1]


def sign_up(visitor: Visit, session: str, said: str) -> None:
    """Whoever is first has the seat."""
    visitor.goto(f"/training/{session}")
    visitor.page.locator(f"form[action$='/{session}/sign-up'] button").or_(
        visitor.page.locator(f"button[formaction$='/{session}/sign-up']")
    ).click()
    visitor.sees(visitor.says(said))


def told_of_the_seat(app: Flask, gate: Visit, story: Story, session: str) -> None:
    """The inbox has it, and so has the session."""
    with app.app_context():
        readers.catch_up()
    gate.goto("/notifications")
    gate.sees(story.session)
    gate.sees(gate.says("A seat is yours now: %(when)s").partition("%")[0].strip())
    gate.goto(f"/training/{session}")
    expect(gate.page.locator("[data-session]")).to_have_attribute("data-seat", "seat")
    gate.sees(gate.says("You have a seat"))
    assert violations(gate.page) == []
    assert gate.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def begins(app: Flask, session: str) -> None:
    """The days until the session are over."""
    with app.app_context(), transaction():
        db.session.get_one(Session, int(session)).starts_at = now() - timedelta(minutes=5)


def clarify(moderator: Visit, story: Story, session: str, number: str, case: str) -> None:
    """The outcome leads to the next draft, with what was learned under the clause."""
    page = moderator.page
    moderator.goto(f"/training/{session}")
    item = page.locator(f"[data-item][data-case='{case}']")
    item.locator("summary").click()
    item.get_by_label(moderator.says("A clause is to be clearer")).check()
    item.locator("textarea").fill(story.learned)
    assert violations(page) == []
    item.get_by_role("button", name=moderator.says("End the case so")).click()
    page.wait_for_url(f"**/standards/{number}/edit")
    draft = page.locator("#body")
    expect(draft).to_have_value(re.compile(re.escape(f"(/training/cases/{case})")))
    expect(draft).to_have_value(re.compile(re.escape(story.learned)))
    moderator.goto(f"/training/{session}")
    expect(item).to_have_attribute("data-outcome", "clarify")
