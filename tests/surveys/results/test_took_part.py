"""How many took part in a survey, beside what is told of it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from tests.support import make
from tests.support.browser import Browser
from tests.surveys import waves
from tests.surveys.results.company import company, spring

__all__ = ["company", "spring"]
SignIn = Callable[..., Browser]


def test_few_are_not_counted_out_where_nothing_is_told(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    asked = waves.wave(app, {company["help"]: {"quality": [1, 2]}}, took_part=[make.person(app)])

    page = sign_in(make.person(app)).page(f"/surveys/{asked}")

    assert "Fewer than 5 people took part." in page.text


def test_where_figures_are_told_nobody_reads_that_too_few_took_part(
    app: Flask, sign_in: SignIn, spring: int
) -> None:
    page = sign_in(make.person(app)).page(f"/surveys/{spring}")

    assert "Fewer than" not in page.text
