"""Who gains from an idea: said under “More”, by nobody who does not want to."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.ideas.models import Idea
from forum.insights.figures import building
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    with app.app_context(), transaction():
        save_settings({"modules": ["insights"]})


def said(app: Flask, address: str) -> str:
    with app.app_context():
        return db.session.get_one(Idea, int(address.rpartition("/")[2])).gains


def post(browser: Browser, **fields: str) -> str:
    """Post an idea; its address."""
    sent = {"problem": "The ramp is icy.", "action": "post", **fields}
    return str(browser.post("/ideas/new", sent).headers["Location"])


def test_an_idea_says_who_gains_and_is_counted(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in()
    at = post(browser, gains="safety")

    assert said(app, at) == "safety"
    assert "Who gains: Safety" in browser.get(at).text
    with app.app_context():
        building.rebuild()
    assert "safety,1" in browser.get("/insights/figures/gains.csv").text


def test_the_ideas_behind_are_narrowed_by_who_gains(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in()
    safety = post(browser, gains="safety")
    customers = post(browser, gains="customers", problem="Nobody answers customers.")
    with app.app_context():
        building.rebuild()
    page = browser.page("/insights/rows/gains")

    links = [link["href"] for link in page.all("a") if "/rows/gains-safety" in link.get("href")]
    shown = browser.get(links[0]).text

    assert f'href="{safety}"' in shown
    assert f'href="{customers}"' not in shown
    assert all(at in browser.get("/insights/rows/gains").text for at in (safety, customers))


@pytest.mark.parametrize("sent", ["", "shareholders", "SAFETY"])
def test_anything_else_says_nothing(app: Flask, sign_in: SignIn, sent: str) -> None:
    browser = sign_in()
    at = post(browser, gains=sent)

    assert said(app, at) == ""
    assert "Who gains" not in browser.get(at).text


def test_a_form_without_the_field_changes_nothing(app: Flask, sign_in: SignIn) -> None:
    author = make.person(app)
    browser = sign_in(author)
    at = post(browser, gains="customers")

    browser.post(f"{at}/edit", {"problem": "The ramp is very icy.", "revision": "1"})

    assert said(app, at) == "customers"


def test_it_stays_when_it_is_exported_and_imported(app: Flask) -> None:
    from forum.admin.records.parts import PARTS

    assert "gains" in PARTS["idea"].only
