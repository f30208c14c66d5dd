"""A survey with nothing to ask stays planned, and whoever planned it hears why."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, update

from forum.core.clock import now
from forum.core.db import db, transaction
from forum.departments.models import Service
from forum.surveys import preview, wordings
from forum.surveys.models import ItemKind, SurveyItem, Wave, WaveState
from tests.notifications.inboxes import catch_up, news_of, unread
from tests.support import make
from tests.support.browser import Browser
from tests.surveys import company

SignIn = Callable[..., Browser]


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    company.switch_on(app)


def ends(app: Flask, service: int, state: str = "ended") -> None:
    with app.app_context(), transaction():
        db.session.execute(update(Service).where(Service.id == service).values(state=state))


def asks(app: Flask, *, nothing: bool) -> None:
    """As a forum may be in which every question was retired before that was refused."""
    with app.app_context(), transaction():
        db.session.execute(update(SurveyItem).values(retired_at=now() if nothing else None))


def state(app: Flask, wave: int) -> str:
    with app.app_context():
        return db.session.get_one(Wave, wave).state


@pytest.mark.parametrize(
    ("lacks", "sentence"),
    [
        ("services", "none of its services can be asked about any more"),
        ("questions", "no question is asked any more"),
    ],
)
def test_a_survey_with_nothing_to_ask_stays_planned_and_its_planner_is_told_once(
    app: Flask, sign_in: SignIn, lacks: str, sentence: str
) -> None:
    laptops, people = company.served(app)
    planner, other = make.moderator(app), make.moderator(app)
    wave = company.plan(app, [laptops], by=planner)
    if lacks == "services":
        ends(app, laptops)
    else:
        asks(app, nothing=True)

    company.run(app)
    company.run(app)
    catch_up(app)

    assert state(app, wave) == WaveState.PLANNED
    assert news_of(app, planner) == ["survey-held"]
    assert [news_of(app, each) for each in (other, people[0])] == [[], []]
    browser = sign_in(planner)
    inbox = browser.page("/notifications").text
    assert "How well are we served?" in inbox
    assert f"did not open: {sentence}" in inbox
    assert f"It does not open: {sentence}" in browser.page(f"/surveys/{wave}").text
    assert "does not open" not in sign_in(people[0]).page(f"/surveys/{wave}").text


def test_once_there_is_something_to_ask_it_opens_and_the_news_says_so(
    app: Flask, sign_in: SignIn
) -> None:
    laptops, people = company.served(app)
    planner = make.moderator(app)
    wave = company.plan(app, [laptops], by=planner)
    ends(app, laptops)
    company.run(app)
    catch_up(app)
    ends(app, laptops, "confirmed")

    company.run(app)

    assert state(app, wave) == WaveState.RUNNING
    browser = sign_in(planner)
    assert "has opened meanwhile" in browser.page("/notifications").text
    assert "It does not open" not in browser.page(f"/surveys/{wave}").text
    assert browser.get(f"/surveys/{wave}").status_code == 200
    assert "Answer" in sign_in(people[0]).page(f"/surveys/{wave}").text


def test_of_one_that_nobody_planned_all_moderators_hear(app: Flask) -> None:
    laptops, people = company.served(app)
    one, other = make.moderator(app), make.moderator(app)
    wave = company.plan(app, [laptops], by=one)
    with app.app_context(), transaction():
        db.session.get_one(Wave, wave).created_by_id = None
    ends(app, laptops)

    company.run(app)
    catch_up(app)

    assert [news_of(app, each) for each in (one, other)] == [["survey-held"]] * 2
    assert news_of(app, people[0]) == []


def test_a_survey_that_did_not_open_in_time_is_marked_in_the_list(
    app: Flask, sign_in: SignIn
) -> None:
    laptops, _people = company.served(app)
    wave, later = company.plan(app, [laptops]), company.plan(app, [laptops], opens=3)
    ends(app, laptops)
    company.run(app)

    page = sign_in(make.moderator(app)).page("/surveys")

    assert "Has not opened" in page.one("li", data_wave=wave).text
    assert "Planned" in page.one("li", data_wave=later).text


def test_before_it_opens_its_page_says_that_it_will_not(app: Flask, sign_in: SignIn) -> None:
    laptops, _people = company.served(app)
    wave = company.plan(app, [laptops], opens=3)
    ends(app, laptops)

    page = sign_in(make.moderator(app)).page(f"/surveys/{wave}")

    assert "It does not open: none of its services can be asked about any more" in page.text


def test_the_preview_counts_no_question_where_none_is_asked(app: Flask) -> None:
    laptops, _people = company.served(app)
    with app.app_context(), transaction():
        wordings.ensure()
    asks(app, nothing=True)

    with app.app_context():
        found = preview.preview([laptops])

    assert (found.questions, found.people) == (0, 0)


def test_the_last_question_with_figures_is_asked_on(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in(make.moderator(app))
    with app.app_context(), transaction():
        wordings.ensure()
    with app.app_context():
        query = select(SurveyItem.key).where(SurveyItem.kind != ItemKind.TEXT)
        rated = list(db.session.scalars(query.order_by(SurveyItem.position)))

    answers = [browser.post(f"/surveys/items/{key}/retire") for key in (*rated, "words")]

    assert [each.status_code for each in answers] == [*[303] * (len(rated) - 1), 409, 303]
    assert "This is the last question that gives figures" in answers[-2].text
    with app.app_context():
        assert [each.key for each in wordings.current()] == [rated[-1]]


def test_the_preview_of_a_new_forum_counts_the_questions_it_comes_with(app: Flask) -> None:
    laptops, people = company.served(app)

    with app.app_context():
        before = preview.preview([laptops])
        with transaction():
            wordings.ensure()
        after = preview.preview([laptops])

    assert before == after
    assert (before.questions, before.people) == (7, len(people))


def test_news_of_a_survey_that_did_not_open_go_with_it(app: Flask, sign_in: SignIn) -> None:
    laptops, _people = company.served(app)
    planner = make.moderator(app)
    wave = company.plan(app, [laptops], by=planner)
    ends(app, laptops)
    company.run(app)
    catch_up(app)
    assert unread(app, planner) == 1

    sign_in(planner).post(f"/surveys/{wave}/cancel")
    catch_up(app)

    assert (news_of(app, planner), unread(app, planner)) == ([], 0)
