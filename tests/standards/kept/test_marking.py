"""Anyone on either side says in one tap whether a promise was kept, and nobody is recognised."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.core.db import db
from forum.standards.kept.models import PromiseMark
from forum.standards.kept.rates import FEWEST, Rate, hidden, wilson
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
BODY = "## Purpose\n\nPay.\n\n## Promises\n\n| Who | Promises |\n|---|---|\n| Finance | Pays |"
RATES = st.builds(
    lambda kept, more, people: Rate(kept, kept + more, min(people, kept + more)),
    *(st.integers(0, 9), st.integers(0, 9), st.integers(1, 9)),
)


@pytest.fixture
def promised(app: Flask) -> str:
    """A standard whose second clause is a promise of Finance to everybody."""
    make.department(app, "Finance", code="FIN")
    return standards.in_force(app, body=BODY)


def say(browser: Browser, number: str, kept: str, **more: str) -> int:
    fields = {"clause": "2", "kept": kept, **more}
    return browser.post(f"/standards/{number}/kept", fields).status_code


def marks(app: Flask) -> list[tuple[bool, str]]:
    with app.app_context():
        return [(mark.kept, mark.side) for mark in db.session.query(PromiseMark)]


def test_one_tap_says_that_a_promise_was_broken_and_another_takes_it_back(
    app: Flask, sign_in: SignIn, promised: str
) -> None:
    browser = sign_in()
    assert "nothing said yet" in browser.page(f"/standards/{promised}").text

    assert say(browser, promised, "0", note="Nobody came.") == 303
    assert marks(app) == [(False, "customer")]
    assert say(browser, promised, "1") == 303
    assert marks(app) == [(True, "customer")], "said again that day, it is replaced"

    browser.post(f"/standards/{promised}/kept/undo", {"clause": "2"})
    assert marks(app) == []


def test_a_figure_is_told_from_five_marks_on(app: Flask, sign_in: SignIn, promised: str) -> None:
    for turn in range(5):
        browser = sign_in()
        assert "kept" not in browser.page(f"/standards/{promised}").one(data_promise="2").text
        say(browser, promised, "0" if turn == 0 else "1")

    assert "kept 4 of 5, 38–96%" in sign_in().page(f"/standards/{promised}").text


def test_names_are_for_moderators_and_the_owner(app: Flask, sign_in: SignIn, promised: str) -> None:
    say(sign_in(make.person(app, name="Vera Teller")), promised, "0", note="Nobody came.")

    address = f"/standards/{promised}/kept"
    assert "Vera Teller" in sign_in(make.moderator(app)).page(address).text
    other = sign_in().page(address).text
    assert "Vera Teller" not in other
    assert "Nobody came." not in other


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.integers(0, 9), RATES, max_size=8))
def test_what_is_hidden_never_follows_from_the_sum(groups: dict[int, Rate]) -> None:
    silent = hidden(groups)
    filled = {key: rate for key, rate in groups.items() if rate.total}

    assert all(filled[key].may_be_told for key in filled.keys() - silent)
    if silent and silent != filled.keys():
        assert len(silent) >= 2
        assert sum(groups[key].total for key in silent) >= FEWEST


@settings(deadline=None)
@given(st.integers(0, 500), st.integers(0, 500))
def test_the_interval_holds_the_share(kept: int, broken: int) -> None:
    low, high = wilson(kept, kept + broken)

    assert 0 <= low <= high <= 1
    assert not kept + broken or low <= kept / (kept + broken) <= high


def test_the_interval_is_wilsons() -> None:
    low, high = wilson(23, 25)

    assert (round(low, 3), round(high, 3)) == (0.750, 0.978)
