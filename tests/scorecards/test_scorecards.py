"""Scorecards: who is asked, who sees what when, and what the weights change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core import readers
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.scorecards import weights
from forum.scorecards.models import Expert, Score
from tests.ideas.test_co_authors import join, written_together
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import Document

SignIn = Callable[..., Browser]
MARKS = {
    "value": "high",
    "value-note": "It saves a day each week.",
    "cost": "low",
    "obstacles": "na",
}


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    with app.app_context(), transaction():
        save_settings({"modules": ["scorecards"]})


def asked(app: Flask, sign_in: SignIn, idea: int, moderator: Browser | None = None) -> int:
    """An expert who is asked to rate an idea."""
    expert = make.person(app)
    with app.app_context():
        email = db.session.get_one(Person, expert).email
    moderator = moderator or sign_in(make.moderator(app))
    answer = moderator.post(f"/ideas/{idea}/scorecard/experts", {"who": email})
    assert answer.status_code == 303
    return expert


def rate(browser: Browser, idea: int, **changed: str) -> int:
    return int(browser.post(f"/ideas/{idea}/scorecard", {**MARKS, **changed}).status_code)


def number_of(app: Flask, expert: int) -> int:
    with app.app_context():
        return db.session.scalars(select(Expert.id).where(Expert.person_id == expert)).one()


def test_a_module_that_is_off_shows_and_takes_nothing(app: Flask, sign_in: SignIn) -> None:
    idea = make.idea(app)
    expert = asked(app, sign_in, idea)
    with app.app_context(), transaction():
        save_settings({"modules": []})
    browser, moderator = sign_in(expert), sign_in(make.moderator(app))

    assert browser.get("/scorecards").status_code == 404
    assert browser.get(f"/ideas/{idea}/scorecard").status_code == 404
    assert rate(browser, idea) == 404
    assert "scorecard" not in moderator.get(f"/ideas/{idea}").text.lower()
    with app.app_context():
        readers.catch_up()
    assert sign_in(expert).page("/").one("a", href="/notifications")["data-unread"] == "0"


def test_an_expert_hears_of_it_and_finds_it_waiting(app: Flask, sign_in: SignIn) -> None:
    idea = make.idea(app, title="Late invoices")
    expert = asked(app, sign_in, idea)
    with app.app_context():
        readers.catch_up()
    browser = sign_in(expert)

    assert "Your marks are wanted" in browser.get("/notifications").text
    assert "Late invoices" in browser.get("/scorecards").text
    assert "Your marks are wanted" in browser.get(f"/ideas/{idea}").text


def test_an_expert_sees_the_others_only_after_submitting(app: Flask, sign_in: SignIn) -> None:
    idea = make.idea(app)
    first, second = asked(app, sign_in, idea), asked(app, sign_in, idea)
    late = sign_in(second)

    assert rate(sign_in(first), idea) == 303
    before = late.get(f"/ideas/{idea}/scorecard").text
    assert rate(late, idea, value="low") == 303
    after = late.get(f"/ideas/{idea}/scorecard").text

    assert "saves a day" not in before
    assert "data-expert" not in before
    assert "saves a day" in after
    assert "far apart" in after


def test_who_writes_an_idea_with_others_neither_asks_nor_rates_nor_reads_the_marks(
    app: Flask, sign_in: SignIn
) -> None:
    both = make.moderator(app, email="both@example.org")
    idea = written_together(app, make.person(app), both, title="Late invoices")
    moderator = sign_in(make.moderator(app))
    rate(sign_in(asked(app, sign_in, idea)), idea)
    browser = sign_in(both)

    assert browser.get(f"/ideas/{idea}/scorecard").status_code == 404
    assert "What experts say" not in browser.page(f"/ideas/{idea}").text
    assert "Late invoices" not in browser.page("/scorecards").text
    sent = {"who": "both@example.org"}
    assert browser.post(f"/ideas/{idea}/scorecard/experts", sent).status_code == 403
    refused = moderator.post(f"/ideas/{idea}/scorecard/experts", sent)
    assert refused.status_code == 422
    assert "Nobody rates their own idea." in refused.text


def test_an_expert_who_comes_to_write_the_idea_is_asked_no_more(
    app: Flask, sign_in: SignIn
) -> None:
    author = make.person(app)
    idea = make.idea(app, author, title="Late invoices")
    expert = asked(app, sign_in, idea)
    join(app, idea, author, expert)
    browser = sign_in(expert)

    assert "Late invoices" not in browser.page("/scorecards").text
    assert "Your marks are wanted" not in browser.page(f"/ideas/{idea}").text
    assert browser.get(f"/ideas/{idea}/scorecard").status_code == 404
    assert rate(browser, idea) == 403


def test_an_expert_who_rated_and_then_came_to_write_it_reads_no_marks(
    app: Flask, sign_in: SignIn
) -> None:
    author = make.person(app)
    idea = make.idea(app, author)
    expert = asked(app, sign_in, idea)
    browser = sign_in(expert)
    assert rate(browser, idea) == 303
    assert "saves a day" in browser.get(f"/ideas/{idea}/scorecard").text

    join(app, idea, author, expert)

    assert browser.get(f"/ideas/{idea}/scorecard").status_code == 404
    assert "saves a day" not in browser.get(f"/ideas/{idea}").text


def test_a_moderator_who_is_an_expert_is_as_blind_as_the_others(
    app: Flask, sign_in: SignIn
) -> None:
    idea, both = make.idea(app), make.moderator(app, email="both@example.org")
    other = asked(app, sign_in, idea)
    rate(sign_in(other), idea)
    browser = sign_in(both)
    browser.post(f"/ideas/{idea}/scorecard/experts", {"who": "both@example.org"})

    assert "saves a day" not in browser.get(f"/ideas/{idea}/scorecard").text
    assert ranking(browser, "?cost=5") == []
    place = f"/ideas/{idea}/scorecard/experts/{number_of(app, both)}"
    browser.post(f"{place}/withdraw")
    assert "saves a day" in browser.get(f"/ideas/{idea}/scorecard").text
    assert browser.post(f"{place}/restore").status_code == 403


def test_nobody_else_sees_a_scorecard(app: Flask, sign_in: SignIn) -> None:
    author = make.moderator(app)
    idea = make.idea(app, author)
    rate(sign_in(asked(app, sign_in, idea)), idea)

    for reader in (author, make.person(app)):
        browser = sign_in(reader)
        assert browser.get(f"/ideas/{idea}/scorecard").status_code == 404
        assert f"/ideas/{idea}/scorecard" not in browser.get(f"/ideas/{idea}").text
        assert rate(browser, idea) == 403
        ask = browser.post(f"/ideas/{idea}/scorecard/experts", {"who": "x"})
        assert ask.status_code in (403, 404)


@pytest.mark.parametrize("missing", ["value", "cost", "obstacles"])
def test_a_mark_that_is_missing_is_told_and_the_rest_is_kept(
    app: Flask, sign_in: SignIn, missing: str
) -> None:
    idea = make.idea(app)
    expert = asked(app, sign_in, idea)
    sent = {**MARKS, missing: ""}

    answer = sign_in(expert).post(f"/ideas/{idea}/scorecard", sent)

    page = Document(answer.text)
    assert answer.status_code == 422
    assert page.one("p", id=f"{missing}-error").text
    assert "It saves a day each week." in answer.text
    with app.app_context():
        assert not db.session.scalars(select(Score)).all()


def test_marks_are_submitted_once(app: Flask, sign_in: SignIn) -> None:
    idea = make.idea(app)
    browser = sign_in(asked(app, sign_in, idea))

    assert [rate(browser, idea), rate(browser, idea, value="low")] == [303, 409]


def test_what_a_withdrawn_expert_said_does_not_count_until_they_are_back(
    app: Flask, sign_in: SignIn
) -> None:
    idea, moderator = make.idea(app), sign_in(make.moderator(app))
    expert = asked(app, sign_in, idea, moderator)
    rate(sign_in(expert), idea)
    place = f"/ideas/{idea}/scorecard/experts/{number_of(app, expert)}"

    moderator.post(f"{place}/withdraw")
    without = moderator.get(f"/ideas/{idea}/scorecard").text
    assert sign_in(expert).get(f"/ideas/{idea}/scorecard").status_code == 404
    moderator.post(f"{place}/restore")

    assert "saves a day" not in without
    assert "saves a day" in moderator.get(f"/ideas/{idea}/scorecard").text


def test_an_expert_who_left_is_shown_as_such_and_not_asked(app: Flask, sign_in: SignIn) -> None:
    idea, moderator = make.idea(app), sign_in(make.moderator(app))
    expert = asked(app, sign_in, idea, moderator)
    with app.app_context(), transaction():
        person = db.session.get_one(Person, expert)
        person.deactivated_at = now()
        email = person.email

    again = moderator.post(f"/ideas/{make.idea(app)}/scorecard/experts", {"who": email})

    assert "cannot sign in any more" in moderator.get(f"/ideas/{idea}/scorecard").text
    assert again.status_code == 422


def test_authors_consultants_and_nobody_are_no_experts(app: Flask, sign_in: SignIn) -> None:
    department = make.department(app)
    author = make.person(app, email="author@example.org")
    make.person(app, kind="consultant", attached=[department], email="guest@example.org")
    idea = make.idea(app, author, departments=[department])
    moderator = sign_in(make.moderator(app))

    for who in ("author@example.org", "guest@example.org", "nobody@example.org", ""):
        answer = moderator.post(f"/ideas/{idea}/scorecard/experts", {"who": who})
        assert answer.status_code == 422, who
        assert Document(answer.text).one("p", id="who-error").text


def ranking(browser: Browser, query: str = "") -> list[int]:
    page = browser.page(f"/scorecards{query}")
    return [int(row["data-idea"]) for row in page.all("tr", data_idea=True)]


def test_weights_are_tried_before_they_are_kept(app: Flask, sign_in: SignIn) -> None:
    moderator = sign_in(make.moderator(app))
    valuable, cheap = make.idea(app), make.idea(app)
    dear: dict[str, Any] = {"value": "high", "cost": "high"}
    rate(sign_in(asked(app, sign_in, valuable, moderator)), valuable, **dear)
    rate(sign_in(asked(app, sign_in, cheap, moderator)), cheap, value="low", cost="low")

    assert ranking(moderator) == [valuable, cheap]
    assert ranking(moderator, "?value=1&cost=5&obstacles=1") == [cheap, valuable]
    assert ranking(moderator) == [valuable, cheap]
    moderator.post("/scorecards/weights", {"value": "1", "cost": "5", "obstacles": "1"})
    assert ranking(moderator) == [cheap, valuable]


@pytest.mark.parametrize("typed", ["6", "-1", "", "x"])
def test_a_weight_that_is_none_is_refused(app: Flask, sign_in: SignIn, typed: str) -> None:
    sent = {"value": "1", "cost": typed, "obstacles": "1"}

    refused = sign_in(make.moderator(app)).post("/scorecards/weights", sent)

    assert refused.status_code == 422
    assert Document(refused.text).one("p", id="cost-error").text
    assert sign_in().post("/scorecards/weights", sent).status_code == 404


def test_the_figure_is_the_weighted_mean_of_what_applies() -> None:
    by = {"value": 2, "cost": 1, "obstacles": 1}

    assert (
        weights.figure({"value": ["high", "low"], "cost": ["low"], "obstacles": ["na"]}, by) == 67
    )
    assert weights.figure({"value": ["na"]}, by) is None
    assert weights.figure({"obstacles": ["high"]}, by) == 0


def test_the_pages_cost_the_same_however_many_ideas(app: Flask, sign_in: SignIn) -> None:
    from tests.ideas.test_pages import cost

    moderator = sign_in(make.moderator(app))
    idea = make.idea(app)
    rate(sign_in(asked(app, sign_in, idea, moderator)), idea)
    few = [cost(app, moderator, a) for a in ("/scorecards", f"/ideas/{idea}/scorecard")]
    for _ in range(3):
        rate(sign_in(asked(app, sign_in, idea, moderator)), idea)
        other = make.idea(app)
        rate(sign_in(asked(app, sign_in, other, moderator)), other)

    assert [cost(app, moderator, a) for a in ("/scorecards", f"/ideas/{idea}/scorecard")] == few
    assert max(few) <= 6
