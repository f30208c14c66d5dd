"""On a phone, in both languages: an idea is done, its supporter is asked once, everyone is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core import readers
from forum.core.db import db
from forum.departments.models import Department
from tests.browser.axe import violations
from tests.browser.visits import Visit
from tests.browser.watch import settled
from tests.support import make

Enter = Callable[..., Visit]


def number_of(email: str) -> int:
    """Somebody of the demo's sign-ins."""
    return db.session.scalars(select(Person.id).where(Person.email == email)).one()


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_done_asked_once_everyone_is_thanked_and_each_is_told(
    visit: Enter, inside: Flask, locale: str
) -> None:
    with inside.app_context():
        anna, boris, moderator = (
            number_of(f"{who}@demo.example") for who in ("anna", "boris", "moderator")
        )
        place = db.session.scalars(select(Department.id).order_by(Department.id)).first()
        assert place is not None
    author = make.person(inside, name="Vera Author")
    idea = make.idea(inside, author, title="Quiet printers")
    make.comment(inside, idea, boris)
    make.vote(inside, idea, anna)
    make.decide(inside, idea, by=moderator, owner_id=place)
    judge = visit("moderator", locale)
    judge.page.goto(f"/ideas/{idea}")
    judge.page.get_by_text(judge.says("It is done"), exact=True).click()
    judge.page.locator("[name=outcome]").fill("They are quiet now.")
    judge.button("Mark as done").click()
    settled(judge.page)

    phone = visit("anna", locale, width=360)
    page = phone.page
    page.goto(f"/ideas/{idea}")
    asked = page.locator("[data-ask-thanks]")
    expect(asked).to_contain_text(phone.says("Not now"))
    assert violations(page) == []
    asked.get_by_role("link", name=phone.says("Say thank you")).click()
    expect(page.get_by_label(phone.says("Everyone who worked on it"))).to_be_checked()
    assert violations(page) == []
    page.locator("[name=why]").fill("I can hear myself think.")
    phone.button("Send").click()
    phone.sees(phone.says("Your thanks are on their way."))
    assert violations(page) == []
    page.goto(f"/ideas/{idea}")
    expect(page.locator("[data-ask-thanks]")).to_have_count(0)

    with inside.app_context():
        readers.catch_up()
    told = visit("boris", locale, width=360)
    told.page.goto("/notifications")
    told.sees("I can hear myself think.")
    with inside.app_context():
        assert db.session.get_one(Person, author).unread >= 1
