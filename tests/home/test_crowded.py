"""Pages that hold much cost what they cost when they hold little: queries, rows and bytes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from forum.discussion.queries import PAGE
from tests.support import crowds, make
from tests.support.browser import Browser
from tests.support.queries import Fetched, fetching

SignIn = Callable[..., Browser]
LARGEST = 150_000
"""Bytes of a page, whatever it holds."""


def look(app: Flask, browser: Browser, address: str) -> Fetched:
    """What a second look costs."""
    browser.get(address)
    with fetching(app) as fetched:
        answer = browser.get(address)
    assert answer.status_code == 200
    assert len(answer.data) < LARGEST
    return fetched


def test_five_hundred_comments_cost_the_queries_of_five(app: Flask, sign_in: SignIn) -> None:
    few, many = make.idea(app), make.idea(app)
    crowds.comments(app, few, 5)
    crowds.comments(app, many, 500)
    browser = sign_in()

    little, much = (look(app, browser, f"/ideas/{idea}") for idea in (few, many))

    assert len(much.statements) == len(little.statements) == 7
    # A page of comments, one more, and at most one that the first of them replies to.
    assert much.rows <= little.rows - 5 + PAGE + 2


@pytest.mark.parametrize(("count", "rows"), [(5, 40), (500, 40)])
def test_five_hundred_open_answers_load_one_page(
    app: Flask, sign_in: SignIn, count: int, rows: int
) -> None:
    department, representative = make.represented(app)
    crowds.ideas(app, count, asked=[department])

    cost = look(app, sign_in(representative), "/answers")

    assert len(cost.statements) == 3
    assert cost.rows <= rows


@pytest.mark.parametrize("count", [5, 500])
def test_five_hundred_matters_load_one_page(app: Flask, sign_in: SignIn, count: int) -> None:
    make.person(app)
    crowds.matters(app, crowds.ideas(app, count))

    cost = look(app, sign_in(make.moderator(app)), "/moderation?queue=flags")

    # the reader, the counts, the matters, their reasons, searches in vain, likely duplicates
    assert len(cost.statements) == 6
    assert cost.rows <= 60


@pytest.mark.parametrize("count", [40, 1_000])
def test_a_full_board_loads_a_page_of_each_column(app: Flask, sign_in: SignIn, count: int) -> None:
    department, _representative = make.represented(app)
    crowds.ideas(app, count, kinds=("open", "review", "accepted", "done"), asked=[department])

    cost = look(app, sign_in(), "/ideas?view=board")

    # the reader, the departments, the counts, the cards, their departments
    assert len(cost.statements) == 5
    assert cost.rows <= 100


@pytest.mark.parametrize("count", [5, 1_000])
def test_a_thousand_news_load_one_page(app: Flask, sign_in: SignIn, count: int) -> None:
    make.department(app)
    reader = make.person(app)
    make.person(app)
    crowds.news(app, reader, crowds.ideas(app, count))

    cost = look(app, sign_in(reader), "/notifications")

    assert len(cost.statements) == 3  # the reader, the news, the departments that answered
    assert cost.rows <= 40
