"""What the map shows of satisfaction."""

from __future__ import annotations

from flask import Flask

from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.surveys.results.heat import cells, satisfaction
from tests.support import make
from tests.surveys import waves
from tests.surveys.results.company import FIVE, company, spring

__all__ = ["company", "spring"]


def test_the_newest_survey_says_how_satisfied_who_is_with_whom(
    app: Flask, company: dict[str, int], spring: int
) -> None:
    pair, hidden = (company["IT"], company["Sales"]), (company["IT"], company["Stores"])
    with app.app_context():
        found = satisfaction()

        assert (found[pair].mean, found[pair].n) == (3.666667, 6)
        assert found[pair].url == f"/surveys/{spring}/results/provider/{company['IT']}"
        assert found[hidden].hidden
        assert found[hidden].n is None
        assert satisfaction([pair]).keys() == {pair}
        assert satisfaction([(1, 1)]) == {}


def test_a_cell_of_the_map_says_it_in_a_sign_in_words_and_as_a_level(
    app: Flask, company: dict[str, int], spring: int
) -> None:
    told, hidden = (company["IT"], company["Sales"]), (company["IT"], company["Stores"])
    wanted = {(0, 0): [told, hidden], (0, 1): [hidden], (1, 0): []}
    reader, consultant = make.person(app), make.person(app, kind="consultant")
    with app.app_context():
        found = cells(db.session.get_one(Person, reader), wanted)

        assert found == {(0, 0): ("3.7", "3.7 of 5, 6 answers", 4)}
        assert cells(db.session.get_one(Person, consultant), wanted) == {}


def test_a_wave_after_a_change_is_not_what_the_map_shows(
    app: Flask, company: dict[str, int], spring: int
) -> None:
    said = {company["help"]: {"quality": FIVE}}
    waves.wave(app, said, purpose="after")

    with app.app_context():
        assert f"/surveys/{spring}/" in satisfaction()[company["IT"], company["Sales"]].url


def test_with_surveys_off_the_map_hears_nothing(
    app: Flask, company: dict[str, int], spring: int
) -> None:
    with app.app_context():
        with transaction():
            save_settings({"modules": ["map"]})

        assert satisfaction() == {}
