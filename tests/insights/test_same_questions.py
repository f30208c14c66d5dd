"""Means of other questions, or of other wordings, are not told as if they were of the same."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.departments.models import Department
from forum.insights.figures import building
from forum.surveys.results.models import WaveOverall
from tests.insights.test_passport import sections
from tests.support import make
from tests.support.browser import Browser
from tests.surveys import waves
from tests.surveys.results.company import company

__all__ = ["company"]
SignIn = Callable[..., Browser]
LOW, HIGH = [2] * 6 + [3] * 6, [4] * 6 + [5] * 6
OTHERWISE = "The survey before asked other questions, or in other words: they are not compared."
GAP = "Where the picture has a gap"
SINCE = "asked otherwise than the survey before"


@pytest.fixture(autouse=True)
def insights(app: Flask, company: dict[str, int]) -> None:
    with app.app_context(), transaction():
        save_settings({"modules": ["surveys", "map", "insights"]})


def survey(app: Flask, company: dict[str, int], days: int, number: int, *keys: str) -> int:
    """A regular one about the help desk, satisfied more the newer it is."""
    said = {key: LOW if days > 30 else HIGH for key in keys}
    ended = now() - timedelta(days=days)
    wave = waves.wave(
        app, {company["help"]: said}, closed_at=ended, title=f"{days} days ago", number=number
    )
    with app.app_context():
        building.rebuild()
    return wave


def satisfaction(browser: Browser) -> str:
    return browser.page("/insights").one(data_figure="satisfaction").text


def passport(app: Flask, company: dict[str, int], browser: Browser) -> str:
    with app.app_context():
        slug = db.session.get_one(Department, company["IT"]).slug
    return sections(browser, slug)["satisfaction"]


def bars(browser: Browser) -> list[str]:
    """What stands below the bars, and below gaps."""
    html = browser.get("/insights").text
    figure = html[html.index('data-figure="satisfaction"') :].partition("</section>")[0]
    return re.findall(r'class="chart-point"[^>]*>([^<]*)<', figure)


def test_the_same_questions_are_compared(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    survey(app, company, 60, 1, "quality", "clarity")
    survey(app, company, 3, 1, "clarity", "quality")
    browser = sign_in(make.person(app))

    said = satisfaction(browser)

    assert "The survey before: 2.5." in said
    assert OTHERWISE not in said
    assert GAP not in said
    assert len(bars(browser)) == 2
    assert SINCE not in passport(app, company, browser)


@pytest.mark.parametrize(
    "asked",
    [(2, "quality"), (1, "quality", "clarity"), (1, "clarity")],
    ids=["another wording", "one more", "another question"],
)
def test_other_questions_are_not(
    app: Flask, sign_in: SignIn, company: dict[str, int], asked: tuple[int, str]
) -> None:
    survey(app, company, 60, 1, "quality")
    survey(app, company, 3, *asked)
    browser = sign_in(make.person(app))

    said, of_it = satisfaction(browser), passport(app, company, browser)

    assert "The survey before:" not in said
    assert OTHERWISE in said
    assert GAP in said
    before, gap, after = bars(browser)
    assert gap == ""
    assert before != after
    assert of_it.count(SINCE) == 1
    assert of_it.index("4.5 of 5") < of_it.index(SINCE) < of_it.index("2.5 of 5")


def test_the_file_says_which_surveys_asked_the_same(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    for days, asked in ((90, "quality"), (60, "clarity"), (40, "clarity"), (3, "quality")):
        survey(app, company, days, 1, asked)

    file = sign_in(make.person(app)).get("/insights/figures/satisfaction.csv").text

    assert [row["questions"] for row in csv.DictReader(io.StringIO(file))] == ["1", "2", "2", "1"]


def test_of_figures_whose_questions_are_not_known_nothing_is_compared(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    survey(app, company, 60, 1, "quality")
    survey(app, company, 3, 1, "quality")
    with app.app_context(), transaction():
        db.session.query(WaveOverall).update({"versions": ""})
    browser = sign_in(make.person(app))
    before = satisfaction(browser)

    app.test_cli_runner().invoke(args=["surveys", "rebuild"])

    assert "The survey before" not in before
    assert "The survey before: 2.5." in satisfaction(browser)


def test_it_is_said_in_both_languages(app: Flask, sign_in: SignIn, company: dict[str, int]) -> None:
    survey(app, company, 60, 1, "quality")
    survey(app, company, 3, 2, "quality")
    browser = sign_in(make.person(app, locale="ru"))

    assert "В предыдущем опросе вопросы были другими" in satisfaction(browser)
    assert "вопросы другие, чем в предыдущем опросе" in passport(app, company, browser)
