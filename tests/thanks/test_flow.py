"""The flow of thanks between departments: widths and words, never fewer than five people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from forum.core.clock import now
from forum.thanks.flow import FEWEST, Told, damped, width_of
from tests.support import make
from tests.support.browser import Browser
from tests.thanks.saying import switch, thank

SignIn = Callable[..., Browser]
COUNTS = st.builds(Told, st.integers(FEWEST, 80), st.just(FEWEST))


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    switch(app, "thanks")


def crowd(app: Flask, giver: int, taker: int, size: int, **fields: Any) -> None:
    for _each in range(size):
        thank(app, make.person(app, department=giver), departments=[taker], **fields)


def told(browser: Browser) -> list[tuple[str, ...]]:
    """The rows of the table."""
    cells = [cell.text for cell in browser.page("/thanks/flow").all("td")]
    return [tuple(cells[at : at + 3]) for at in range(0, len(cells), 4)]


def test_a_pair_is_told_from_five_different_people_on(app: Flask, sign_in: SignIn) -> None:
    one, other = make.department(app, "Finance"), make.department(app, "Systems")
    browser = sign_in()
    busy = make.person(app, department=one)
    for n in range(FEWEST):
        thank(app, busy, departments=[other], why=f"Again {n}.")
    crowd(app, one, other, FEWEST - 2)
    assert told(browser) == []
    assert "Nothing to draw yet" in browser.get("/thanks/flow").text

    boris = make.person(app, department=other)
    thank(app, make.person(app, department=one), people=[boris])

    [(giver, taker, word)] = told(browser)
    assert ("Finance" in giver, "Systems" in taker, word) == (True, True, "now and then")
    page = browser.page("/thanks/flow")
    assert len(page.all("path", class_="flow-1")) == 1
    assert str(FEWEST + 4) not in page.one("figure").text


def test_what_is_private_hidden_taken_back_old_or_inside_does_not_flow(
    app: Flask, sign_in: SignIn
) -> None:
    one, other = make.department(app), make.department(app)
    with time_machine.travel(now() - timedelta(days=400)):
        crowd(app, one, other, FEWEST)
    crowd(app, one, other, FEWEST, private=True)
    crowd(app, one, one, FEWEST)
    author = make.person(app, department=one)
    crowd(app, one, other, FEWEST - 1)
    number = thank(app, author, departments=[other])
    sign_in(author).post(f"/thanks/{number}/withdraw")

    assert told(sign_in()) == []


def test_a_person_who_moves_on_leaves_their_thanks_where_they_were(
    app: Flask, sign_in: SignIn
) -> None:
    one, other = make.department(app, "Finance"), make.department(app, "Systems")
    crowd(app, one, other, FEWEST)
    crowd(app, other, one, FEWEST)

    assert len(told(sign_in())) == 2


@given(COUNTS, COUNTS, st.integers(0, 40))
def test_more_thanks_never_weigh_less_and_returned_ones_count_half(
    there: Told, back: Told, more: int
) -> None:
    alone = damped({(1, 2): there})[1, 2]
    both = damped({(1, 2): there, (2, 1): back})[1, 2]
    grown = damped({(1, 2): there._replace(monthly=there.monthly + more), (2, 1): back})[1, 2]

    assert alone == there.monthly
    assert alone / 2 <= both <= alone
    assert grown >= both
    assert 1 <= width_of(both) <= width_of(alone) <= 3


def test_the_page_costs_the_same_however_many_departments(
    app: Flask, sign_in: SignIn, queries: Callable[[int], Any]
) -> None:
    places = [make.department(app) for _ in range(3)]
    for giver in places:
        for taker in places:
            if giver != taker:
                crowd(app, giver, taker, FEWEST)
    browser = sign_in()
    browser.get("/thanks/flow")

    with queries(4):  # the reader, pairs, months, departments
        assert len(told(browser)) == 6
