"""A standard from its first idea to its third version, as all who have to do with it see it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

import pytest
from flask import Flask
from playwright.sync_api import expect

from forum.accounts import standing
from forum.accounts.models import Person
from forum.core.calendar import company_day
from forum.core.db import db, transaction
from forum.departments.models import Department
from forum.standards.models import Acknowledgement, Version
from forum.standards.review import opening
from forum.standards.review.models import Review
from tests.browser.test_approving import Cast, cast, close
from tests.browser.visits import Visit
from tests.standards import standards
from tests.support import make

Enter = Callable[..., Visit]
DAYS = 4
"""Between one version and the next."""


class Story(NamedTuple):
    """What is proposed and written, and what is asked."""

    first: str
    second: str
    body: str
    promise: str
    clause: str
    change: str
    signed: str
    sooner: str
    weekly: str


STORIES = {
    "en": Story(
        first="Nobody counts the crates that come back to us.",
        second="Crates are counted too late to find the lost ones.",
        body="## Purpose\n\nNo crate is lost.\n\n## Promises\n\n{promise}\n\n## Steps\n\n{steps}\n",
        promise="| Who | Promises |\n|---|---|\n| {yard} | Counts crates {when} |",
        clause="3 Steps",
        change="Say who signs for them.",
        signed="The driver counts, and the gate signs.",
        sooner="on the same day",
        weekly="every Friday",
    ),
    "ru": Story(
        first="Ящики, которые к нам возвращаются, никто не считает.",
        second="Ящики считают слишком поздно, и пропавших уже не найти.",
        body="## Зачем\n\nЯщики целы.\n\n## Обещания\n\n{promise}\n\n## Порядок\n\n{steps}\n",
        promise="| Кто | Обещание |\n|---|---|\n| {yard} | Считает ящики {when} |",
        clause="3 Порядок",
        change="Скажите, кто за них расписывается.",
        signed="Считает водитель, расписывается проходная.",
        sooner="в тот же день",
        weekly="каждую пятницу",
    ),
}


def text(story: Story, made: Cast, *, steps: str, when: str) -> str:
    """The text of a version."""
    promise = story.promise.format(yard=made.yard, when=when)
    return story.body.format(promise=promise, steps=steps)


def days_pass(app: Flask, number: str) -> None:
    """Everything that was said of a standard so far was said some days earlier."""
    with app.app_context(), transaction():
        for version in db.session.query(Version).filter_by(
            standard_id=standards.by_number(number).id
        ):
            for moment in ("created_at", "edited_at", "published_at", "asked_at", "superseded_at"):
                at = getattr(version, moment)
                setattr(version, moment, at and at - timedelta(days=DAYS))
            for given in db.session.query(Acknowledgement).filter_by(version_id=version.id):
                given.at -= timedelta(days=DAYS)


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_a_standard_is_agreed_on_kept_to_and_changed(
    visit: Enter, inside: Flask, locale: str
) -> None:
    story, made = STORIES[locale], cast(inside, f"c{locale}")
    moderator, admin = visit("moderator", locale), visit("admin", locale)
    gate, yard = visit(made.gate, locale), visit(made.yard, locale)

    number = begin(moderator, accepted(inside, made, story.first))
    write(moderator, number, text(story, made, steps="The driver counts.", when=story.weekly))
    agree(
        moderator,
        gate,
        yard,
        story,
        number,
        text(story, made, steps=story.signed, when=story.weekly),
    )
    publish(admin, number, 1)

    joiner, leaver = joins(inside, made, "joiner"), joins(inside, made, "leaver")
    newcomer = visit(joiner, locale)
    confirm(newcomer, number, 1)
    rows_of_the_report(moderator, number, id_of(inside, leaver), there=True)
    leaves(inside, leaver)
    rows_of_the_report(moderator, number, id_of(inside, leaver), there=False)
    days_pass(inside, number)

    amend(moderator, accepted(inside, made, story.second), number)
    publish_text(moderator, number, text(story, made, steps=story.signed, when=story.sooner), 2)
    confirm_again(newcomer, story, number)
    days_pass(inside, number)

    for called in (
        made.gate,
        made.yard,
        joiner,
        joins(inside, made, "third"),
        joins(inside, made, "fourth"),
    ):
        broken(visit(called, locale), number)
    with inside.app_context():
        opening.sweep()
        assert "promises" in opened_by(number)
    review(admin, number)
    publish_text(moderator, number, text(story, made, steps=story.signed, when=story.weekly), 3)
    superseded(newcomer, number)
    as_of(newcomer, story, number, days_of(inside, number))
    close(inside, made)


def opened_by(number: str) -> list[str]:
    """The kinds of evidence that opened the review of a standard."""
    standard = standards.by_number(number)
    open_one = db.session.query(Review).filter_by(standard_id=standard.id, closed_at=None).one()
    return list(open_one.evidence["kinds"])


def accepted(app: Flask, made: Cast, problem: str) -> int:
    """An idea that affects both departments and that a third one carries out."""
    with app.app_context():
        office = db.session.query(Department).filter_by(slug="finance").one().id
    return standards.accepted(app, departments=made.departments, owner=office, problem=problem)


def joins(app: Flask, made: Cast, name: str) -> str:
    """Somebody who begins in the yard's department; the beginning of their e-mail."""
    called = f"{name}-{made.yard.rpartition('-')[2]}"
    with app.app_context():
        password = db.session.query(Person).filter_by(email="anna@demo.example").one().password_hash
    make.person(
        app,
        department=made.departments[1],
        email=f"{called}@demo.example",
        password_hash=password,
    )
    return called


