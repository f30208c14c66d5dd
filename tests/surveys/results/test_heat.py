"""What the map shows of satisfaction."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flask import Flask

from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.surveys.results.heat import Cell, cells
from tests.support import make
from tests.surveys import waves
from tests.surveys.results.company import FIVE, company, spring

__all__ = ["company", "spring"]


def test_a_cell_of_the_map_says_it_in_a_sign_in_words_and_as_a_band(
    app: Flask, company: dict[str, int], spring: int
) -> None:
    told, hidden = (company["IT"], company["Sales"]), (company["IT"], company["Stores"])
    wanted = {(0, 0): [told, hidden], (0, 1): [hidden], (1, 0): []}
    reader, consultant = make.person(app), make.person(app, kind="consultant")
    with app.app_context():
        found = cells(db.session.get_one(Person, reader), wanted)

        few = Cell("", "too few answers in the last survey", "")
        assert found == {(0, 0): Cell("3.7", "3.7 of 5, 6 answers", "middle"), (0, 1): few}
        assert cells(db.session.get_one(Person, consultant), wanted) == {}


def test_a_wave_after_a_change_is_not_what_the_map_shows(
    app: Flask, company: dict[str, int], spring: int
) -> None:
    said = {company["help"]: {"quality": FIVE}}
    waves.wave(app, said, purpose="after")

    assert sign_of(app, company) == "3.7"
    waves.wave(app, said, title="Autumn")
    assert sign_of(app, company) == "3.6"


def test_with_surveys_off_the_map_hears_nothing(
    app: Flask, company: dict[str, int], spring: int
) -> None:
    with app.app_context(), transaction():
        save_settings({"modules": ["map"]})

    assert sign_of(app, company) == ""


def sign_of(app: Flask, company: dict[str, int]) -> str:
    """What a cell shows of IT and Sales; empty for nothing."""
    reader = make.person(app)
    with app.app_context():
        pairs = [(company["IT"], company["Sales"])]
        found = cells(db.session.get_one(Person, reader), {(0, 0): pairs})
        return found[0, 0].sign if found else ""


def test_a_wave_that_tells_nothing_leaves_the_map_as_it_was(
    app: Flask, company: dict[str, int], spring: int
) -> None:
    waves.wave(app, {company["help"]: {"quality": FIVE[:2]}}, title="Autumn")

    assert sign_of(app, company) == "3.7"


def test_a_survey_of_some_services_leaves_what_an_earlier_one_told_of_others(
    app: Flask, company: dict[str, int]
) -> None:
    spring, autumn = datetime(2024, 4, 1, tzinfo=UTC), datetime(2024, 10, 1, tzinfo=UTC)
    both = {company[name]: {"quality": FIVE} for name in ("help", "phones")}
    waves.wave(app, both, closed_at=spring)
    waves.wave(
        app, {company["help"]: {"quality": [5, 5, 4, 4, 4]}}, title="Autumn", closed_at=autumn
    )
    again, once = (company["IT"], company["Sales"]), (company["IT"], company["Stores"])
    reader = make.person(app)

    with app.app_context():
        wanted = {(0, 0): [again], (0, 1): [once], (1, 1): [again, once]}
        found = cells(db.session.get_one(Person, reader), wanted)

    newest = Cell("4.4", "4.4 of 5, 5 answers", "good")
    assert found == {
        (0, 0): newest,
        (0, 1): Cell("3.6", "3.6 of 5, 5 answers, Mar 2024", "middle", date(2024, 3, 31)),
        (1, 1): newest,  # a figure is of one survey
    }


def test_a_survey_that_asked_and_tells_nothing_of_a_pair_leaves_what_an_earlier_one_told(
    app: Flask, company: dict[str, int]
) -> None:
    spring, autumn = datetime(2024, 4, 1, tzinfo=UTC), datetime(2024, 10, 1, tzinfo=UTC)
    waves.wave(app, {company["help"]: {"quality": FIVE}}, closed_at=spring)
    said = {company["help"]: {"quality": FIVE[:2]}, company["visits"]: {"quality": FIVE}}
    waves.wave(app, said, title="Autumn", closed_at=autumn)

    assert sign_of(app, company) == "3.6"
