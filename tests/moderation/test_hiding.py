"""Hiding an idea without a flag: its author hears of it, with the reason, as after a flag."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.moderation.acts import flag, follow, matters, news
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
WHY = {"why": "It names a customer."}
SAID = "A moderator has hidden your idea: It names a customer."


@pytest.fixture
def author(app: Flask) -> int:
    return make.person(app)


@pytest.fixture
def idea(app: Flask, author: int) -> int:
    return make.idea(app, author, title="Customer Smith is late")


def test_the_author_is_told_why_and_may_repair_it_once(
    app: Flask, sign_in: SignIn, author: int, idea: int
) -> None:
    moderator, writer, reader = sign_in(make.moderator(app)), sign_in(author), sign_in()
    page = moderator.page(f"/ideas/{idea}")
    assert page.all("button", formaction=f"/ideas/{idea}/hide")

    assert moderator.post(f"/ideas/{idea}/hide", WHY).status_code == 303
    follow(app)

    assert any(SAID in each for each in news(app, writer))
    assert reader.get(f"/ideas/{idea}").status_code == 404
    fields = {"title": "A customer is late", "problem": "Invoices of May.", "revision": "1"}
    assert writer.post(f"/ideas/{idea}/edit", fields).status_code == 303
    follow(app)
    assert matters(app) == [("flags", "repaired", "hidden")]
    assert "A customer is late" in moderator.page("/moderation?queue=flags").text


def test_undo_shows_it_again_and_takes_the_news_back(
    app: Flask, sign_in: SignIn, author: int, idea: int
) -> None:
    moderator, writer = sign_in(make.moderator(app)), sign_in(author)
    moderator.post(f"/ideas/{idea}/hide", WHY)
    follow(app)

    assert moderator.post(f"/ideas/{idea}/unhide").status_code == 303
    follow(app)

    assert sign_in().get(f"/ideas/{idea}").status_code == 200
    assert not any(SAID in each for each in news(app, writer))
    assert matters(app) == [("flags", "closed", "")]
    assert moderator.post(f"/ideas/{idea}/hide", WHY).status_code == 303


def test_another_moderator_may_show_it_again_too(app: Flask, sign_in: SignIn, idea: int) -> None:
    sign_in(make.moderator(app)).post(f"/ideas/{idea}/hide")

    assert sign_in(make.moderator(app)).post(f"/ideas/{idea}/unhide").status_code == 303
    assert sign_in().get(f"/ideas/{idea}").status_code == 200


def test_what_is_flagged_is_decided_with_it(
    app: Flask, sign_in: SignIn, author: int, idea: int
) -> None:
    flag(app, "idea", idea)
    moderator = sign_in(make.moderator(app))

    moderator.post(f"/ideas/{idea}/hide", WHY)
    follow(app)

    assert matters(app) == [("flags", "author", "hidden")]
    assert any(SAID in each for each in news(app, sign_in(author)))
    assert moderator.post(f"/ideas/{idea}/unhide").status_code == 409


def test_nobody_is_told_of_hiding_what_is_their_own(app: Flask, sign_in: SignIn) -> None:
    moderator = make.moderator(app)
    browser = sign_in(moderator)
    own = make.idea(app, moderator)

    browser.post(f"/ideas/{own}/hide")
    follow(app)

    assert matters(app) == []
    assert not any("hidden your idea" in each for each in news(app, browser))