def leaves(app: Flask, called: str) -> None:
    """An administrator closes an account."""
    with app.app_context():
        standing.deactivate(None, db.session.get_one(Person, id_of(app, called)))


def id_of(app: Flask, called: str) -> int:
    """The id of somebody by the beginning of their e-mail."""
    with app.app_context():
        return db.session.query(Person).filter_by(email=f"{called}@demo.example").one().id


def begin(moderator: Visit, idea: int) -> str:
    """From an accepted idea to its draft; the standard's number."""
    moderator.goto(f"/ideas/{idea}")
    moderator.button("Make it a standard").click()
    moderator.page.wait_for_url(re.compile(r"/standards/[^/]+/edit$"))
    return moderator.page.url.split("/")[-2]


def write(moderator: Visit, number: str, body: str) -> None:
    """Write the text and keep it as a draft."""
    moderator.goto(f"/standards/{number}/edit")
    moderator.field("Text").fill(body)
    moderator.button("Save draft").click()
    moderator.sees(moderator.says("Saved as a draft."))


def agree(
    moderator: Visit, gate: Visit, yard: Visit, story: Story, number: str, better: str
) -> None:
    """Both departments are asked; the yard asks for a change first, then both say yes."""
    moderator.goto(f"/standards/{number}")
    moderator.button("Send for approval").click()
    expect(moderator.page.locator("[data-said=waiting]").first).to_be_visible()
    yard.goto(f"/standards/{number}/approval")
    mine = yard.page.locator("[data-approval]:has(form)")
    mine.locator("summary").click()
    mine.locator("select").select_option(label=story.clause)
    mine.locator("[name=note]").fill(story.change)
    yard.button("Ask for this change").click()
    expect(yard.page.locator("[data-said=change]")).to_contain_text(story.change)

    write(moderator, number, better)
    moderator.goto(f"/standards/{number}")
    moderator.button("Send it again for approval").click()
    moderator.sees(moderator.says("Asked before:"))
    for visitor in (gate, yard):
        visitor.goto(f"/standards/{number}/approval")
        visitor.sees(story.signed)
        visitor.button("Approve").first.click()
        visitor.sees(visitor.says("Noted: you approve it."))


def publish(admin: Visit, number: str, version: int) -> None:
    """Another moderator puts it in force, and approves with it."""
    admin.goto(f"/standards/{number}")
    admin.button("Publish version %(number)d", number=version).click()
    expect(admin.page.locator("[data-standard]")).to_have_attribute("data-state", "in_force")


