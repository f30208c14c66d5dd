"""Hiding an idea without a flag: its author hears of it, with the reason, as after a flag."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.errors import Conflict
from forum.ideas.models import Idea
from forum.moderation import actions
from tests.ideas.test_co_authors import written_together
from tests.moderation.acts import decide, flag, follow, matters, news
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
HIDDEN = "/moderation?queue=hidden"
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


@pytest.mark.parametrize("together", [False, True])
def test_a_moderator_does_not_show_again_what_they_write(
    app: Flask, sign_in: SignIn, author: int, *, together: bool
) -> None:
    moderator = make.moderator(app)
    own = written_together(app, author, moderator) if together else make.idea(app, moderator)
    browser, other = sign_in(moderator), sign_in(make.moderator(app))
    other.post(f"/ideas/{own}/hide", WHY)

    assert browser.post(f"/ideas/{own}/unhide").status_code == 403

    assert not browser.page(f"/ideas/{own}").all("button", formaction=f"/ideas/{own}/unhide")
    assert not browser.page(HIDDEN).all("article", data_idea=own)
    assert sign_in().get(f"/ideas/{own}").status_code == 404
    assert other.page(HIDDEN).all("article", data_idea=own)
    assert other.page(f"/ideas/{own}").all("button", formaction=f"/ideas/{own}/unhide")
    assert other.post(f"/ideas/{own}/unhide").status_code == 303


def test_who_hides_what_they_write_is_told_that_another_moderator_shows_it_again(
    app: Flask, sign_in: SignIn
) -> None:
    moderator = make.moderator(app)
    own = make.idea(app, moderator)
    browser = sign_in(moderator)

    said = browser.page(browser.post(f"/ideas/{own}/hide").location)

    assert "Another moderator can show it again." in said.text
    assert not said.all("button", formaction=f"/ideas/{own}/unhide")


def test_nobody_is_told_of_hiding_what_is_their_own(app: Flask, sign_in: SignIn) -> None:
    moderator = make.moderator(app)
    browser = sign_in(moderator)
    own = make.idea(app, moderator)

    browser.post(f"/ideas/{own}/hide")
    follow(app)

    assert matters(app) == []
    assert not any("hidden your idea" in each for each in news(app, browser))


def test_co_authors_are_told_of_hiding_without_a_flag_too(
    app: Flask, sign_in: SignIn, author: int
) -> None:
    other = make.person(app)
    shared = written_together(app, author, other)

    sign_in(make.moderator(app)).post(f"/ideas/{shared}/hide", WHY)

    for writer in (author, other):
        assert any(SAID in each for each in news(app, sign_in(writer)))


@pytest.mark.parametrize("flagged", [False, True])
def test_what_a_moderator_writes_with_others_they_hide_but_do_not_decide(
    app: Flask, sign_in: SignIn, author: int, *, flagged: bool
) -> None:
    moderator = make.moderator(app)
    shared = written_together(app, author, moderator)
    matter = flag(app, "idea", shared) if flagged else 0
    browser = sign_in(moderator)

    assert browser.post(f"/ideas/{shared}/hide", WHY).status_code == 303

    assert sign_in().get(f"/ideas/{shared}").status_code == 404
    assert not any("hidden your idea" in each for each in news(app, browser))
    told = any(SAID in each for each in news(app, sign_in(author)))
    assert (told, matters(app)) == (
        (False, [("flags", "waiting", "")]) if flagged else (True, [("flags", "author", "hidden")])
    )
    if flagged:
        assert decide(sign_in(make.moderator(app)), matter, "approved") == 303
        assert sign_in().get(f"/ideas/{shared}").status_code == 200


def test_a_flag_that_comes_at_that_moment_is_decided_in_the_queue(
    app: Flask, monkeypatch: pytest.MonkeyPatch, idea: int
) -> None:
    flag(app, "idea", idea)
    monkeypatch.setattr(actions, "_matter", lambda *_args: None)

    with app.app_context():
        moderator = db.session.get_one(Person, make.moderator(app))
        with pytest.raises(Conflict):
            actions.hide(moderator, db.session.get_one(Idea, idea))

    with app.app_context():
        assert db.session.get_one(Idea, idea).hidden_at is None
    assert matters(app) == [("flags", "waiting", "")]
