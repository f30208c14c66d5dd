"""Who may ask about a text once departments became one, and once more people are wanted."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import update

from forum.accounts.models import PersonSession
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.departments.merging import merge
from forum.departments.models import Department
from tests.support import make
from tests.support.browser import Browser
from tests.surveys import company
from tests.surveys.test_relay import Ended, SignIn, ended, put, reply, switched_on

__all__ = ["ended", "switched_on"]


def test_once_who_serves_became_part_of_another_its_heir_asks(
    app: Flask, sign_in: SignIn, ended: Ended
) -> None:
    middle, heir = make.department(app, "Service"), make.department(app, "Works")
    with app.app_context():
        for old, into in ((ended.provider, middle), (middle, heir)):
            merge(None, *(db.session.get_one(Department, each) for each in (old, into)))
    asking = make.person(app)
    make.represent(app, asking, heir)
    browser = sign_in(asking)

    assert len(browser.page(ended.page).all("a", href=ended.ask)) == 1
    assert browser.post(ended.ask, {"question": "Which desk?"}).status_code == 303
    assert sign_in(make.moderator(app)).get(ended.ask).status_code == 403


def test_of_a_text_that_more_people_are_wanted_for_its_author_reads_that_nobody_can_ask(
    app: Flask, anonymous: Browser, ended: Ended
) -> None:
    with app.app_context(), transaction():
        save_settings({"survey_k": 9})

    assert "Nobody can ask about it" in anonymous.page(ended.address).text


def test_whoever_wrote_more_texts_than_addresses_are_shown_for_reads_how_many(
    app: Flask, sign_in: SignIn
) -> None:
    it, finance = make.department(app, "IT"), make.department(app, "Finance")
    services = [company.service(app, it, finance, f"Service {n}") for n in range(14)]
    person = make.person(app, department=finance)
    wave, browser = company.running(app, services), sign_in(person)
    sent = company.form(app, wave, *services, words="A word.")

    page = browser.page(browser.post(f"/surveys/{wave}/answer", sent).location)

    assert len(page.all("input", readonly=True)) == 12
    assert "2 more texts go without" in page.text


def test_an_authors_answer_lies_beside_no_note_of_whose_browser_was_used(
    app: Flask, sign_in: SignIn, ended: Ended
) -> None:
    put(sign_in, ended)
    browser, long_ago = sign_in(ended.author), now() - timedelta(days=2)
    with app.app_context(), transaction():
        db.session.execute(update(PersonSession).values(seen_at=long_ago))

    assert reply(browser, ended, "Desk 4.").status_code == 303

    assert {each.seen_at for each in company.rows(app, PersonSession)} == {long_ago}
