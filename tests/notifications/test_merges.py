"""Who hears of merges, and of a No that comes back: once each, and nobody learns who cared."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from forum.accounts.models import Person
from forum.core.clock import today
from forum.core.db import db, transaction
from forum.ideas import votes
from forum.ideas.again import actions as again
from forum.ideas.again import watching
from forum.ideas.again.models import Condition
from forum.ideas.models import Idea
from tests.notifications.inboxes import catch_up, follow, news_of
from tests.support import make


@pytest.fixture
def quiet(app: Flask) -> None:
    """Nothing has happened yet."""
    catch_up(app)


def test_followers_and_authors_of_what_was_merged_hear_once(app: Flask, sign_in) -> None:
    anna, boris, clara, voter = (make.person(app) for _ in range(4))
    parent = make.idea(app, anna, title="The one that stays")
    children = [make.idea(app, boris), make.idea(app, boris)]
    for child in children:
        follow(app, child, clara)
        make.vote(app, child, voter)
    own_follower = make.person(app)
    follow(app, parent, own_follower)
    catch_up(app)

    make.merge(app, parent, *children)
    catch_up(app)

    assert news_of(app, boris) == news_of(app, clara) == ["merged"]
    assert news_of(app, anna) == ["took-in"]
    assert news_of(app, own_follower) == news_of(app, voter) == []
    page = sign_in(clara).page("/notifications")
    assert "The one that stays" in page.text
    assert "merged an idea you care about into this one" in page.text


def test_a_merge_that_was_undone_before_anybody_read_of_it_is_no_news_of_a_merge(
    app: Flask,
) -> None:
    boris = make.person(app)
    parent, child = make.idea(app), make.idea(app, boris)
    catch_up(app)

    make.merge(app, parent, child)
    make.unmerge(app, child)
    catch_up(app)

    assert news_of(app, boris) == ["unmerged"]


def test_who_cannot_see_the_parent_hears_nothing_of_it(app: Flask) -> None:
    here, elsewhere = make.department(app), make.department(app)
    consultant = make.person(app, kind="consultant", attached=[here])
    parent = make.idea(app, departments=[elsewhere])
    child = make.idea(app, departments=[here])
    follow(app, child, consultant)
    with app.app_context(), transaction():
        db.session.get_one(Idea, parent).hidden_at = None
    catch_up(app)

    make.merge(app, parent, child)
    catch_up(app)

    # Its department came along, so the consultant sees the parent, and hears of it.
    assert news_of(app, consultant) == ["merged"]


def test_a_co_author_hears_of_comments_as_an_author_does(app: Flask) -> None:
    boris = make.person(app)
    parent, child = make.idea(app), make.idea(app, boris)
    make.merge(app, parent, child)
    with app.app_context():
        someone, idea = db.session.get_one(Person, boris), db.session.get_one(Idea, parent)
        votes.unfollow(someone, idea)
    catch_up(app)
    before = news_of(app, boris)

    make.comment(app, parent)
    catch_up(app)

    assert news_of(app, boris) == [*before, "commented"]


def test_news_of_a_comment_lead_to_where_it_stands_now(app: Flask, sign_in) -> None:
    author = make.person(app)
    parent, child = make.idea(app), make.idea(app, author)
    said = make.comment(app, child)
    catch_up(app)
    make.merge(app, parent, child)
    browser = sign_in(author)

    page = browser.page("/notifications")
    opens = [b["formaction"] for b in page.all("button", formaction=True)]
    addresses = [browser.post(each).location for each in opens if each.endswith("/open")]

    assert f"/ideas/{parent}#comment-{said}" in addresses


def declined(app: Flask, **condition: object) -> tuple[int, int]:
    author = make.person(app)
    idea = make.idea(app, author)
    make.decide(app, idea, "decline", **condition)
    return idea, author


def yesterday(app: Flask, idea: int) -> None:
    with app.app_context(), transaction():
        for condition in db.session.query(Condition).filter_by(idea_id=idea):
            condition.on_day = today() - timedelta(days=1)


def test_everybody_who_cared_hears_that_a_no_comes_back(app: Flask, sign_in) -> None:
    author, follower, voter, needs, stranger = (make.person(app) for _ in range(5))
    idea = make.idea(app, author)
    follow(app, idea, follower)
    make.vote(app, idea, voter)
    condition = {"again_on": today() + timedelta(days=9), "again_departments": 5}
    make.decide(app, idea, "decline", **condition)
    with app.app_context():
        again.still_need(db.session.get_one(Person, needs), db.session.get_one(Idea, idea))
    catch_up(app)
    before = {p: news_of(app, p) for p in (author, follower, voter, needs, stranger)}
    yesterday(app, idea)

    with app.app_context():
        assert watching.look() == 1
        assert watching.look() == 0
    catch_up(app)
    catch_up(app)

    for person in (author, follower, voter, needs):
        assert news_of(app, person) == [*before[person], "returned"]
    assert news_of(app, stranger) == []
    assert "The condition of the No came true" in sign_in(voter).page("/notifications").text
