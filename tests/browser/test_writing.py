"""Help while one writes: similar ideas, departments to accept, text that goes on where it was."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.words import terms
from forum.departments.models import Department
from forum.ideas.models import Answer, Idea
from forum.ideas.suggest import suggest_departments
from tests.browser.visits import Visit
from tests.browser.watch import settled

Enter = Callable[..., Visit]
WITHIN_MS = 8_000


class Known(NamedTuple):
    """An idea of the demo, and the department that its words suggest to Anna."""

    id: int
    title: str
    department: str


@pytest.fixture
def known(inside: Flask) -> Callable[[str], Known]:
    """`known("ru")`: an idea in that language that one may write about again."""

    def find(lang: str) -> Known:
        with inside.app_context():
            query = select(Person).where(Person.email == "anna@demo.example")
            anna = db.session.scalars(query).one()
            ideas = (
                select(Idea.id, Idea.title)
                .join(Answer, Answer.idea_id == Idea.id)
                .where(Idea.lang == lang, Idea.stage_kind == "open", Idea.hidden_at.is_(None))
            )
            for idea_id, title in db.session.execute(ideas.order_by(Idea.id)).all():
                suggested = suggest_departments(anna, title) if len(set(terms(title))) > 3 else []
                if suggested:
                    name = db.session.get_one(Department, suggested[0]).name
                    return Known(idea_id, title, name)
        raise AssertionError(f"no such idea in {lang}")

    return find


def writing(visit: Visit) -> Page:
    """The page for writing, with its scripts at work."""
    visit.page.goto("/ideas/new")
    settled(visit.page)
    return visit.page


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_what_is_here_already_and_whom_it_affects_is_offered(
    visit: Enter, known: Callable[[str], Known], locale: str
) -> None:
    idea = known(locale)
    anna = visit("anna", locale)
    page = writing(anna)

    page.locator("#problem").press_sequentially(f"{idea.title}.")

    similar = page.locator("#similar")
    expect(similar).to_be_visible(timeout=WITHIN_MS)
    expect(similar.locator(f"a[href='/ideas/{idea.id}']")).to_have_text(idea.title)
    anna.sees(anna.says("Perhaps it is here already"))
    offer = page.get_by_role("button", name=f"+ {idea.department}", exact=True)
    expect(offer).to_be_visible(timeout=WITHIN_MS)
    offer.click()
    expect(offer).to_have_count(0)
    anna.button("Post").click()
    page.wait_for_url(re.compile(r"/ideas/\d+$"))
    expect(page.locator("#answers .answer-name")).to_have_text([idea.department])


def drafts(visit: Visit) -> int:
    """How many drafts wait on the page for a new idea."""
    visit.goto("/ideas/new")
    return visit.page.locator("main a[href$='/edit']").count()


def test_text_that_comes_back_goes_on_in_the_draft_it_came_from(visit: Enter) -> None:
    boris = visit("boris")
    before = drafts(boris)
    page = writing(boris)
    page.locator("#problem").press_sequentially("The gate opens late")
    expect(page.locator("#whisper")).to_have_text("Saved", timeout=WITHIN_MS)
    boris.watch.offline()
    boris.context.set_offline(True)
    page.locator("#problem").press("End")
    page.locator("#problem").press_sequentially(" and closes early.")
    said = "No connection: kept on this device"
    expect(page.locator("#whisper")).to_have_text(said, timeout=WITHIN_MS)
    page.on("dialog", lambda dialog: dialog.accept())
    boris.context.set_offline(False)

    page.reload()
    settled(page)
    expect(page.locator("#problem")).to_have_value("The gate opens late and closes early.")
    expect(page.locator("form[data-autosave]")).to_have_attribute(
        "data-version", "2", timeout=WITHIN_MS
    )

    assert drafts(boris) == before + 1


def test_a_draft_deleted_elsewhere_does_not_stop_the_writing(visit: Enter) -> None:
    boris = visit("boris")
    page = writing(boris)
    page.locator("#problem").press_sequentially("The badge printer is out")
    expect(page.locator("#whisper")).to_have_text("Saved", timeout=WITHIN_MS)
    form = page.locator("form[data-autosave]")
    old = form.get_attribute("data-autosave") or ""
    elsewhere = boris.context.new_page()
    elsewhere.goto(old.removesuffix("/autosave"))
    elsewhere.get_by_role("button", name="Delete draft").click()
    elsewhere.wait_for_url("**/ideas?mine=1")

    boris.watch.expect(404)
    page.locator("#problem").press("End")
    page.locator("#problem").press_sequentially(" of ribbon.")

    expect(form).not_to_have_attribute("data-autosave", old, timeout=WITHIN_MS)
    expect(page.locator("#whisper")).to_have_text("Saved", timeout=WITHIN_MS)


def test_a_button_pressed_twice_posts_once(visit: Enter) -> None:
    anna = visit("anna")
    page = writing(anna)
    text = "The second tap on a slow phone makes a second idea."
    page.locator("#problem").fill(text)

    anna.button("Post").dblclick()
    page.wait_for_url(re.compile(r"/ideas/\d+$"))
    anna.goto("/ideas?mine=1")

    expect(page.locator("[data-row]", has_text=text.rstrip("."))).to_have_count(1)
