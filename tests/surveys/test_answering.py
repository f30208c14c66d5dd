"""Answering a wave: once, about what one was asked, and a sentence for everything else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.surveys.models import (
    SurveyAnswer,
    SurveyText,
    Wave,
    WaveParticipation,
    WaveRequest,
)
from tests.support import make
from tests.support.browser import Browser
from tests.surveys import company

SignIn = Callable[..., Browser]


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    company.switch_on(app)


def test_who_is_served_is_asked_and_answers_in_one_form(app: Flask, sign_in: SignIn) -> None:
    laptops, people = company.served(app)
    wave = company.running(app, [laptops])
    browser = sign_in(people[0])
    assert "How well are we served?" in browser.get("/").text
    page = browser.get(f"/surveys/{wave}/answer")
    assert "Laptops" in page.text
    assert "in the last 3 months" in page.text

    sent = company.form(app, wave, laptops, value=4, words="Everything arrives a day late.")
    answered = browser.post(f"/surveys/{wave}/answer", sent)

    assert answered.status_code == 303
    assert answered.location == f"/surveys/{wave}"
    thanked = browser.get(f"/surveys/{wave}").text
    assert "Thank you" in thanked
    assert "You took part" in thanked
    assert sorted(each.value for each in company.rows(app, SurveyAnswer)) == [4] * 6
    assert [each.body for each in company.rows(app, SurveyText)] == [
        "Everything arrives a day late."
    ]
    assert "How well are we served?" not in browser.get("/").text


def test_whoever_worked_with_none_of_them_says_so_and_is_asked_no_more(
    app: Flask, sign_in: SignIn
) -> None:
    laptops, people = company.served(app)
    wave = company.running(app, [laptops])
    browser = sign_in(people[0])

    assert browser.post(f"/surveys/{wave}/answer", {"none": "1"}).status_code == 303
    assert company.rows(app, SurveyAnswer) == []
    assert len(company.rows(app, WaveParticipation)) == 1


def test_none_of_these_throws_nothing_away_that_was_answered(app: Flask, sign_in: SignIn) -> None:
    laptops, people = company.served(app)
    wave = company.running(app, [laptops])
    browser = sign_in(people[0])
    sent = company.form(app, wave, laptops, value=4, words="Everything arrives a day late.")

    slipped = browser.post(f"/surveys/{wave}/answer", {**sent, "none": "1"})

    assert slipped.status_code == 422
    assert "Send it, or untick it if it was none of them." in slipped.text
    assert "Everything arrives a day late." in slipped.text
    assert company.rows(app, WaveParticipation) == []
    unticked = {name: value for name, value in sent.items() if name != "services"}
    assert browser.post(f"/surveys/{wave}/answer", {**unticked, "none": "1"}).status_code == 303
    assert company.rows(app, SurveyAnswer) == []


def test_answering_twice_is_refused_with_a_sentence(app: Flask, sign_in: SignIn) -> None:
    laptops, people = company.served(app)
    wave = company.running(app, [laptops])
    browser = sign_in(people[0])
    company.answer(app, browser, wave, laptops)

    again = browser.post(f"/surveys/{wave}/answer", company.form(app, wave, laptops))

    assert again.status_code == 409
    assert "You have answered already" in again.text
    assert "You have answered already" in browser.get(f"/surveys/{wave}/answer").text
    assert len(company.rows(app, SurveyAnswer)) == 6


def test_before_it_opens_and_after_it_ended_nothing_is_taken(app: Flask, sign_in: SignIn) -> None:
    laptops, people = company.served(app)
    early, late = company.plan(app, [laptops], opens=3), company.running(app, [laptops])
    browser = sign_in(people[0])
    sent = company.form(app, late, laptops)

    before = browser.post(f"/surveys/{early}/answer", sent)
    with time_machine.travel(now() + timedelta(days=11)):
        # Its time is over, whether or not the jobs have closed it yet.
        after = sign_in(people[1]).post(f"/surveys/{late}/answer", sent)
    company.end(app, late)
    closed = browser.post(f"/surveys/{late}/answer", sent)

    assert [before.status_code, after.status_code, closed.status_code] == [409, 409, 409]
    assert "has not opened yet" in before.text
    assert "has ended" in after.text
    assert "has ended" in closed.text
    assert company.rows(app, SurveyAnswer) == []


def test_a_forwarded_link_opens_ones_own_questions_or_a_sentence(
    app: Flask, sign_in: SignIn
) -> None:
    laptops, people = company.served(app)
    it = make.department(app)
    desks = company.service(app, it, make.department(app, "Sales"), "Desks")
    wave = company.running(app, [laptops, desks])
    stranger = sign_in(make.person(app, department=it))

    page = stranger.get(f"/surveys/{wave}/answer")
    refused = stranger.post(f"/surveys/{wave}/answer", company.form(app, wave, laptops))

    assert page.status_code == 200
    assert "This survey does not ask you" in page.text
    assert "Laptops" not in page.text
    assert refused.status_code == 403
    assert company.rows(app, WaveParticipation) == []
    assert "Laptops" in sign_in(people[0]).get(f"/surveys/{wave}/answer").text


def test_a_service_one_was_not_asked_about_is_refused(app: Flask, sign_in: SignIn) -> None:
    laptops, people = company.served(app)
    desks = company.service(app, make.department(app), make.department(app), "Desks")
    wave = company.running(app, [laptops, desks])
    browser = sign_in(people[0])

    refused = browser.post(f"/surveys/{wave}/answer", company.form(app, wave, laptops, desks))

    assert refused.status_code == 422
    assert "not asked about one of these services" in refused.text
    assert company.rows(app, SurveyAnswer) == []
    assert company.rows(app, WaveParticipation) == []


@pytest.mark.parametrize("typed", ["0", "6", "11", "-1", "x", "１", "4.0", "99999999999999999999"])
def test_a_value_off_the_scale_is_refused_and_the_rest_stays_filled_in(
    app: Flask, sign_in: SignIn, typed: str
) -> None:
    laptops, people = company.served(app)
    wave = company.running(app, [laptops])
    browser = sign_in(people[0])
    sent = company.form(app, wave, laptops, value=3, words="It stays.")
    first = next(name for name in sent if name != "services")

    refused = browser.post(f"/surveys/{wave}/answer", {**sent, first: typed})

    assert refused.status_code == 422
    assert "Choose one of the numbers." in refused.text
    assert "It stays." in refused.text
    assert company.rows(app, WaveParticipation) == []


def test_a_ticked_service_wants_at_least_one_answer(app: Flask, sign_in: SignIn) -> None:
    laptops, people = company.served(app)
    wave = company.running(app, [laptops])
    browser = sign_in(people[0])

    nothing = browser.post(f"/surveys/{wave}/answer", {"services": [str(laptops)]})
    no_service = browser.post(f"/surveys/{wave}/answer", {})

    assert [nothing.status_code, no_service.status_code] == [422, 422]
    assert "Answer at least one question" in nothing.text
    assert "say that it was none of them" in no_service.text


def test_a_form_whose_token_ran_out_comes_back_filled(app: Flask, sign_in: SignIn) -> None:
    laptops, people = company.served(app)
    wave = company.running(app, [laptops])
    browser = sign_in(people[0])
    sent = company.form(app, wave, laptops, value=5, words="Typed with love.")
    browser.token = "stale"

    refused = browser.post(f"/surveys/{wave}/answer", sent)

    assert refused.status_code == 400
    assert "Typed with love." in refused.text
    assert refused.text.count(" checked") == 7


def test_answering_moves_nothing_else_in_the_database(app: Flask, sign_in: SignIn) -> None:
    laptops, people = company.served(app)
    wave = company.running(app, [laptops])
    browser = sign_in(people[0])
    browser.get(f"/surveys/{wave}/answer")
    sent = company.form(app, wave, laptops, words="A word.")
    before = everything(app)

    browser.post(f"/surveys/{wave}/answer", sent)

    after = everything(app)
    moved = {name for name in before if before[name] != after[name]}
    assert moved == {"survey_answer", "survey_text", "wave_participation"}


def everything(app: Flask) -> dict[str, list[str]]:
    """All rows of all tables."""
    with app.app_context():
        tables = db.metadata.sorted_tables
        return {
            each.name: sorted(repr(tuple(row)) for row in db.session.execute(each.select()))
            for each in tables
        }


def test_what_is_stored_names_nobody_and_no_time(app: Flask, sign_in: SignIn) -> None:
    assert set(SurveyAnswer.__table__.columns.keys()) == {
        *("key", "wave_id", "service_id", "version_id", "value")
    }
    assert set(SurveyText.__table__.columns.keys()) == {
        *("key", "wave_id", "service_id", "version_id", "lang", "body")
    }
    assert set(WaveParticipation.__table__.columns.keys()) == {"wave_id", "person_id"}


def test_two_sendings_at_once_count_once(app: Flask, sign_in: SignIn) -> None:
    from concurrent.futures import ThreadPoolExecutor

    laptops, people = company.served(app)
    wave = company.running(app, [laptops])
    browsers = [sign_in(people[0]) for _each in range(4)]
    sent = company.form(app, wave, laptops)

    with ThreadPoolExecutor(4) as pool:
        found = pool.map(
            lambda each: each.post(f"/surveys/{wave}/answer", sent).status_code, browsers
        )

    assert sorted(found) == [303, 409, 409, 409]
    assert len(company.rows(app, SurveyAnswer)) == 6


def test_a_consultant_sees_no_survey(app: Flask, sign_in: SignIn) -> None:
    laptops, _people = company.served(app)
    wave = company.running(app, [laptops])
    browser = sign_in(make.person(app, kind="consultant"))

    for address in ("/surveys", f"/surveys/{wave}", f"/surveys/{wave}/answer", "/surveys/privacy"):
        assert browser.get(address).status_code == 404


def test_a_module_that_is_off_shows_and_takes_nothing(app: Flask, sign_in: SignIn) -> None:
    laptops, people = company.served(app)
    wave = company.running(app, [laptops])
    sent = company.form(app, wave, laptops)
    waiting = company.plan(app, [laptops])
    with app.app_context(), transaction():
        save_settings({"modules": []})
    browser = sign_in(people[0])

    assert browser.get("/surveys").status_code == 404
    assert browser.get(f"/surveys/{wave}/answer").status_code == 404
    assert browser.post(f"/surveys/{wave}/answer", sent).status_code == 404
    for address in ("/", "/notifications", "/settings"):
        assert "survey" not in browser.get(address).text.lower()
    company.run(app)
    with app.app_context():
        assert db.session.get_one(Wave, waiting).state == "planned"
        assert db.session.query(WaveRequest).count() == 6


def test_the_form_costs_the_same_however_many_services(
    app: Flask, sign_in: SignIn, queries: Callable[[int], object]
) -> None:
    company.switch_on(app, **company.GENEROUS)
    it, finance = make.department(app), make.department(app)
    numbers = [company.service(app, it, finance, f"Service {n}") for n in range(12)]
    person = make.person(app, department=finance)
    small, large = company.running(app, numbers[:1]), company.running(app, numbers[1:])
    browser = sign_in(person)

    for wave in (small, large):
        browser.get(f"/surveys/{wave}/answer")
        with queries(6):  # type: ignore[attr-defined]  # reader, wave, place (2), items, news
            browser.get(f"/surveys/{wave}/answer")
