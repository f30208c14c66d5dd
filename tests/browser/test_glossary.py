"""Words that mean the same, kept by a moderator and used by whoever searches; what is related."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import expect

from forum.core.db import db
from forum.ideas.models import Idea
from tests.browser.axe import violations
from tests.browser.visits import Visit

Enter = Callable[..., Visit]


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_an_entry_is_added_used_taken_out_and_put_back(visit: Enter, locale: str) -> None:
    moderator, word = visit("moderator", locale), f"zq{locale}"
    page = moderator.page
    page.goto("/moderation/glossary")

    page.get_by_text(moderator.says("Add an entry"), exact=True).click()
    page.locator("#same").fill(f"{word}\ninvoice")
    assert violations(page) == []
    moderator.button("Add").click()
    expect(page.locator(".notice")).to_contain_text(f"{word} = invoice")

    page.goto(f"/search?q={word}")
    expect(page.locator("main")).to_contain_text(moderator.says("Also looked for:"))
    expect(page.locator("mark").first).to_have_text(re.compile("invoice", re.I))
    assert violations(page) == []
    moderator.link("Only what I typed").click()
    expect(page.locator("mark")).to_have_count(0)

    page.goto("/moderation/glossary")
    page.get_by_role("link", name=f"{word} = invoice").click()
    moderator.button("Delete").click()
    expect(page.get_by_role("link", name=f"{word} = invoice")).to_have_count(0)
    moderator.button("Undo").click()
    expect(page.get_by_role("link", name=f"{word} = invoice")).to_have_count(1)


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_what_is_related_appears_beside_an_idea(inside: Flask, visit: Enter, locale: str) -> None:
    with inside.app_context():
        open_ideas = db.select(Idea.id).where(Idea.stage_kind == "open", Idea.hidden_at.is_(None))
        idea = db.session.scalars(open_ideas.order_by(Idea.id)).first()
        db.session.remove()
    reader = visit("anna", locale)
    page = reader.page
    page.goto(f"/ideas/{idea}")

    page.evaluate("scrollTo(0, document.body.scrollHeight)")

    expect(page.locator("#related [data-related]").first).to_be_visible()
    assert page.locator("#related [data-related]").count() <= 5
    expect(page.locator("#related h2")).to_have_text(reader.says("Related"))
    assert violations(page) == []

    page.goto(f"/search/related/idea/{idea}")
    expect(page.locator("[data-hit]").first).to_be_visible()
    assert violations(page) == []
