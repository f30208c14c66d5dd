"""The library of questions: seven to begin with, versions kept apart, both languages always."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from forum.core.db import db
from forum.surveys import queries
from forum.surveys.models import ItemVersion, SurveyItem, WaveService
from tests.support import make
from tests.support.browser import Browser
from tests.surveys import company

SignIn = Callable[..., Browser]


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    company.switch_on(app)


def versions(app: Flask, key: str) -> list[tuple[int, str]]:
    with app.app_context():
        query = (
            select(ItemVersion.number, ItemVersion.en)
            .join(SurveyItem, SurveyItem.id == ItemVersion.item_id)
            .where(SurveyItem.key == key)
            .order_by(ItemVersion.number)
        )
        return [(row[0], row[1]) for row in db.session.execute(query)]


def test_a_forum_begins_with_five_short_items_a_recommendation_and_a_text(
    app: Flask, sign_in: SignIn
) -> None:
    page = sign_in(make.moderator(app)).page("/surveys/items")

    keys = [each["data-item"] for each in page.all("li") if "data-item" in each.attributes]
    assert keys == [
        *("quality", "timeliness", "clarity", "helpfulness", "result", "recommend", "words")
    ]


def test_another_wording_is_another_version_and_the_one_before_stays(
    app: Flask, sign_in: SignIn
) -> None:
    browser = sign_in(make.moderator(app))
    sent = {"en": "It works.", "ru": "Это работает.", "seen": "1"}

    assert browser.post("/surveys/items/quality", sent).status_code == 303
    again = browser.post("/surveys/items/quality", {**sent, "seen": "2"})
    stale = browser.post("/surveys/items/quality", {**sent, "en": "Late."})

    assert again.status_code == 303
    assert stale.status_code == 409
    assert "reworded this question meanwhile" in stale.text
    assert versions(app, "quality") == [(1, "What we get is of good quality."), (2, "It works.")]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"en": "", "ru": "Да"}, "Write it in both languages."),
        ({"en": "Yes", "ru": " "}, "Write it in both languages."),
        ({"en": "Yes " * 60, "ru": "Да"}, "Shorten this"),
    ],
)
def test_a_wording_that_lacks_a_language_or_is_no_line_is_refused(
    app: Flask, sign_in: SignIn, sent: dict[str, str], sentence: str
) -> None:
    refused = sign_in(make.moderator(app)).post("/surveys/items/quality", {**sent, "seen": "1"})

    assert refused.status_code == 422
    assert sentence in refused.text
    assert versions(app, "quality") == []


def test_a_question_is_added_retired_and_asked_again(app: Flask, sign_in: SignIn) -> None:
    laptops, _people = company.served(app)
    browser = sign_in(make.moderator(app))
    new = {"key": "cost", "kind": "scale", "en": "It is worth its cost.", "ru": "Оно того стоит."}

    assert browser.post("/surveys/items", new).status_code == 303
    assert "already" in browser.post("/surveys/items", new).text
    assert browser.post("/surveys/items", {**new, "key": "Плохо"}).status_code == 422
    browser.post("/surveys/items/quality/retire")
    wave = company.plan(app, [laptops])
    asked = browser.get(f"/surveys/{wave}").text
    browser.post("/surveys/items/quality/restore")

    assert "It is worth its cost." in asked
    assert "of good quality" not in asked
    assert "of good quality" in browser.get(f"/surveys/{wave}").text


def test_an_unknown_question_is_not_found(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in(make.moderator(app))

    assert browser.post("/surveys/items/nothing/retire").status_code == 404
    sent = {"en": "a", "ru": "б", "seen": "1"}
    assert browser.post("/surveys/items/nothing", sent).status_code == 404


def test_nothing_of_the_library_is_needed_beforehand(app: Flask) -> None:
    laptops, _people = company.served(app)

    wave = company.plan(app, [laptops])

    with app.app_context():
        assert len(queries.items_of(wave)) == 7
        assert db.session.scalars(select(WaveService.name)).all() == ["Laptops"]
