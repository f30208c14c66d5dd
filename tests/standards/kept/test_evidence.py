"""Promises that are broken too often open a review of their standard, which says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from forum.core.clock import now
from forum.core.db import db
from forum.standards.review import opening
from forum.standards.review.models import Review
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
BODY = "## Purpose\n\nPay.\n\n## Promises\n\n| Who | Promises |\n|---|---|\n| Finance | Pays |"
SENTENCE = "The promise “2 Promises” is broken more often than is allowed."


@pytest.fixture
def promised(app: Flask) -> str:
    """A standard whose second clause is a promise of Finance to everybody."""
    make.department(app, "Finance", code="FIN")
    return standards.in_force(app, body=BODY)


def say(sign_in: SignIn, number: str, marks: str) -> None:
    """One person a mark: `k` that the promise was kept, `b` that it was broken."""
    for mark in marks:
        fields = {"clause": "2", "kept": "1" if mark == "k" else "0"}
        assert sign_in().post(f"/standards/{number}/kept", fields).status_code == 303


def opened(app: Flask) -> list[list[str]]:
    """The kinds of evidence that opened reviews, once everything was looked at."""
    with app.app_context():
        opening.sweep()
        return [review.evidence["kinds"] for review in db.session.query(Review)]


@pytest.mark.parametrize(
    ("marks", "kinds"),
    [("kkkkb", []), ("kkkbb", [["promises"]]), ("bbbb", []), ("bbbbb", [["promises"]])],
)
def test_enough_is_less_than_four_of_five_from_five_marks_on(
    app: Flask, sign_in: SignIn, promised: str, marks: str, kinds: list[list[str]]
) -> None:
    say(sign_in, promised, marks)

    assert opened(app) == kinds


def test_what_is_said_after_todays_look_is_looked_at_today(
    app: Flask, sign_in: SignIn, promised: str
) -> None:
    assert opened(app) == []

    say(sign_in, promised, "bbbbb")

    assert opened(app) == [["promises"]]


def test_what_is_taken_back_is_looked_at_today_too(
    app: Flask, sign_in: SignIn, promised: str
) -> None:
    say(sign_in, promised, "bbkkkkkkk")
    last = sign_in()
    last.post(f"/standards/{promised}/kept", {"clause": "2", "kept": "1"})
    assert opened(app) == []

    last.post(f"/standards/{promised}/kept/undo", {"clause": "2"})

    assert opened(app) == [["promises"]]


def test_two_people_who_say_it_day_by_day_are_not_enough(
    app: Flask, sign_in: SignIn, promised: str
) -> None:
    two = [sign_in(), sign_in()]

    for day in range(3):
        with time_machine.travel(now() + timedelta(days=day)):
            for browser in two:
                browser.post(f"/standards/{promised}/kept", {"clause": "2", "kept": "0"})

    with time_machine.travel(now() + timedelta(days=3)):
        assert opened(app) == []


def test_the_review_names_the_promise_and_no_figure(
    app: Flask, sign_in: SignIn, promised: str
) -> None:
    say(sign_in, promised, "kkbbb")
    assert opened(app) == [["promises"]]

    page = sign_in(make.moderator(app)).page(f"/standards/{promised}/review")

    assert SENTENCE in page.text
    assert page.one("a", href=f"/standards/{promised}/kept")
    assert "2 of 5" not in page.text


def test_what_was_said_of_a_text_that_has_changed_since_does_not_count(
    app: Flask, sign_in: SignIn, promised: str
) -> None:
    say(sign_in, promised, "bbbbb")
    standards.rewrite(app, promised, body=BODY.replace("Pays", "Pays on Friday"))

    assert opened(app) == []
