"""Values that no form sends throw nothing away: they are refused with a sentence."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from forum.core.db import db
from forum.surveys.change.models import IdeaPromise
from forum.surveys.models import SurveyAnswer, WaveParticipation
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import parsed
from tests.surveys import company as asked
from tests.surveys.results.company import company
from tests.surveys.test_change import idea, item, promise

__all__ = ["company", "idea"]
SignIn = Callable[..., Browser]
LIST = "Choose one from the list."
OTHERS = "You were not asked about one of these services."


@pytest.mark.parametrize(
    ("services", "sentence"),
    [
        (["abc"], LIST),
        (["", "-1"], LIST),
        (["²"], LIST),
        (["9" * 19], LIST),
        (["999999"], OTHERS),
        (["own", "abc"], LIST),
        (["own", "999999"], OTHERS),
        (["own"] + [str(number) for number in range(1000, 1200)], LIST),
    ],
)
@pytest.mark.parametrize("none", [{}, {"none": "1"}])
def test_services_that_nobody_was_asked_about_cost_nobody_their_only_answer(
    app: Flask, sign_in: SignIn, services: list[str], sentence: str, none: dict[str, str]
) -> None:
    asked.switch_on(app)
    laptops, people = asked.served(app)
    wave = asked.running(app, [laptops])
    browser, address = sign_in(people[0]), f"/surveys/{wave}/answer"
    typed = asked.form(app, wave, laptops, words="They come late.")
    sent = typed | {"services": [str(laptops) if s == "own" else s for s in services]} | none

    refused = browser.post(address, sent)

    assert refused.status_code == 422
    assert sentence in parsed(refused.text).one(id="services-error").text
    assert "They come late." in refused.text
    assert asked.rows(app, WaveParticipation) == []
    assert browser.post(address, typed).status_code == 303
    assert len(asked.rows(app, SurveyAnswer)) == 6


def promised(app: Flask) -> set[tuple[int, int]]:
    with app.app_context():
        query = select(IdeaPromise.service_id, IdeaPromise.item_id)
        return {(row[0], row[1]) for row in db.session.execute(query)}


@pytest.mark.parametrize(
    ("services", "items", "wrong"),
    [
        (["abc"], ["x"], "services"),
        ([], ["x"], "items"),
        (["abc"], [], "services"),
        (["help", "abc"], ["quality"], "services"),
        (["help"], ["quality", "x"], "items"),
        (["visits"], ["quality"], "services"),
        (["help", "visits"], ["quality"], "services"),
    ],
)
def test_promises_stay_where_something_is_sent_that_the_form_does_not_offer(
    app: Flask,
    sign_in: SignIn,
    company: dict[str, int],
    idea: int,
    services: list[str],
    items: list[str],
    wrong: str,
) -> None:
    promise(app, sign_in, idea, company["help"])
    before = promised(app)
    known = {"quality": item(app), **company}
    sent = {
        "services": [known.get(each, each) for each in services],
        "items": [known.get(each, each) for each in items],
    }

    refused = sign_in(make.moderator(app)).post(f"/ideas/{idea}/promises", sent)

    page = parsed(refused.text)
    assert refused.status_code == 422
    assert LIST in page.one(id=f"{wrong}-error").text
    boxes = page.all("input", name="services")
    ticked = [box["value"] for box in boxes if "checked" in box]
    assert ticked == [str(company["help"])] * ("help" in services)
    assert promised(app) == before


def test_whoever_promises_nothing_any_more_reads_that(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    promise(app, sign_in, idea, company["help"])
    moderator = sign_in(make.moderator(app))

    answer = moderator.post(f"/ideas/{idea}/promises", {})

    assert answer.status_code == 303
    page = moderator.page(f"/ideas/{idea}").text
    assert "It promises nothing now, so nobody is asked." in page
    assert "customers are asked again" not in page
    assert promised(app) == set()
