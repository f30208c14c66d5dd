"""Who wrote with others and is forgotten: their part stays, their name and, if asked, words go."""

from __future__ import annotations

import pytest
from flask import Flask

from forum.search.follower import catch_up as index
from tests.ideas import written
from tests.support import make

SHORT = "Счета теряются каждую неделю."


def erase(app: Flask, sign_in, person: int, **fields: str) -> None:
    """Forget somebody, at an administrator's word."""
    sent = {"name": "Zoya Orlova", **fields}
    answer = sign_in(make.admin(app)).post(f"/admin/people/{person}/erase", sent)
    assert answer.status_code == 303, answer.text[:500]


@pytest.fixture
def zoya(app: Flask) -> int:
    """Somebody with a name to forget."""
    return make.person(app, name="Zoya Orlova")


def test_a_co_author_becomes_a_former_colleague_and_is_asked_no_more(app, sign_in, zoya) -> None:
    idea, asked, author = make.idea(app), make.idea(app), make.person(app)
    written.join(app, idea, zoya)
    written.ask(app, asked, zoya)
    own = make.idea(app, zoya)
    written.ask(app, own, author)

    erase(app, sign_in, zoya)

    byline = sign_in().page(f"/ideas/{idea}").one("p", class_="byline").text
    assert "Zoya" not in byline
    assert "ormer colleague" in byline
    assert "You are asked" not in sign_in(author).page(f"/ideas/{own}").text


@pytest.mark.parametrize(("fields", "kept"), [({}, True), ({"blank_texts": "1"}, False)])
def test_suggestions_and_summaries_stay_unless_their_words_are_to_go(
    app, sign_in, zoya, fields, kept
) -> None:
    author = make.person(app)
    idea = make.idea(app, author, problem="Invoices arrive late.")
    written.suggestion(app, idea, zoya, "Invoices arrive unbearably late.")
    written.summary(app, idea, zoya, SHORT)
    index(app)

    erase(app, sign_in, zoya, **fields)
    index(app)

    russian = sign_in(make.person(app, locale="ru"))
    waiting = sign_in(author).page(f"/ideas/{idea}/suggestions").text
    assert "Zoya" not in waiting
    assert ("unbearably" in waiting) is kept
    assert (SHORT in russian.page(f"/ideas/{idea}").text) is kept
    assert bool(russian.json("/search?q=неделя")["hits"]) is kept
    history = russian.page(f"/ideas/{idea}/summary/ru").text
    assert "Zoya" not in history
    assert (SHORT in history) is kept


def test_what_was_taken_is_the_ideas_own_by_then(app, sign_in, zoya) -> None:
    author = make.person(app)
    idea = make.idea(app, author, problem="Invoices arrive late.")
    number = written.suggestion(app, idea, zoya, "Invoices arrive unbearably late.")
    sign_in(author).post(f"/ideas/{idea}/suggestions/{number}/take")

    erase(app, sign_in, zoya, blank_texts="1")

    assert "unbearably" in sign_in().page(f"/ideas/{idea}").text
    assert "Zoya" not in sign_in().page(f"/ideas/{idea}/history").text
