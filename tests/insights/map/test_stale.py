"""Nobody agrees to, denies, ends or writes over words that they have not read."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from forum.core.db import transaction
from forum.core.site import save_settings
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
NEWER = "Somebody has just changed this service"


class Two:
    """Boris of IT has drawn a service to Tatiana's Sales."""

    def __init__(self, app: Flask, sign_in: SignIn) -> None:
        it, sales = make.department(app, "IT"), make.department(app, "Sales")
        people = [make.person(app, department=place) for place in (it, sales)]
        make.represent(app, people[0], it)
        make.represent(app, people[1], sales)
        self.boris, self.tatiana = sign_in(people[0]), sign_in(people[1])
        sent = {"provider": str(it), "customer": str(sales), "name": "Laptops"}
        self.address = self.boris.post("/map/services/new", sent).headers["Location"]

    def form(self, browser: Browser, act: str, page: str = "") -> dict[str, Any]:
        """The hidden fields of a form that lies open in a browser."""
        text = browser.get(self.address + page).text
        form = re.search(rf'action="{self.address}/{act}".*?</form>', text, re.S)
        assert form is not None, act
        hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form.group())
        return dict(hidden)

    def correct(self, browser: Browser, name: str, delivered: str = "") -> None:
        """Say otherwise what it is, from a page just opened."""
        sent = self.form(browser, "edit", "/edit") | {"name": name, "delivered": delivered}
        assert browser.post(f"{self.address}/edit", sent).status_code == 303

    def state(self) -> str:
        found = re.search(r'data-state="(\w+)"', self.boris.get(self.address).text)
        assert found is not None
        return found.group(1)


@pytest.fixture
def two(app: Flask, sign_in: SignIn) -> Two:
    with app.app_context(), transaction():
        save_settings({"modules": ["map"]})
    return Two(app, sign_in)


def test_confirming_from_an_old_page_shows_the_new_words_first(two: Two) -> None:
    sent = two.form(two.tatiana, "confirm")
    two.correct(two.boris, "Laptops for all", "Within a month")

    stale = two.tatiana.post(f"{two.address}/confirm", sent)

    assert stale.status_code == 409
    assert NEWER in stale.text
    assert "Within a month" in stale.text
    assert two.state() == "proposed"
    sent = two.form(two.tatiana, "confirm")
    assert two.tatiana.post(f"{two.address}/confirm", sent).status_code == 303
    assert two.state() == "confirmed"


def test_two_who_correct_at_once_see_each_others_words(two: Two) -> None:
    sent = two.form(two.tatiana, "edit", "/edit")
    two.correct(two.boris, "Laptops", "Within a month")

    mine = sent | {"name": "Laptops", "delivered": "Within a week"}
    stale = two.tatiana.post(f"{two.address}/edit", mine)

    assert stale.status_code == 409
    for words in (NEWER, "What it says now", "Within a month", "Within a week"):
        assert words in stale.text
    assert "Within a week" not in two.boris.get(two.address).text
    again = re.search(r'name="revision" value="(\d+)"', stale.text)
    assert again is not None
    mine["revision"] = again.group(1)
    assert two.tatiana.post(f"{two.address}/edit", mine).status_code == 303
    assert "Within a week" in two.boris.get(two.address).text


@pytest.mark.parametrize("act", ["deny", "end"])
def test_a_reason_against_old_words_is_kept_and_not_sent(two: Two, act: str) -> None:
    browser = two.tatiana if act == "deny" else two.boris
    sent = two.form(browser, act) | {"why": "We buy our own."}
    two.correct(two.boris, "Laptops", "Within a month")

    stale = browser.post(f"{two.address}/{act}", sent)

    assert stale.status_code == 409
    for words in (NEWER, "Within a month", "We buy our own."):
        assert words in stale.text
    assert two.state() == "proposed"
    again = two.form(browser, act) | {"why": "We buy our own."}
    assert browser.post(f"{two.address}/{act}", again).status_code == 303


def test_a_reason_that_no_form_takes_any_more_stays_readable(two: Two) -> None:
    sent = two.form(two.tatiana, "deny") | {"why": "We buy our own."}
    two.correct(two.tatiana, "Laptops", "Within a week")

    stale = two.tatiana.post(f"{two.address}/deny", sent)

    assert stale.status_code == 409
    assert "We buy our own." in stale.text
    assert two.state() == "proposed"


def test_a_correction_of_what_ended_meanwhile_stays_readable(two: Two) -> None:
    sent = two.form(two.tatiana, "edit", "/edit")
    end = two.form(two.boris, "end") | {"why": ""}
    assert two.boris.post(f"{two.address}/end", end).status_code == 303

    late = two.tatiana.post(f"{two.address}/edit", sent | {"delivered": "Within a week"})

    assert late.status_code == 409
    for words in ("This service has ended", "What you typed", "Within a week"):
        assert words in late.text
    assert two.tatiana.get(f"{two.address}/edit").status_code == 403


def test_an_outside_script_that_sends_no_revision_is_taken(two: Two) -> None:
    two.correct(two.boris, "Laptops for all")

    assert two.tatiana.post(f"{two.address}/confirm").status_code == 303
    assert two.state() == "confirmed"


def test_a_form_that_comes_back_after_a_lost_session_still_knows_what_was_read(two: Two) -> None:
    sent = two.form(two.tatiana, "edit", "/edit") | {"name": "Laptops", "delivered": "In a week"}
    two.correct(two.boris, "Laptops", "Within a month")

    back = two.tatiana.client.post(f"{two.address}/edit", data=sent | {"csrf_token": "old"})

    assert back.status_code == 400
    assert f'name="revision" value="{sent["revision"]}"' in back.text
