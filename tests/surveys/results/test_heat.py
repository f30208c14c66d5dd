"""What the map shows of satisfaction."""

from __future__ import annotations

from flask import Flask

from forum.core.db import transaction
from forum.core.site import save_settings
from forum.surveys.results.heat import satisfaction
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
