"""Choosing what one hears, of one thing, and no more by mail, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db
from forum.notifications import tokens
from forum.notifications.topics import Topic
from tests.browser.visits import Visit
from tests.support import make

Enter = Callable[..., Visit]


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_what_one_hears_is_chosen_and_reset(visit: Enter, locale: str) -> None:
    reader = visit("anna", locale)
    reader.goto("/settings")
    reader.link("What you hear, in the inbox and by mail").click()
    box = reader.page.locator("#followed-mail")
    expect(box).not_to_be_checked()
    expect(reader.page.get_by_label(reader.says("Weekly mail")).first).to_be_visible()

    box.check()
    reader.button("Save").click()
    reader.sees(reader.says("Saved."))
    expect(box).to_be_checked()

    reader.button("As is usual for my role").click()
    reader.sees(reader.says("You hear what is usual for your role."))
    expect(box).not_to_be_checked()


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_the_follow_button_has_a_menu(visit: Enter, inside: Flask, locale: str) -> None:
    idea = make.idea(inside, title=f"Watched in {locale}")
    reader = visit("anna", locale)
    reader.goto(f"/ideas/{idea}")
    reader.button("Follow").click()
    expect(reader.button("Unfollow")).to_be_visible()

    reader.link("More or less news of it…").click()
    expect(reader.field("Everything: answers, decisions and comments")).to_be_checked()
    reader.field("Answers and decisions, no comments").check()
    reader.page.locator("#follow").get_by_role("button", name=reader.says("Save")).click()

    reader.page.wait_for_url(re.compile(rf"/ideas/{idea}$"))
    expect(reader.button("Unfollow")).to_be_visible()
    reader.goto(f"/watch/idea/{idea}")
    expect(reader.field("Answers and decisions, no comments")).to_be_checked()


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_one_click_stops_mails_and_another_brings_them_back(
    visit: Enter, inside: Flask, locale: str
) -> None:
    reader = visit("anna", locale)
    with inside.app_context():
        person = db.session.scalars(select(Person).where(Person.email == "anna@demo.example")).one()
        address = tokens.path_of(person.id, Topic.DECIDED)
    box = reader.page.locator("#decided-mail")

    reader.goto(address)
    reader.button("No more mails about it").click()
    expect(reader.page.get_by_role("heading", level=1)).to_have_text(
        reader.says("These mails stop")
    )
    reader.goto("/settings/notifications")
    expect(box).not_to_be_checked()

    reader.goto(address)
    reader.button("No more mails about it").click()
    reader.button("Undo").click()
    reader.goto("/settings/notifications")
    expect(box).to_be_checked()