def confirm(reader: Visit, number: str, version: int) -> None:
    """“I have read it”, from the list of what waits."""
    reader.goto("/standards/pending")
    waiting = reader.page.locator(f"li[data-standard={number}]")
    waiting.get_by_role("button").click()
    expect(reader.page.locator(".notice.success")).to_be_visible()
    expect(waiting).to_have_count(0)


def rows_of_the_report(moderator: Visit, number: str, person: int, *, there: bool) -> None:
    """Whether the report of who has confirmed names somebody."""
    moderator.goto(f"/standards/{number}/confirmations")
    expect(moderator.page.locator("li[data-person]").first).to_be_visible()
    expect(moderator.page.locator(f"li[data-person='{person}']")).to_have_count(int(there))


def amend(moderator: Visit, idea: int, number: str) -> None:
    """A second idea changes the same standard."""
    moderator.goto(f"/ideas/{idea}")
    moderator.page.get_by_text(moderator.says("It changes a standard that exists")).click()
    moderator.page.locator("#number").fill(number)
    moderator.button("Make it a standard").click()
    moderator.page.wait_for_url(f"**/standards/{number}/edit")


def publish_text(moderator: Visit, number: str, body: str, version: int) -> None:
    """Write the next version and put it in force at once."""
    moderator.goto(f"/standards/{number}/edit")
    moderator.field("Text").fill(body)
    moderator.button("Publish version %(number)d", number=version).click()
    shown = moderator.page.locator("[data-standard]")
    expect(shown).to_have_attribute("data-version", str(version))
    expect(shown).to_have_attribute("data-state", "in_force")


def confirm_again(reader: Visit, story: Story, number: str) -> None:
    """What changed stands on top of what is asked for again."""
    reader.goto("/standards/pending")
    reader.page.locator(f"li[data-standard={number}]").get_by_role("link").first.click()
    expect(reader.page.locator("section[data-fate=changed] ins").first).to_be_visible()
    reader.page.locator("#acknowledge button").click()
    expect(reader.page.locator(".notice.success")).to_be_visible()
    expect(reader.page.locator("#acknowledge button")).to_have_count(0)


def broken(reader: Visit, number: str) -> None:
    """One tap on the promise."""
    reader.goto(f"/standards/{number}")
    promise = reader.page.locator("[data-promise]")
    promise.get_by_role("button", name=reader.says("Broken")).click()
    reader.sees(reader.says("Noted: broken today."))


def review(admin: Visit, number: str) -> None:
    """The review has opened itself and says why; who wrote none of it closes it."""
    admin.goto(f"/standards/{number}/review")
    admin.sees(admin.says("What speaks for a change"))
    expect(admin.page.locator(f"main a[href='/standards/{number}/kept']")).to_be_visible()
    admin.page.get_by_label(admin.says("Changes needed")).check()
    admin.page.locator("#note").fill("Friday is what everybody can keep to.")
    admin.button("Close the review").click()
    expect(admin.page).not_to_have_url(re.compile(r"/review$"))


def superseded(reader: Visit, number: str) -> None:
    """The version before says that it is not in force any more."""
    reader.goto(f"/standards/{number}/versions/2")
    expect(reader.page.locator("[data-standard]")).to_have_attribute("data-state", "superseded")


def days_of(app: Flask, number: str) -> list[date]:
    """The company's day on which each version came into force, whatever midnight lay between."""
    with app.app_context():
        versions = db.session.query(Version).filter_by(standard_id=standards.by_number(number).id)
        return [company_day(each.published_at) for each in versions.order_by(Version.number)]


def as_of(reader: Visit, story: Story, number: str, days: list[date]) -> None:
    """Each day has the text that was in force at its end, and there was a day before the first."""
    reader.watch.expect(404)
    said = (story.weekly, story.sooner, story.weekly)
    for day, before, after in zip(days, (None, *said[:-1]), said, strict=True):
        for asked, words in ((day - timedelta(days=1), before), (day, after)):
            reader.goto(f"/standards/{number}?as-of={asked.isoformat()}")
            if words is None:
                expect(reader.page.locator("[data-standard]")).to_have_count(0)
            else:
                expect(reader.page.locator("[data-standard]")).to_contain_text(words)
