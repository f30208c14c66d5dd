"""Whether colleagues would recommend: the share that is shown is drawn, tested and exported too."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select

from forum.core import jobs
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.surveys.change.models import IdeaOutcome, RelationFall
from forum.surveys.models import Purpose
from tests.support import make
from tests.support.browser import Browser
from tests.surveys import waves
from tests.surveys.results.company import company
from tests.surveys.test_change import idea, into_force, promise

__all__ = ["company", "idea"]
SignIn = Callable[..., Browser]
TORN, LUKEWARM = [10] * 8 + [0] * 12, [8] * 20
"""Of the first 40 % would and the mean is 4.0; of the others nobody would, and it is 8.0."""


def spring(app: Flask, company: dict[str, int], said: list[int]) -> int:
    closed_at = now() - timedelta(days=20)
    return waves.wave(app, asked(company, said), closed_at=closed_at, title="Spring")


def autumn(app: Flask, company: dict[str, int], said: list[int], **fields: object) -> int:
    return waves.wave(app, asked(company, said), title="Autumn", **fields)


def asked(company: dict[str, int], said: list[int]) -> waves.Said:
    """Of the other question the same is said always."""
    return {company["help"]: {"quality": [3, 4, 3, 4, 3], "recommend": said}}


@pytest.mark.parametrize(
    ("first", "second", "figures", "word"),
    [
        (TORN, LUKEWARM, ("40% would", "0% would"), "↓ worse"),
        (LUKEWARM, TORN, ("0% would", "40% would"), "↑ better"),
        ([9] * 12 + [0] * 8, [10] * 12 + [8] * 8, ("60% would", "60% would"), "= no clear"),
    ],
)
def test_the_verdict_is_on_the_share_that_stands_beside_it(
    app: Flask,
    sign_in: SignIn,
    company: dict[str, int],
    idea: int,
    first: list[int],
    second: list[int],
    figures: tuple[str, str],
    word: str,
) -> None:
    spring(app, company, first)
    promise(app, sign_in, idea, company["help"], items=("recommend",))
    into_force(app, idea)
    autumn(app, company, second, purpose=Purpose.AFTER, idea_id=idea)
    reader = sign_in(make.person(app))

    page = reader.page(f"/ideas/{idea}")

    before, after, verdict = (cell.text for cell in page.all("td", data_label=True))
    assert (figures[0] in before, figures[1] in after) == (True, True)
    assert verdict.replace("\u00a0", " ").startswith(word)
    assert f"What it changed: {word}" in page.text
    assert "Fisher" in page.text


def test_the_picture_over_time_draws_the_share(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    spring(app, company, TORN)
    newest = autumn(app, company, [9] * 3 + [2] * 17)

    page = sign_in(make.person(app)).page(f"/surveys/{newest}/results/service/{company['help']}")

    pictures = page.all("svg", role="img")
    (picture,) = [e for e in pictures if "From 40% to 15% in 2 surveys" in e["aria-label"]]
    assert [e.text for e in page.all("text") if picture in e.inside] == ["0%", "50%", "100%"]
    first, second = (float(e["cy"]) for e in page.all("circle") if picture in e.inside)
    top, bottom = 22.0, 142.0
    assert first == pytest.approx(bottom - 0.40 * (bottom - top), abs=0.1)
    assert second == pytest.approx(bottom - 0.15 * (bottom - top), abs=0.1)


def test_the_file_has_the_share_and_its_range_beside_the_mean(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    said = {company["help"]: {"recommend": TORN, "quality": [4, 4, 5, 3, 4]}}
    wave = waves.wave(app, said)

    text = sign_in(make.person(app)).get(f"/surveys/{wave}/results.csv").text

    rows = {row["item"]: row for row in csv.DictReader(io.StringIO(text))}
    share = [rows["recommend"][name] for name in ("share", "share_low", "share_high")]
    assert share == ["0.400", "0.219", "0.613"]
    assert rows["recommend"]["mean"] == "4.000"
    assert {rows["quality"][name] for name in ("share", "share_low", "share_high")} == {""}
    assert rows["quality"]["mean"] == "4.000"


def test_a_service_that_fewer_would_recommend_has_fallen(
    app: Flask, company: dict[str, int]
) -> None:
    spring(app, company, TORN)
    autumn(app, company, LUKEWARM)

    with app.app_context():
        fallen = db.session.scalars(select(RelationFall.service_id)).all()
    assert fallen == [company["help"]]


def test_a_verdict_that_is_there_no_more_is_said_anew_from_the_same_figures(
    app: Flask, sign_in: SignIn, company: dict[str, int], idea: int
) -> None:
    """As after an upgrade from when means were compared."""
    spring(app, company, TORN)
    promise(app, sign_in, idea, company["help"], items=("recommend",))
    into_force(app, idea)
    autumn(app, company, LUKEWARM, purpose=Purpose.AFTER, idea_id=idea)
    with app.app_context(), transaction():
        db.session.execute(delete(IdeaOutcome))
    reader = sign_in(make.person(app))
    assert "What it changed:" not in reader.page(f"/ideas/{idea}").text

    with app.app_context():
        jobs.SWEEPS["survey-verdicts"]()

    assert "What it changed: ↓ worse" in reader.page(f"/ideas/{idea}").text
