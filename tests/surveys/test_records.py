"""Surveys go out with an export and come back; a person's part in them is known and forgotten."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from forum.accounts.models import Person
from forum.admin import erasure
from forum.core.db import db
from forum.surveys.models import (
    SurveyAnswer,
    SurveyText,
    Wave,
    WaveParticipation,
    WaveRequest,
    WaveSample,
)
from forum.surveys.results import keeping
from tests.admin.exported import bring, moved
from tests.support import make
from tests.support.browser import Browser
from tests.support.forums import Prepared
from tests.surveys import company

SignIn = Callable[..., Browser]


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    company.switch_on(app, **company.GENEROUS)


def test_what_ended_and_what_is_planned_comes_back_and_what_runs_stays_out(
    app: Flask, prepared: Prepared, tmp_path: Path
) -> None:
    it, finance = make.department(app, "IT"), make.department(app, "Finance")
    make.person(app, department=it)  # departments are told in the order of their first people
    people = [make.person(app, department=finance) for _each in range(6)]
    laptops = company.service(app, it, finance)
    ended = company.running(app, [laptops], title="Spring")
    for person in people:
        company.say(app, person, ended, laptops, words="A word.")
    company.end(app, ended)
    with app.app_context():
        keeping.sweep()
    company.end(app, company.running(app, [laptops], title="Not reported on"))
    running = company.running(app, [laptops], title="Summer")
    company.say(app, people[0], running, laptops, words="Not yet.")
    company.plan(app, [laptops], title="Autumn", opens=30)

    files = moved(app, prepared, tmp_path)

    told = [json.loads(line) for line in files["records.jsonl"].splitlines()]
    assert [each["title"] for each in told if each["record"] == "wave"] == ["Spring", "Autumn"]
    assert "Not yet." not in files["records.jsonl"]
    assert len([each for each in told if each["record"] == "survey-answer"]) == 36
    with app.app_context():
        for model, count in ((SurveyAnswer, 36), (SurveyText, 6), (WaveParticipation, 6)):
            assert db.session.scalar(select(func.count()).select_from(model)) == count
        spring = db.session.scalars(select(Wave).where(Wave.title == "Spring")).one()
        assert (spring.state, spring.k) == ("closed", 5)
        assert spring.mixed_at is not None
        keeping.sweep()
    again = bring(app, tmp_path / "one" / "records.jsonl")
    assert "created 0, " in again, "once its figures are made it is known again"
    assert "refused 0" in again


def test_somebody_learns_that_they_were_asked_and_took_part_but_not_what_they_said(
    app: Flask, sign_in: SignIn
) -> None:
    laptops, people = company.served(app)
    wave = company.running(app, [laptops])
    company.say(app, people[0], wave, laptops, value=2, words="Only I write so.")
    browser = sign_in(people[0])

    page, data = browser.get("/settings/data").text, browser.json("/settings/data.json")

    assert "Surveys that asked you" in page
    assert data["surveys"]["participations"] == [{"wave_id": wave, "person_id": people[0]}]
    assert "Only I write so." not in page + json.dumps(data)


def test_an_erased_person_leaves_their_answers_and_is_asked_no_more(app: Flask) -> None:
    laptops, people = company.served(app)
    wave = company.running(app, [laptops])
    company.say(app, people[0], wave, laptops, words="It stays.")
    admin = make.admin(app)
    with app.app_context():
        by = db.session.get_one(Person, admin)
        for person in people[:2]:
            erasure.erase(by, db.session.get_one(Person, person))

    with app.app_context():
        asked = select(WaveSample.person_id).distinct()
        assert set(db.session.scalars(asked)) == set(people[2:])
    assert len(company.rows(app, WaveRequest)) == 6
    assert [each.body for each in company.rows(app, SurveyText)] == ["It stays."]
