"""The rows behind a figure, page by page."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask import Flask

from forum.core.paging import encode_cursor
from forum.insights.figures import building
from tests.insights.test_passport import switch
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
ROWS = "/insights/rows/ideas"


@pytest.fixture(autouse=True)
def posted(app: Flask) -> None:
    switch(app, "insights")
    for number in range(31):
        make.idea(app, title=f"Idea number {number}.")
    with app.app_context():
        building.rebuild()


def test_all_of_them_are_found_page_by_page(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in()
    first = browser.page(ROWS)
    more = [link["href"] for link in first.all("a") if "after=" in link.get("href", "")]

    second = browser.page(more[0])

    assert "Idea number 30." in first.text
    assert "Idea number 0." not in first.text
    assert "Idea number 0." in second.text
    assert "Idea number 30." not in second.text


@pytest.mark.parametrize("moment", ["2026-01-01T00:00:00", "0001-01-01T00:00:00+23:59", "never"])
def test_a_damaged_place_begins_anew(sign_in: SignIn, moment: str) -> None:
    after = quote(encode_cursor((moment, 5)))

    page = sign_in().page(f"{ROWS}?after={after}")

    assert "Idea number 30." in page.text
