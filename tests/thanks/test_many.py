"""Of many thank-yous for one thing a page looks at the first that its reader sees."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.support import make
from tests.support.browser import Browser
from tests.support.queries import working
from tests.thanks.saying import switch, thank

MANY = 60


@pytest.mark.only_on("sqlite")
def test_a_page_does_not_look_at_all_that_was_said(
    app: Flask, sign_in: Callable[..., Browser]
) -> None:
    switch(app, "thanks")
    author, reader = make.person(app), sign_in(make.person(app))
    few, many = make.idea(app, author), make.idea(app, author)
    for number in (few, *[many] * MANY):
        thank(app, make.person(app), people=[author], subject=("idea", number))
    steps = {}

    for number in (few, many):
        assert reader.page(f"/ideas/{number}").one("a", href=f"/thanks?about=idea-{number}")
        with working(app) as done:
            reader.get(f"/ideas/{number}")
        steps[number] = done.steps

    assert 0 < steps[many] < steps[few] * 1.1
