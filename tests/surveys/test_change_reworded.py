"""A question that was asked in other words meanwhile: both sides are told, each under its own."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from forum.core.db import db
from forum.surveys import wordings
from forum.surveys.change.models import IdeaOutcome
from tests.support import make
from tests.support.browser import Browser
from tests.surveys.results.company import company
from tests.surveys.test_change import HIGH, LOW, after, before, idea, into_force, promise

__all__ = ["company", "idea"]
SignIn = Callable[..., Browser]
ANEW = "It is of good quality."
"""The second wording; the first is what every forum begins with."""


def reworded(app: Flask, sign_in: SignIn, company: dict[str, int], idea: int) -> None:
    before(app, company, LOW * 3)
    promise(app, sign_in, idea, company["help"])
    into_force(app, idea)
    after(app, company, idea, HIGH * 3, number=2)


def test_each_side_stands_under_its_own_wording_and_the_verdict_says_why_there_is_none(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    with app.app_context():
        first = next(each.en for each in wordings.current() if each.key == "quality")
    reworded(app, sign_in, company, idea)

    page = sign_in(make.person(app)).page(f"/ideas/{idea}")

    promised, spring, autumn, verdict = (cell.text for cell in page.all("td"))
    assert f"Question: {first}" in spring
    assert "24 answers" in spring
    assert f"Question: {ANEW}" in autumn
    assert "24 answers" in autumn
    assert first not in promised + autumn
    assert ANEW not in promised + spring
    assert verdict.replace("\u00a0", " ") == "– asked in other words, not compared"
    assert "too few answers" not in page.text


def test_it_is_kept_and_exported_as_too_few(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    reworded(app, sign_in, company, idea)

    with app.app_context():
        assert db.session.scalars(select(IdeaOutcome.verdict)).all() == ["too_few"]
    page = sign_in(make.person(app)).page(f"/ideas/{idea}")
    assert page.one("tr", data_verdict=True)["data-verdict"] == "too_few"


def test_a_question_that_is_reworded_later_keeps_the_words_it_was_asked_in(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    before(app, company, LOW)
    promise(app, sign_in, idea, company["help"])
    into_force(app, idea)
    after(app, company, idea, HIGH)
    reader = sign_in(make.person(app))
    asked = reader.page(f"/ideas/{idea}").all("td")[0].text
    sent = {"en": "Something else altogether.", "ru": "Совсем другое.", "seen": 1}
    answer = sign_in(make.moderator(app)).post("/surveys/items/quality", sent)
    assert answer.status_code == 303, answer.text

    page = reader.page(f"/ideas/{idea}")

    assert page.all("td")[0].text == asked
    assert "What it changed: ↑ better" in page.text


def test_it_is_said_in_russian_too(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    reworded(app, sign_in, company, idea)
    reader = sign_in(make.person(app, locale="ru"))

    page = reader.page(f"/ideas/{idea}")

    assert "спрашивали другими словами, не сравнивается" in page.text.replace("\u00a0", " ")
