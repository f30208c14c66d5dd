"""Surveys before and after an idea keep what they ask; what was cancelled is planned again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from forum.core.calendar import company_day
from forum.core.db import db, transaction
from forum.departments.models import Service
from forum.surveys import asking
from forum.surveys.change.models import IdeaPromise
from forum.surveys.models import Wave, WaveService
from forum.surveys.waves import last_day_before
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import Document
from tests.surveys.results.company import company
from tests.surveys.test_change import before, idea, into_force, planned, promise

__all__ = ["company", "idea"]
SignIn = Callable[..., Browser]


@pytest.fixture
def moderator(app: Flask, sign_in: SignIn) -> Browser:
    return sign_in(make.moderator(app))


@pytest.fixture
def measured(app: Flask, sign_in: SignIn, company: dict[str, int], idea: int) -> int:
    """An idea that is being measured: asked before, planned to be asked twice again."""
    before(app, company)
    promise(app, sign_in, idea, company["help"])
    into_force(app, idea)
    return idea


def sent(app: Flask, wave: Wave, *, later: int = 0, longer: int = 0, **more: str) -> dict[str, str]:
    with app.app_context():
        first, last = company_day(wave.opens_at), last_day_before(wave.closes_at)
    return {
        "title": wave.title,
        "opens_on": str(first + timedelta(days=later)),
        "closes_on": str(last + timedelta(days=later + longer)),
        "revision": "1",
        **more,
    }


def befores(idea: int) -> set[int | None]:
    """The surveys that say how what an idea promised was before."""
    query = select(IdeaPromise.baseline_id).where(IdeaPromise.idea_id == idea)
    return set(db.session.scalars(query))


def services(app: Flask, wave: int) -> list[int]:
    with app.app_context():
        query = select(WaveService.service_id).where(WaveService.wave_id == wave)
        return list(db.session.scalars(query))


def told(page: Document) -> str:
    return page.one("section", data_change=True).text


def test_of_a_survey_after_an_idea_title_and_later_days_are_changed(
    app: Flask, moderator: Browser, company: dict[str, int], measured: int
) -> None:
    six, _twelve = planned(app)

    form = moderator.page(f"/surveys/{six.id}/edit")
    saved = moderator.post(
        f"/surveys/{six.id}/edit", sent(app, six, later=3, longer=2, title="Once more")
    )

    assert not form.all("input", name="which")
    assert not form.all("input", name="most_people")
    assert "Both surveys can be compared only if" in form.text
    assert "Help desk: IT → Sales" in form.text
    assert saved.status_code == 303
    changed = planned(app)[0]
    assert (changed.title, changed.months, changed.most_people) == ("Once more", 1, None)
    assert changed.opens_at - six.opens_at == timedelta(days=3)
    assert changed.closes_at - six.closes_at == timedelta(days=5)
    assert services(app, six.id) == [company["help"]]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"later": -1}, "It may begin later than"),
        ({"longer": -1}, "and may take longer but not shorter."),
        ({"which": "all"}, "What a survey for an idea asks about, and whom, stays as it is."),
        ({"months": "12"}, "What a survey for an idea asks about, and whom, stays as it is."),
        ({"most_people": "5"}, "What a survey for an idea asks about, and whom, stays as it is."),
    ],
)
def test_nothing_else_of_it_is_changed(
    app: Flask, moderator: Browser, measured: int, more: dict[str, str], sentence: str
) -> None:
    six, _twelve = planned(app)

    refused = moderator.post(f"/surveys/{six.id}/edit", sent(app, six, **more))

    assert refused.status_code == 422
    assert sentence in refused.text
    assert planned(app)[0].revision == 1


def test_the_first_survey_after_does_not_move_onto_the_second(
    app: Flask, moderator: Browser, measured: int
) -> None:
    six, twelve = planned(app)
    days = (twelve.opens_at - six.opens_at).days

    refused = moderator.post(f"/surveys/{six.id}/edit", sent(app, six, later=days))

    assert refused.status_code == 422
    assert "It must be over before customers are asked again" in refused.text


def test_the_survey_before_does_not_move_behind_those_after(
    app: Flask, sign_in: SignIn, moderator: Browser, company: dict[str, int], idea: int
) -> None:
    promise(app, sign_in, idea, company["help"])
    into_force(app, idea)
    baseline, *_later = planned(app)

    refused = moderator.post(f"/surveys/{baseline.id}/edit", sent(app, baseline, later=60))
    moved = moderator.post(f"/surveys/{baseline.id}/edit", sent(app, baseline, later=7))

    assert (refused.status_code, moved.status_code) == (422, 303)
    assert "before customers are asked again" in refused.text


def test_a_survey_after_that_was_cancelled_is_told_and_planned_again(
    app: Flask, sign_in: SignIn, moderator: Browser, company: dict[str, int], measured: int
) -> None:
    reader = sign_in(make.person(app))
    for each in planned(app):
        assert moderator.post(f"/surveys/{each.id}/cancel").status_code == 303

    page, library = reader.page(f"/ideas/{measured}"), reader.page("/surveys/changes")
    offered = moderator.page(f"/ideas/{measured}")
    address = f"/ideas/{measured}/surveys"
    denied = reader.post(address, {"purpose": "after"})
    planned_again = moderator.post(address, {"purpose": "after"})

    with app.app_context():
        today = company_day()
    assert "Moderators cancelled a survey that was to ask again, on" in told(page)
    assert not page.all("form", action=address)
    assert "nobody is asked again: 1" in library.text
    assert "not asked again yet" not in library.text
    assert offered.one("form", action=address)
    assert denied.status_code == 404
    (wave,) = planned(app)
    assert planned_again.headers["Location"] == f"/surveys/{wave.id}"
    assert (wave.purpose, wave.idea_id, wave.months) == ("after", measured, 1)
    assert services(app, wave.id) == [company["help"]]
    with app.app_context():
        assert 1 <= (company_day(wave.opens_at) - today).days <= 4
        assert {wave.baseline_id} == befores(measured)
    assert "asked again from" in told(reader.page(f"/ideas/{measured}"))


def test_each_survey_that_was_cancelled_is_planned_again_once_and_never_beside_another(
    app: Flask, moderator: Browser, measured: int
) -> None:
    for each in planned(app):
        moderator.post(f"/surveys/{each.id}/cancel")
    address = f"/ideas/{measured}/surveys"
    moderator.post(address, {"purpose": "after"})

    page = moderator.page(f"/ideas/{measured}")
    second = moderator.post(address, {"purpose": "after"})
    wrong = moderator.post(address, {"purpose": "baseline"})
    unknown = moderator.post(address, {"purpose": "regular"})

    assert "once the other survey for this idea is over" in told(page)
    assert not page.all("form", action=address)
    assert (second.status_code, wrong.status_code, unknown.status_code) == (409, 409, 422)
    assert "once the other survey for this idea is over" in second.text
    assert len(planned(app)) == 1


def test_the_survey_before_is_planned_again_and_compared_with(
    app: Flask, sign_in: SignIn, moderator: Browser, company: dict[str, int], idea: int
) -> None:
    promise(app, sign_in, idea, company["help"])
    into_force(app, idea)
    baseline, *_later = planned(app)
    moderator.post(f"/surveys/{baseline.id}/cancel")

    page = moderator.page(f"/ideas/{idea}")
    answer = moderator.post(f"/ideas/{idea}/surveys", {"purpose": "baseline"})

    assert "Moderators cancelled the survey before, on" in told(page)
    assert answer.status_code == 303
    new, *later = planned(app)
    assert new.purpose == "baseline"
    assert [each.baseline_id for each in later] == [new.id, new.id]
    with app.app_context():
        assert befores(idea) == {new.id}
    assert "cancelled" not in told(moderator.page(f"/ideas/{idea}"))


def test_what_is_planned_again_needs_a_service_that_can_be_asked_about(
    app: Flask, moderator: Browser, company: dict[str, int], measured: int
) -> None:
    for each in planned(app):
        moderator.post(f"/surveys/{each.id}/cancel")
    with app.app_context(), transaction():
        db.session.get_one(Service, company["help"]).state = "ended"

    refused = moderator.post(f"/ideas/{measured}/surveys", {"purpose": "after"})

    assert refused.status_code == 409
    assert "None of its services can be asked about any more." in refused.text


def test_an_idea_whose_survey_could_not_open_says_so(
    app: Flask, sign_in: SignIn, company: dict[str, int], measured: int
) -> None:
    six, _twelve = planned(app)
    with app.app_context(), transaction():
        db.session.get_one(Service, company["help"]).state = "ended"
    with time_machine.travel(six.opens_at + timedelta(days=2), tick=False):
        with app.app_context():
            asking.sweep()

        shown = told(sign_in(make.person(app)).page(f"/ideas/{measured}"))

    assert "to be asked again from" in shown
    assert "which has not begun" in shown
