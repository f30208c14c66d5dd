"""A closed wave is reported on once, from what is kept, and comes out the same each time."""

from __future__ import annotations

import io
import json
import sys

import pytest
from flask import Flask
from sqlalchemy import select

from forum.core.db import db, transaction
from forum.core.events import Event
from forum.core.site import save_settings
from forum.departments.models import Department
from forum.ops import logs
from forum.surveys.models import SurveyText, Wave, WaveState
from forum.surveys.results import keeping
from forum.surveys.results.models import WaveReport, WaveResult, WaveVoice
from tests.support import make
from tests.surveys import waves


@pytest.fixture
def company(app: Flask) -> dict[str, int]:
    """A department that serves two others, and one above all of them."""
    top = make.department(app, "Works")
    names = {name: make.department(app, name, parent_id=top) for name in ("IT", "Sales", "Stores")}
    return {
        "top": top,
        **names,
        "help": waves.service(app, names["IT"], names["Sales"], "Help desk"),
        "phones": waves.service(app, names["IT"], names["Stores"], "Phones"),
        "visits": waves.service(app, names["Sales"], names["Stores"], "Visits"),
    }


def told(app: Flask, wave: int) -> dict[tuple[str, int, int], str]:
    with app.app_context():
        rows = db.session.scalars(select(WaveResult).where(WaveResult.wave_id == wave))
        return {(row.scope, row.one, row.other): row.counts for row in rows}


def test_a_service_of_enough_answers_is_told_and_one_of_fewer_is_not(
    app: Flask, company: dict[str, int]
) -> None:
    said = {company["help"]: {"quality": [5, 4, 4, 3, 2]}, company["phones"]: {"quality": [1, 2]}}

    found = told(app, waves.wave(app, said))

    assert found["service", company["help"], 0] == "0 1 1 2 1"
    assert ("service", company["phones"], 0) not in found
    assert found["provider", company["IT"], 0] == "0 1 1 2 1"
    assert found["customer", company["Sales"], 0] == "0 1 1 2 1"
    assert ("customer", company["Stores"], 0) not in found


def test_what_is_left_over_meets_in_the_department_above(
    app: Flask, company: dict[str, int]
) -> None:
    said = {
        company["help"]: {"quality": [5, 4, 4, 3, 2]},
        company["phones"]: {"quality": [1, 2, 2]},
        company["visits"]: {"quality": [3, 3, 3]},
    }

    found = told(app, waves.wave(app, said))

    # Both are of Stores, so these may be the same three people.
    assert found["all", 0, 0] == "0 1 1 2 1"
    assert ("provider", company["Sales"], 0) not in found


def test_a_wave_is_reported_on_by_the_sweep_once_its_answers_were_mixed(
    app: Flask, company: dict[str, int]
) -> None:
    said = {company["help"]: {"quality": [5, 4, 4, 3, 2]}}
    wave = waves.wave(app, said, told=False)
    running = waves.wave(app, said, told=False, state=WaveState.RUNNING, mixed_at=None)
    fresh = waves.wave(app, said, told=False, mixed_at=None)

    with app.app_context():
        keeping.sweep()
        keeping.sweep()

        assert keeping.reported() == [wave]
        events = db.session.scalars(select(Event).where(Event.type == "survey.told")).all()
        assert len(events) == 1
    assert told(app, wave)
    assert not told(app, running)
    assert not told(app, fresh)


def test_a_wave_that_always_fails_keeps_no_other_from_being_told(
    app: Flask, company: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {company["help"]: {"quality": [5, 4, 4, 3, 2]}}
    broken, sound = (waves.wave(app, said, told=False) for _each in range(2))

    def follow(wave: int) -> None:
        if wave == broken:
            raise ZeroDivisionError

    monkeypatch.setattr(keeping, "TOLD", [follow])
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    logs.configure("ERROR")

    with app.app_context():
        keeping.sweep()
        assert keeping.reported() == [sound]

    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [(line["event"], line["of"]) for line in lines] == [("jobs.failed", str(broken))]


def test_the_larger_of_the_waves_smallest_number_and_that_of_the_day_holds(
    app: Flask, company: dict[str, int]
) -> None:
    said = {company["help"]: {"quality": [5, 4, 4, 3, 2, 1]}}
    with app.app_context(), transaction():
        save_settings({"survey_k": 7})

    raised = waves.wave(app, said, k=5)
    with app.app_context(), transaction():
        save_settings({"survey_k": 5})
    lowered = waves.wave(app, said, k=7)

    assert not told(app, raised)
    assert not told(app, lowered)


def test_another_tree_and_another_smallest_number_change_no_figure_of_the_past(
    app: Flask, company: dict[str, int]
) -> None:
    said = {
        company["help"]: {"quality": [5, 4, 4, 3, 2]},
        company["phones"]: {"quality": [1, 2, 2]},
        company["visits"]: {"quality": [3, 3, 3]},
    }
    wave = waves.wave(app, said)
    before = told(app, wave)
    with app.app_context():
        with transaction():
            save_settings({"survey_k": 9})
            db.session.get_one(Department, company["Sales"]).parent_id = company["IT"]
            db.session.get_one(Wave, wave).k = 3

        assert keeping.differences(wave) == []
        assert keeping.rebuild(wave) == 0
    assert told(app, wave) == before


def test_what_was_changed_by_hand_is_found_and_made_anew(
    app: Flask, company: dict[str, int]
) -> None:
    wave = waves.wave(app, {company["help"]: {"quality": [5, 4, 4, 3, 2]}})
    with app.app_context(), transaction():
        row = db.session.scalars(select(WaveResult).where(WaveResult.scope == "all")).one()
        row.counts = "5 0 0 0 0"

    command = app.test_cli_runner()
    refused = command.invoke(args=["surveys", "verify"])
    made = command.invoke(args=["surveys", "rebuild"])
    good = command.invoke(args=["surveys", "verify"])

    assert refused.exit_code == 1
    assert f"wave {wave}: all 0-0" in refused.output
    assert "1 surveys, 2 figures" in made.output
    assert good.exit_code == 0
    assert told(app, wave)["all", 0, 0] == "0 1 1 2 1"


def test_a_report_broken_off_begins_again_and_comes_to_the_same(
    app: Flask, company: dict[str, int]
) -> None:
    wave = waves.wave(app, {company["help"]: {"quality": [5, 4, 4, 3, 2]}})
    whole = told(app, wave)
    with app.app_context():
        with transaction():
            db.session.get_one(WaveReport, wave).ready = False
            row = db.session.scalars(select(WaveResult).where(WaveResult.scope == "all")).one()
            db.session.delete(row)

        keeping.sweep()

    assert told(app, wave) == whole


def test_texts_are_told_where_enough_of_them_meet(app: Flask, company: dict[str, int]) -> None:
    texts = {
        company["help"]: ["Quick", "Kind", "Slow", "Late", "Good"],
        company["phones"]: ["Broken", "Old"],
        company["visits"]: ["Rare"],
    }
    wave = waves.wave(app, {}, texts=texts)

    with app.app_context():
        query = select(SurveyText.body, WaveVoice.scope, WaveVoice.one)
        query = query.join(WaveVoice, WaveVoice.key == SurveyText.key)
        found = {tuple(row) for row in db.session.execute(query.where(WaveVoice.wave_id == wave))}

    assert found == {(body, "service", company["help"]) for body in texts[company["help"]]}
