"""What nobody can repair, because its author is nobody or was erased, stays with the moderators."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from forum.accounts.models import Person
from forum.admin.erasure import erase
from forum.core.db import db, transaction
from forum.ideas.merges.models import IdeaAuthor
from tests.ideas.unsigned import post, switch
from tests.moderation.acts import decide, flag, follow, matters
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]


@pytest.fixture
def unsigned(app: Flask, sign_in: SignIn) -> int:
    """An idea that somebody posted without their name."""
    switch(app, "anonymous")
    return post(sign_in())[0]


def hidden_ideas(browser: Browser) -> list[int]:
    page = browser.page("/moderation?queue=hidden")
    return [int(row["data-idea"]) for row in page.all("article", data_row=True)]


def write_along(app: Flask, idea: int, person: int) -> None:
    """Somebody writes it too, as by an idea of theirs that became part of it."""
    with app.app_context(), transaction():
        db.session.add(IdeaAuthor(idea_id=idea, person_id=person))


def test_a_flagged_idea_of_nobodys_is_hidden_where_moderators_find_it(
    app: Flask, sign_in: SignIn, unsigned: int
) -> None:
    moderator = sign_in(make.moderator(app))

    assert decide(moderator, flag(app, "idea", unsigned), "hidden") == 303

    assert "may repair it" not in moderator.page("/moderation?queue=flags").text
    assert matters(app) == [("flags", "closed", "hidden")]
    assert hidden_ideas(moderator) == [unsigned]
    assert moderator.post(f"/ideas/{unsigned}/unhide").status_code == 303
    assert sign_in().get(f"/ideas/{unsigned}").status_code == 200


def test_hiding_what_is_nobodys_can_be_taken_back(
    app: Flask, sign_in: SignIn, unsigned: int
) -> None:
    moderator, matter = sign_in(make.moderator(app)), flag(app, "idea", unsigned)
    decide(moderator, matter, "hidden")

    assert moderator.post(f"/moderation/matters/{matter}/undo").status_code == 303

    assert matters(app) == [("flags", "waiting", "")]
    assert sign_in().get(f"/ideas/{unsigned}").status_code == 200


def test_a_co_author_of_an_idea_of_nobodys_may_repair_it(
    app: Flask, sign_in: SignIn, unsigned: int
) -> None:
    writer = make.person(app)
    write_along(app, unsigned, writer)
    moderator = sign_in(make.moderator(app))

    decide(moderator, flag(app, "idea", unsigned), "hidden")

    assert matters(app) == [("flags", "author", "hidden")]
    assert hidden_ideas(moderator) == []
    fields = {"title": "A plan", "problem": "The plan comes late.", "revision": "1"}
    assert sign_in(writer).post(f"/ideas/{unsigned}/edit", fields).status_code == 303
    follow(app)
    assert matters(app) == [("flags", "repaired", "hidden")]


def test_a_comment_whose_author_was_erased_waits_for_nobody(app: Flask, sign_in: SignIn) -> None:
    author, idea = make.person(app), make.idea(app)
    comment = make.comment(app, idea, author)
    with app.app_context():
        erase(db.session.get_one(Person, make.admin(app)), db.session.get_one(Person, author))
    moderator, matter = sign_in(make.moderator(app)), flag(app, "comment", comment)

    assert decide(moderator, matter, "hidden") == 303

    assert matters(app) == [("flags", "closed", "hidden")]
    assert moderator.post(f"/moderation/matters/{matter}/undo").status_code == 303
    assert matters(app) == [("flags", "waiting", "")]
