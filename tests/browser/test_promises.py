"""Saying on a phone that a promise was broken, and meeting the clause while an idea is typed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from forum.core.db import db
from forum.search.follower import catch_up
from forum.standards.clauses.models import Clause
from forum.standards.kept.models import IdeaClause
from tests.browser.axe import violations
from tests.browser.visits import Visit
from tests.browser.watch import settled
from tests.standards import standards

Enter = Callable[..., Visit]
PROMISES = (
    "## Purpose\n\nTravellers are paid back.\n\n## Promises\n\n"
    "| Who | Promises |\n|---|---|\n| Finance | Pays travel expenses back within five days |"
)
STEPS = "## Steps\n\n1. Finance looks at the receipts.\n2. Somebody signs.\n3. Finance pays."


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_two_taps_say_that_a_promise_was_broken_and_a_third_takes_it_back(
    visit: Enter, inside: Flask, locale: str
) -> None:
    number = standards.in_force(inside, title="Travel expenses", body=PROMISES)
    anna = visit("anna", locale, width=360)
    anna.page.goto(f"/standards/{number}")

    promise = anna.page.locator("[data-promise='2']")
    broken = promise.get_by_role("button", name=anna.says("Broken"))
    box = broken.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    broken.click()

    anna.sees(anna.says("Noted: broken today."))
    said = anna.page.locator("#promise-2")
    expect(said).to_contain_text(anna.says("You said today: broken."))
    expect(said.get_by_label(re.compile(anna.says("What happened")))).to_be_visible()
    said.get_by_role("button", name=anna.says("Undo")).click()
    anna.sees(anna.says("Taken back."))
    expect(anna.page.locator("#promise-2")).not_to_contain_text(
        anna.says("You said today: broken.")
    )


@pytest.mark.parametrize("width", [360, 1280])
def test_the_lanes_are_one_picture_with_a_table_for_those_who_listen(
    visit: Enter, inside: Flask, width: int
) -> None:
    number = standards.in_force(inside, title="Receipts", body=STEPS)
    page = visit("anna", width=width).page
    page.goto(f"/standards/{number}")

    picture = page.get_by_role("img", name="Who does what, in order: 3 steps in 2 lanes")
    expect(picture).to_be_visible()
    page.get_by_text("The steps as a table").click()
    table = page.locator(".lanes").get_by_role("table")
    expect(table.get_by_role("columnheader")).to_have_text(["Step", "Responsible department"])
    rows = table.get_by_role("row")
    expect(rows).to_have_count(4)
    expect(rows.nth(1).get_by_role("cell")).to_have_text(
        ["1. Finance looks at the receipts.", "Finance"]
    )
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_idea_that_a_clause_settles_reports_a_breach_or_says_that_it_would_change_it(
    visit: Enter, inside: Flask
) -> None:
    body = PROMISES.replace("travel expenses", "kilometres of private motorcycles")
    number = standards.in_force(inside, title="Private motorcycles", body=body)
    catch_up(inside)
    anna = visit("anna")
    page = anna.page
    page.goto("/ideas/new")
    settled(page)
    page.locator("[name=problem]").fill(
        "Finance pays kilometres of private motorcycles back too late, five days are promised."
    )

    offered = page.locator(f"[data-rule^='/standards/{number}']")
    expect(offered.get_by_role("link", name="Report a breach")).to_have_attribute(
        "href", f"/standards/{number}/kept?clause=2"
    )
    offered.get_by_label("Propose an amendment of this clause").check()
    assert violations(page) == []
    anna.button("Post").click()
    page.wait_for_url(re.compile(r"/ideas/\d+"))

    with inside.app_context():
        query = select(Clause.key).join(IdeaClause, IdeaClause.clause_id == Clause.id)
        of_it = query.where(IdeaClause.idea_id == int(page.url.rsplit("/", 1)[1].split("?")[0]))
        assert list(db.session.scalars(of_it)) == [2]
