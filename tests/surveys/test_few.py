"""A dump of the database once a survey was reported on, in the hands of who knows from it who took
part and in which department they are."""

from __future__ import annotations

import pytest
from flask import Flask

from forum.surveys.models import SurveyAnswer, SurveyText, WaveParticipation
from forum.surveys.results import keeping
from tests.surveys import company


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    company.switch_on(app)


def test_what_the_only_one_of_a_department_said_is_not_in_the_database(app: Flask) -> None:
    service, people = company.served(app)
    wave = company.running(app, [service])
    company.say(app, people[0], wave, service, value=1, words="A lone canary.")
    company.end(app, wave)
    with app.app_context():
        keeping.sweep()

    assert [each.person_id for each in company.rows(app, WaveParticipation)] == [people[0]]
    assert company.rows(app, SurveyAnswer) == [], "whose they are is plain"
    assert "canary" not in str([each.body for each in company.rows(app, SurveyText)])
