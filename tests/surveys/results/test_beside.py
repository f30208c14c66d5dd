"""The page of a service says what its customers said last."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask

from forum.core.db import transaction
from forum.core.site import save_settings
from tests.support import make
from tests.support.browser import Browser
from tests.surveys import waves
from tests.surveys.results.company import FIVE, company, spring

__all__ = ["company", "spring"]
SignIn = Callable[..., Browser]


@pytest.fixture(autouse=True)
def with_the_map(app: Flask, company: dict[str, int]) -> None:
    switch(app, "surveys", "map")


def switch(app: Flask, *modules: str) -> None:
    with app.app_context(), transaction():
        save_settings({"modules": list(modules)})


def test_a_service_shows_the_newest_figure_and_leads_to_all_of_it(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int
) -> None:
    reader = sign_in(make.person(app))
    said = reader.page(f"/map/services/{company['help']}").one("section", data_told=spring)
    assert "3.7 of 5 6 answers" in said.text

    autumn = waves.wave(app, {company["help"]: {"quality": FIVE}}, title="Autumn")
    page = reader.page(f"/map/services/{company['help']}")

    assert "3.6 of 5 5 answers" in page.one("section", data_told=autumn).text
    link = page.one("a", href=f"/surveys/{autumn}/results/service/{company['help']}")
    assert link.text == "Autumn"


def test_a_survey_ended_on_its_last_day(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    said, ended = {company["help"]: {"quality": FIVE}}, datetime(2026, 11, 1, tzinfo=UTC)
    number = waves.wave(app, said, closed_at=ended)

    page = sign_in(make.person(app)).page(f"/map/services/{company['help']}")

    assert "Oct 31, 2026" in page.one("section", data_told=number).text


def test_below_the_smallest_number_and_to_consultants_nothing_is_said(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int
) -> None:
    reader = sign_in(make.person(app))
    consultant = sign_in(make.person(app, kind="consultant", attached=[company["Sales"]]))

    assert not reader.page(f"/map/services/{company['phones']}").all("section", data_told=True)
    assert not consultant.page(f"/map/services/{company['help']}").all("section", data_told=True)
    with app.app_context(), transaction():
        save_settings({"survey_k": 10})
    assert not reader.page(f"/map/services/{company['help']}").all("section", data_told=True)


def test_with_surveys_off_a_service_says_nothing_of_them(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int
) -> None:
    switch(app, "map")

    page = sign_in(make.person(app)).page(f"/map/services/{company['help']}")
    assert not page.all("section", data_told=True)
