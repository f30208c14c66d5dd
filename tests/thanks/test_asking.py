"""Asked for once: where something was done that somebody wanted, and after a promise was kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from forum.core.clock import now
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser
from tests.thanks.saying import switch, tell

SignIn = Callable[..., Browser]
ASKS = "Would you like to say thank you"
BODY = "## Purpose\n\nPay.\n\n## Promises\n\n| Who | Promises |\n|---|---|\n| Finance | Pays |"


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    switch(app, "thanks")


def done(app: Flask, sign_in: SignIn, **fields: Any) -> int:
    """An idea that was carried out."""
    place = make.department(app)
    idea = make.idea(app, **fields)
    make.vote(app, idea, fields.get("author"))
    make.decide(app, idea, owner_id=place)
    answer = sign_in(make.moderator(app)).post(f"/ideas/{idea}/done", {"outcome": "It works."})
    assert answer.status_code == 303
    return idea


def asks(browser: Browser, idea: int) -> bool:
    return ASKS in browser.get(f"/ideas/{idea}").text


def test_a_supporter_is_asked_until_they_have_thanked(app: Flask, sign_in: SignIn) -> None:
    supporter, author = make.person(app), make.person(app)
    idea = make.idea(app, author)
    make.vote(app, idea, supporter)
    make.decide(app, idea, owner_id=make.department(app))
    browser = sign_in(supporter)
    assert not asks(browser, idea), "nothing is done yet"

    sign_in(make.moderator(app)).post(f"/ideas/{idea}/done", {"outcome": "It works."})
    assert asks(browser, idea)
    form = browser.page(f"/thanks/new?for=idea-{idea}")
    assert "checked" in form.one("input", value="everyone")
    sent = {"to": "everyone", "for": f"idea-{idea}", "why": "It works!", "action": "send"}
    assert browser.post("/thanks/new", sent).status_code == 303

    assert not asks(browser, idea)


def test_not_now_is_the_end_of_it(app: Flask, sign_in: SignIn) -> None:
    supporter = make.person(app)
    idea = make.idea(app)
    make.vote(app, idea, supporter)
    make.decide(app, idea, owner_id=make.department(app))
    sign_in(make.moderator(app)).post(f"/ideas/{idea}/done", {"outcome": "It works."})
    browser = sign_in(supporter)
    assert asks(browser, idea)

    for _twice in range(2):
        answer = browser.post("/thanks/not-now", {"for": f"idea-{idea}"})
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/ideas/{idea}")

    assert not asks(browser, idea)


def test_who_answers_for_an_affected_department_is_asked_and_nobody_else(
    app: Flask, sign_in: SignIn
) -> None:
    place, speaks = make.represented(app)
    author = make.person(app)
    member = make.person(app, department=place)
    idea = done(app, sign_in, author=author, departments=[place])

    told = [asks(sign_in(person), idea) for person in (speaks, member, author, make.person(app))]

    assert told == [True, False, False, False]


def test_after_a_month_nobody_is_asked(app: Flask, sign_in: SignIn) -> None:
    place, speaks = make.represented(app)
    idea = done(app, sign_in, departments=[place])

    with time_machine.travel(now() + timedelta(days=31)):
        assert not asks(sign_in(speaks), idea)


def test_the_news_that_it_is_done_says_that_one_may_say_thank_you(
    app: Flask, sign_in: SignIn
) -> None:
    author = make.person(app)
    done(app, sign_in, author=author)
    tell(app)
    browser = sign_in(author)

    assert "It was carried out. You can say thank you there" in browser.get("/notifications").text
    switch(app)
    assert "You can say thank you" not in browser.get("/notifications").text


def test_after_a_promise_was_kept_everything_is_filled_in(app: Flask, sign_in: SignIn) -> None:
    place = make.department(app, "Finance", code="FIN")
    number = standards.in_force(app, body=BODY)
    browser = sign_in()
    address = f"/standards/{number}/kept"
    assert "Say thank you" not in browser.get(f"{address}?clause=2").text

    browser.post(address, {"clause": "2", "kept": "0"})
    assert "Say thank you" not in browser.get(f"{address}?clause=2").text
    browser.post(address, {"clause": "2", "kept": "1"})
    links = browser.page(f"{address}?clause=2").all("a", class_="quiet-link")
    [link] = [each for each in links if each.text == "Say thank you"]
    form = browser.get(link["href"]).text

    assert f'value="department-{place}" checked' in form
    assert number in form
    switch(app)
    assert "/thanks/new" not in browser.get(f"{address}?clause=2").text
