"""A draft goes through approval in a browser: two departments, one asks for a change."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import pytest
from flask import Flask
from playwright.sync_api import expect

from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.departments.models import Department
from tests.browser.visits import Visit
from tests.standards import standards
from tests.support import make

Enter = Callable[..., Visit]


class Story(NamedTuple):
    """What is written, and what is asked."""

    title: str
    body: str
    clause: str
    change: str
    better: str


STORIES = {
    "en": Story(
        title="Pallets come back",
        body="## Purpose\n\nNo pallet is lost.\n\n## Steps\n\nThe driver counts.\n",
        clause="2 Steps",
        change="Say who signs for them.",
        better="The driver counts, and the gate signs.",
    ),
    "ru": Story(
        title="Поддоны возвращаются",
        body="## Зачем\n\nНи один поддон не пропадает.\n\n## Порядок\n\nСчитает водитель.\n",
        clause="2 Порядок",
        change="Скажите, кто за них расписывается.",
        better="Считает водитель, расписывается проходная.",
    ),
}


class Cast(NamedTuple):
    """Who answers for either department, by the beginning of an e-mail."""

    departments: list[int]
    gate: str
    yard: str


def cast(app: Flask, locale: str) -> Cast:
    """Two departments of the demo's company with a representative each, who may sign in."""
    names = [f"{name}-{locale}" for name in ("gate", "yard")]
    with app.app_context():
        anna = db.session.query(Person).filter_by(email="anna@demo.example").one()
        password = anna.password_hash
    departments = [make.department(app, name) for name in names]
    for name, department in zip(names, departments, strict=True):
        fields = {"email": f"{name}@demo.example", "password_hash": password}
        make.represent(app, make.person(app, department=department, **fields), department)
    return Cast(departments, *names)


def close(app: Flask, made: Cast) -> None:
    """Leave the demo's company with the departments it had."""
    with app.app_context(), transaction():
        for department in db.session.query(Department).filter(Department.id.in_(made.departments)):
            department.archived_at = make.ago(days=0)


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_a_draft_is_changed_where_a_department_asks_and_comes_into_force(
    visit: Enter, inside: Flask, locale: str
) -> None:
    story, made = STORIES[locale], cast(inside, locale)
    with inside.app_context():
        author = db.session.query(Person).filter_by(email="moderator@demo.example").one().id
    number = standards.drafted(
        inside, title=story.title, body=story.body, departments=made.departments, by=author
    )
    moderator = visit("moderator", locale)
    gate, yard = visit(made.gate, locale), visit(made.yard, locale)

    send(moderator, number)
    approve_from_the_queue(gate, story)
    ask_for_a_change(yard, story, number)
    rewrite(moderator, story, number)
    send_again(moderator, number)
    for visitor in (gate, yard):
        approve(visitor, story, number)
    publish(visit("admin", locale), number)

    gate.goto(f"/standards/{number}")
    expect(gate.page.locator("[data-standard]")).to_have_attribute("data-state", "in_force")
    gate.sees(story.better)
    close(inside, made)


def send(moderator: Visit, number: str) -> None:
    """One press."""
    moderator.goto(f"/standards/{number}")
    moderator.button("Send for approval").click()
    expect(moderator.page.locator("[data-said=waiting]")).to_have_count(3)


def approve_from_the_queue(visitor: Visit, story: Story) -> None:
    """From Home to what waits, and one tap."""
    visitor.goto("/")
    visitor.page.locator("a[href='/approvals']").click()
    visitor.page.wait_for_url("**/approvals")
    visitor.sees(story.title)
    visitor.button("Approve").click()
    visitor.sees(visitor.says("Noted: you approve it."))
    expect(visitor.page.locator("[data-row]")).to_have_count(0)


def ask_for_a_change(visitor: Visit, story: Story, number: str) -> None:
    """Of a clause, with a line."""
    visitor.goto(f"/standards/{number}/approval")
    mine = visitor.page.locator("[data-approval]:has(form)")
    mine.locator("summary").click()
    mine.locator("select").select_option(label=story.clause)
    mine.locator("[name=note]").fill(story.change)
    visitor.button("Ask for this change").click()
    expect(visitor.page.locator("[data-said=change]")).to_contain_text(story.change)


def rewrite(moderator: Visit, story: Story, number: str) -> None:
    """Whoever edits finds what was asked, follows it to the clause, and writes it."""
    moderator.goto(f"/standards/{number}")
    asked = moderator.page.locator("[data-said=change]")
    expect(asked).to_contain_text(story.change)
    asked.get_by_role("link", name=story.clause).click()
    moderator.page.wait_for_url(re.compile(r"#clause-2$"))
    moderator.link("Edit").click()
    moderator.page.wait_for_url("**/edit")
    moderator.field("Text").fill(story.body.rpartition("\n\n")[0] + f"\n\n{story.better}\n")
    moderator.button("Save draft").click()
    moderator.page.wait_for_url(re.compile(rf"/standards/{number}(/versions/1)?$"))
    expect(moderator.page.locator("[data-standard]")).to_have_attribute("data-state", "draft")


def send_again(moderator: Visit, number: str) -> None:
    """Everybody is asked anew, and what was asked before is still there."""
    moderator.goto(f"/standards/{number}")
    moderator.button("Send it again for approval").click()
    expect(moderator.page.locator("[data-said=waiting]")).to_have_count(3)
    moderator.sees(moderator.says("Asked before:"))


def approve(visitor: Visit, story: Story, number: str) -> None:
    """On the page, having read it."""
    visitor.goto(f"/standards/{number}/approval")
    visitor.sees(story.better)
    visitor.button("Approve").click()
    expect(visitor.page.locator("[data-said=approved]").first).to_be_visible()
    visitor.sees(visitor.says("Noted: you approve it."))


def publish(admin: Visit, number: str) -> None:
    """Another moderator publishes, and approves with it."""
    admin.goto(f"/standards/{number}")
    admin.button("Publish version %(number)d", number=1).click()
    admin.page.wait_for_url(re.compile(rf"/standards/{number}$"))
    expect(admin.page.locator("[data-standard]")).to_have_attribute("data-state", "in_force")
