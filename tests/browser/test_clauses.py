"""Clauses that stay themselves while a moderator types, cuts, pastes and renames."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.visits import Visit
from tests.browser.watch import settled
from tests.standards import standards

Enter = Callable[..., Visit]
PURPOSE = "## Purpose\n\nSuppliers know when they are paid.\n\n"
STEPS = "## Steps\n\nFinance pays on Fridays.\n\n"
LIMITS = "## Exceptions\n\nTaxes are paid at once.\n"
SELECT = """([from, to]) => {
  const text = document.getElementById("body");
  text.focus();
  text.setSelectionRange(from, to);
}"""


def select(page: Page, part: str) -> None:
    """Mark a part of the text, as with a mouse."""
    text = page.locator("#body").input_value()
    begin = text.index(part)
    page.evaluate(SELECT, [begin, begin + len(part)])


def held(page: Page) -> str:
    """The keys that the editor would send, in order."""
    lines = page.locator("[name=clauses]").input_value().split("\n")
    return ",".join(line.partition(" ")[0] for line in lines)


def editing(visit: Visit, number: str) -> Page:
    """The standard's text being edited, with the scripts at work."""
    visit.page.goto(f"/standards/{number}/edit")
    settled(visit.page)
    return visit.page


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_a_clause_is_cut_pasted_and_renamed_and_stays_the_same(
    visit: Enter, inside: Flask, locale: str
) -> None:
    number = standards.in_force(inside, body=PURPOSE + STEPS + LIMITS)
    moderator = visit("moderator", locale)
    page = editing(moderator, number)
    assert held(page) == "1,2,3"

    select(page, STEPS)
    page.keyboard.press("Control+x")
    assert held(page) == "1,3"
    select(page, "## Purpose")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Control+v")
    assert held(page) == "2,1,3"
    select(page, "Steps")
    page.keyboard.type("How we pay")
    select(page, "Finance pays on Fridays.")
    page.keyboard.type("Every bill has its day.\n\n### New\n\nNobody waits.")
    assert held(page) == "2,,1,3"

    moderator.button("Save draft").click()
    page.wait_for_url(f"**/standards/{number}/versions/2")

    clauses = page.locator("section.clause")
    expect(clauses).to_have_count(4)
    ids = [clauses.nth(at).get_attribute("id") for at in range(4)]
    assert ids == ["clause-2", "clause-4", "clause-1", "clause-3"]
    expect(page.locator("#guesses-title")).to_have_count(0)

    page.goto(f"/standards/{number}/compare?from=1&to=2")
    rows = page.locator("section.compared")
    expect(rows).to_have_count(2)
    moved = moderator.says("Moved from place %(old)s to %(new)s and changed", old="2", new="1")
    expect(rows.first).to_contain_text(moved)
    expect(rows.first.locator("h2 ins")).to_have_text("How we pay")
    expect(rows.nth(1)).to_contain_text(moderator.says("New clause"))


def test_a_copied_clause_is_a_new_one_and_a_heading_typed_anew_is_not(
    visit: Enter, inside: Flask
) -> None:
    number = standards.in_force(inside, body=PURPOSE + STEPS)
    page = editing(visit("moderator"), number)

    select(page, STEPS)
    page.keyboard.press("Control+c")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Control+v")
    assert held(page) == "1,2,2"
    page.keyboard.press("Control+z")
    assert held(page) == "1,2"
    select(page, "Purpose")
    page.keyboard.press("Delete")
    page.keyboard.type("PURPOSE")

    assert held(page) == "1,2"


def test_a_heading_typed_beside_one_that_begins_alike_takes_nothing_from_it(
    visit: Enter, inside: Flask
) -> None:
    number = standards.in_force(inside, body=PURPOSE + STEPS + LIMITS)
    page = editing(visit("moderator"), number)

    select(page, STEPS)
    page.keyboard.press("Control+x")
    page.keyboard.type("## Steps for rent\n\nThe bank pays.\n\n```\n## Not one\n```\n\n")
    assert held(page) == "1,,3"
    page.keyboard.press("Control+v")

    assert held(page) == "1,,2,3"


def test_other_texts_pasted_over_all_are_not_taken_for_the_old_ones(
    visit: Enter, inside: Flask
) -> None:
    number = standards.in_force(inside, body=PURPOSE + STEPS)
    moderator = visit("moderator")
    page = editing(moderator, number)

    page.locator("#body").fill("## Rent\n\nAt once.\n\n## Taxes\n\nBy the law.\n")
    assert held(page) == ","
    moderator.button("Save draft").click()
    page.wait_for_url(f"**/standards/{number}/versions/2")

    ids = [each.get_attribute("id") for each in page.locator("section.clause").all()]
    assert ids == ["clause-3", "clause-4"]


def test_a_pasted_text_asks_whether_its_clauses_are_the_same(visit: Enter, inside: Flask) -> None:
    number = standards.in_force(inside, body=PURPOSE + STEPS)
    moderator = visit("moderator", width=360)
    page = editing(moderator, number)
    page.locator("#body").fill(PURPOSE.replace("Purpose", "What for") + LIMITS + STEPS)
    moderator.button("Save draft").click()
    page.wait_for_url(f"**/standards/{number}/versions/2")

    asked = page.locator("ul.kept li")
    expect(asked).to_have_count(1)
    expect(asked).to_contain_text("“What for” goes on from “Purpose” in version 1.")
    asked.get_by_role("button", name="A new clause").click()

    moderator.sees("Noted: it is a new clause.")
    expect(page.locator("section.clause").first).to_have_attribute("id", "clause-4")
