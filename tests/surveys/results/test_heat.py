"""What the map shows of satisfaction."""

from __future__ import annotations

from flask import Flask

from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.surveys.results.heat import cells
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

        few = ("", "too few answers in the last survey", "")
        assert found == {(0, 0): ("3.7", "3.7 of 5, 6 answers", "middle"), (0, 1): few}
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
        return found[0, 0][0] if found else ""


def test_a_wave_that_tells_nothing_leaves_the_map_as_it_was(
    app: Flask, company: dict[str, int], spring: int
) -> None:
    waves.wave(app, {company["help"]: {"quality": FIVE[:2]}}, title="Autumn")

    assert sign_of(app, company) == "3.7"
