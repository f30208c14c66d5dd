"""What a survey after a change draws over time: its own service, and the way to its idea."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from forum.core.clock import now
from forum.core.db import db, transaction
from forum.ideas.models import Idea
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import Document
from tests.surveys import waves
from tests.surveys.results.company import company, spring

__all__ = ["company", "spring"]
SignIn = Callable[..., Browser]
BAD, GOOD = [1, 2, 2, 1, 2], [5, 4, 4, 5, 4]


def after(app: Flask, idea: int, baseline: int, services: list[int], *, days_ago: int) -> int:
    return waves.wave(
        app,
        {each: {"quality": GOOD} for each in services},
        closed_at=now() - timedelta(days=days_ago),
        purpose="after",
        idea_id=idea,
        baseline_id=baseline,
        title=f"After, {days_ago} days ago",
    )


@pytest.fixture
def idea(app: Flask) -> int:
    return make.idea(app, title="Say who has my ticket")


@pytest.fixture
def before(app: Flask, company: dict[str, int]) -> int:
    said = {company["help"]: {"quality": BAD}, company["visits"]: {"quality": GOOD}}
    return waves.wave(app, said, closed_at=now() - timedelta(days=90), title="Everybody, before")


@pytest.mark.parametrize("whole", ["", "/provider/{IT}", "/customer/{Sales}", "/tree/{top}"])
def test_it_draws_how_its_service_was_before_and_is_after(
    app: Flask, sign_in: SignIn, company: dict[str, int], before: int, idea: int, whole: str
) -> None:
    first, second = (after(app, idea, before, [company["help"]], days_ago=ago) for ago in (40, 1))
    other = make.idea(app, title="Another idea")
    after(app, other, before, [company["help"]], days_ago=20)
    waves.wave(app, {company["visits"]: {"quality": BAD}}, title="Everybody, later")

    page = sign_in(make.person(app)).page(f"/surveys/{second}/results{whole.format(**company)}")

    trend = [row.text for row in page.all("tr") if row.text.startswith(("Every", "After"))]
    assert [row[:10] for row in trend] == ["Everybody,", "After, 40 ", "After, 1 d"]
    assert "1.6" in trend[0]
    assert all("4.4" in row for row in trend[1:])
    assert f"/surveys/{first}/results" in hrefs(page)


def hrefs(page: Document) -> list[str]:
    return [link.get("href") for link in page.all("a")]


def test_the_whole_of_a_survey_about_several_services_has_no_trend(
    app: Flask, sign_in: SignIn, company: dict[str, int], before: int, idea: int
) -> None:
    services = [company["help"], company["visits"]]
    asked = after(app, idea, before, services, days_ago=1)
    browser = sign_in(make.person(app))

    assert not browser.page(f"/surveys/{asked}/results").all(
        "section", aria_labelledby="trend-title"
    )
    one = browser.page(f"/surveys/{asked}/results/service/{company['help']}")
    assert one.one("section", aria_labelledby="trend-title")


@pytest.mark.parametrize("address", ["", "/results"])
def test_it_leads_to_its_idea_and_to_the_survey_before(
    app: Flask, sign_in: SignIn, company: dict[str, int], before: int, idea: int, address: str
) -> None:
    asked = after(app, idea, before, [company["help"]], days_ago=1)

    page = sign_in(make.person(app)).page(f"/surveys/{asked}{address}")

    assert page.one("p", data_whence=True)
    assert {f"/ideas/{idea}", f"/surveys/{before}/results"} <= set(hrefs(page))


def test_an_idea_that_the_reader_does_not_see_is_not_named(
    app: Flask, sign_in: SignIn, company: dict[str, int], before: int
) -> None:
    hidden = make.idea(app, title="Kept from others")
    with app.app_context(), transaction():
        db.session.execute(update(Idea).where(Idea.id == hidden).values(hidden_at=now()))
    asked = after(app, hidden, before, [company["help"]], days_ago=1)

    page = sign_in(make.person(app)).page(f"/surveys/{asked}/results")

    assert not page.all("p", data_whence=True)
    assert f"/ideas/{hidden}" not in hrefs(page)


def test_a_regular_survey_leads_to_no_idea(
    app: Flask, sign_in: SignIn, company: dict[str, int], spring: int
) -> None:
    page = sign_in(make.person(app)).page(f"/surveys/{spring}/results")

    assert not page.all("p", data_whence=True)
