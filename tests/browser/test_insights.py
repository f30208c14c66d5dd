"""Reading the loop in one picture, narrowing it, and coming from a figure to its rows."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import expect

from forum.insights.figures import building
from tests.browser.axe import violations
from tests.browser.visits import Visit
from tests.support import make

Enter = Callable[..., Visit]


@pytest.mark.parametrize(("locale", "width"), [("en", 1280), ("ru", 360)])
def test_a_figure_leads_to_what_it_counts(
    visit: Enter, inside: Flask, locale: str, width: int
) -> None:
    title = f"Counted tonight, {locale}"
    make.idea(inside, title=title)
    with inside.app_context():
        building.rebuild()
    anna = visit("anna", locale, width=width)
    anna.page.goto("/insights")

    assert violations(anna.page) == []
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert anna.page.evaluate(overflow) <= 0
    figure = anna.page.locator("[data-figure='ideas']")
    figure.get_by_text(anna.says("As a table")).click()
    expect(figure.get_by_role("table")).to_be_visible()
    figure.get_by_role("link", name=anna.says("What is counted")).click()
    expect(anna.page).to_have_url(re.compile("/insights/rows/ideas"))
    expect(anna.page.get_by_role("link", name=title)).to_be_visible()
