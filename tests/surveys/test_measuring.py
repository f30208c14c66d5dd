"""Promises that are being measured: what came meanwhile, and the days that are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from structlog.testing import capture_logs

from forum.accounts.models import Person
from forum.core.calendar import midnight
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict
from forum.ideas.models import Idea
from forum.surveys.change import measuring, promising
from forum.surveys.change.models import IdeaMeasure, IdeaPromise
from forum.surveys.models import Wave, WaveState
from tests.standards.standards import publish, standardise
from tests.support import make
from tests.support.browser import Browser
from tests.surveys.results.company import company
from tests.surveys.test_change import HIGH, after, before, idea, into_force, promise

__all__ = ["company", "idea"]
SignIn = Callable[..., Browser]


def test_what_is_promised_while_it_begins_to_be_measured_is_refused(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    promise(app, sign_in, idea, company["help"])
    real = promising.answers_for

    def measured_meanwhile(person: int) -> frozenset[int]:
        found = real(person)
        db.session.rollback()
        into_force(app, idea)
        return found

    moderator = make.moderator(app)
    monkeypatch.setattr(promising, "answers_for", measured_meanwhile)
    with app.app_context():
        person, about = db.session.get_one(Person, moderator), db.session.get_one(Idea, idea)
        with pytest.raises(Conflict):
            promising.promise(person, about, services=[], items=[])

        assert len(db.session.scalars(select(IdeaPromise)).all()) == 1
        assert db.session.get(IdeaMeasure, idea) is not None


def test_a_promise_that_is_taken_back_meanwhile_plans_nothing(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    promise(app, sign_in, idea, company["help"])
    publish(app, standardise(app, idea))
    with app.app_context():
        (begun,) = measuring._begun()
        db.session.rollback()
    moderator = sign_in(make.moderator(app))
    assert moderator.post(f"/ideas/{idea}/promises", {}).status_code == 303

    with app.app_context():
        measuring.measure(begun)

        assert db.session.get(IdeaMeasure, idea) is None
        assert db.session.scalars(select(Wave)).all() == []


def test_the_log_of_a_failure_says_a_number_and_nothing_of_what_the_idea_is_called(
    app: Flask,
    sign_in: SignIn,
    company: dict[str, int],
    idea: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    promise(app, sign_in, idea, company["help"])
    publish(app, standardise(app, idea))
    with app.app_context():
        title = db.session.get_one(Idea, idea).title

    def fails(_idea: int) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(measuring, "hold", fails)
    with app.app_context(), capture_logs() as lines:
        measuring.sweep()

    assert [(line["event"], line["of"]) for line in lines] == [("jobs.failed", str(idea))]
    assert title not in str(lines)


def test_pages_tell_the_last_day_of_a_wave_and_not_the_midnight_after_it(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    before(app, company)
    promise(app, sign_in, idea, company["help"])
    into_force(app, idea)
    told = after(app, company, idea, HIGH)
    with app.app_context(), transaction():
        planned = db.session.scalars(select(Wave).where(Wave.state == WaveState.PLANNED)).all()
        ended = db.session.get_one(Wave, told)
        ended.opens_at, ended.closes_at = (midnight(date(2026, month, 1)) for month in (2, 3))
        planned[0].state, planned[0].closes_at = WaveState.RUNNING, midnight(date(2030, 3, 1))
        planned[0].opens_at = now() - timedelta(days=1)

    page = sign_in(make.person(app)).page(f"/ideas/{idea}").one("section", data_change=True).text

    assert "asked again until Feb 28, 2030" in page
    assert "asked again until Feb 28" in page.replace("asked again until Feb 28, 2030", "")
    assert "Mar 1" not in page
