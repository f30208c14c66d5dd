"""Beside a text that is being written: ideas to support, the rule, the No that was said before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from forum.core.clock import today
from forum.search.follower import catch_up
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import Document
from tests.support.queries import listening

SignIn = Callable[..., Browser]
LATE = "The invoices of our suppliers wait for weeks because nobody approves the payment."


def offered(browser: Browser, **text: str | int) -> Document:
    """What stands beside a text."""
    answer = browser.get("/search/similar", query_string=text, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return Document(answer.text)


@pytest.fixture
def idea(app: Flask) -> int:
    """An idea among others about something else."""
    made = make.idea(app, title="Late invoices", problem=LATE)
    for number in range(9):
        make.idea(app, title=f"Parking {number}", problem=f"No room for bicycles at gate {number}.")
    return made


def test_an_idea_can_be_supported_in_place(app: Flask, idea: int, sign_in: SignIn) -> None:
    catch_up(app)
    browser = sign_in()

    row = offered(browser, body=LATE).one("li", data_idea=idea)
    assert (row["data-votes"], row["data-voted"]) == ("0", "0")
    browser.post(f"/ideas/{idea}/vote")

    page = offered(browser, body=LATE)
    assert page.one("li", data_idea=idea)["data-voted"] == "1"
    assert page.one("button", formaction=f"/ideas/{idea}/unvote")
    assert page.one("div", data_count=True)["data-count"] == "1"


def test_the_rule_leads_to_its_clause_and_can_be_dismissed(
    app: Flask, idea: int, sign_in: SignIn
) -> None:
    body = (
        "## Purpose\n\nOrder.\n\n## Paying suppliers\n\nInvoices of suppliers are approved in days."
    )
    number = standards.in_force(app, title="Payment", body=body)
    catch_up(app)

    page = offered(sign_in(), body=LATE)

    rule = page.one("div", data_rule=True)
    link = page.one("a", href=f"/standards/{number}#clause-2")
    assert "This may be a rule already:" in rule.text
    assert "Paying suppliers" in link.text
    assert page.one("button", data_dismiss=True)["type"] == "button"


def test_the_rule_leads_to_its_clause_wherever_that_has_moved(
    app: Flask, idea: int, sign_in: SignIn
) -> None:
    paying = "## Paying suppliers\n\nInvoices of suppliers are approved in days."
    number = standards.in_force(app, title="Payment", body=f"## Purpose\n\nOrder.\n\n{paying}")
    standards.rewrite(app, number, body=f"{paying}\n\n## Purpose\n\nOrder.")
    catch_up(app)

    page = offered(sign_in(), body=LATE)

    assert "Paying suppliers" in page.one("a", href=f"/standards/{number}#clause-2").text


def test_a_declined_idea_shows_its_no_and_what_brings_it_back(
    app: Flask, idea: int, sign_in: SignIn
) -> None:
    make.decide(
        app,
        idea,
        "decline",
        reason="The budget is spent.\n\nMore words.",
        again_on=today() + timedelta(days=30),
        again_departments=3,
    )
    catch_up(app)

    page = offered(sign_in(), body=LATE)

    said = page.one("p", data_no=True).text
    assert "The budget is spent." in said
    assert "More words" not in said
    assert "once 3 departments still need it" in said
    assert not page.all("button", formaction=f"/ideas/{idea}/vote")


def test_a_merged_idea_leads_to_the_one_it_is_part_of(
    app: Flask, idea: int, sign_in: SignIn
) -> None:
    parent = make.idea(app, title="The one that stays", problem="Something with other words.")
    make.merge(app, parent, idea)
    catch_up(app)

    page = offered(sign_in(), body=LATE)

    assert page.one("a", href=f"/ideas/{parent}").text == "The one that stays"
    assert not page.all("a", href=f"/ideas/{idea}")


def test_the_idea_that_is_edited_is_not_offered_to_itself(
    app: Flask, idea: int, sign_in: SignIn
) -> None:
    catch_up(app)

    assert not offered(sign_in(), body=LATE, own=idea).all("li", data_idea=idea)


def test_scripts_are_given_what_they_always_were(app: Flask, idea: int, sign_in: SignIn) -> None:
    catch_up(app)

    [hit] = sign_in().json("/search/similar", query_string={"body": LATE})["hits"]

    assert set(hit) == {"kind", "id", "title", "url", "score", "snippet"}


def test_it_costs_the_same_however_much_is_offered(app: Flask, sign_in: SignIn) -> None:
    for number in range(5):
        declined = make.idea(app, title=f"Late {number}", problem=LATE)
        if number % 2:
            make.decide(app, declined, "decline")
    catch_up(app)
    browser = sign_in()
    offered(browser, body=LATE)

    with listening(app) as seen:
        assert len(offered(browser, body=LATE).all("li", data_idea=True)) == 5

    # The reader, departments, ideas, their support, the No of those that were declined.
    assert len(seen) == 5
