"""How many took part in a survey: told where that names neither who did nor who did not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import insert, text

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.surveys.results.models import WaveReport
from tests.house.test_migrations import empty
from tests.support import make
from tests.support.browser import Browser
from tests.surveys import waves
from tests.surveys.results.company import FIVE, company

__all__ = ["company", "empty"]
SignIn = Callable[..., Browser]
NOT_TOLD = "ow many took part is not told"


def asked(app: Flask, company: dict[str, int], part: int, silent: int, **fields: object) -> int:
    """A survey in which so many took part, and so many did not."""
    people = [make.person(app) for _each in range(part + silent)]
    said = {company["help"]: {"quality": FIVE}}
    return waves.wave(app, said, took_part=people[:part], silent=people[part:], **fields)


def pages(app: Flask, sign_in: SignIn, wave: int) -> list[str]:
    """The survey and its results, as everybody reads them."""
    browser = sign_in(make.person(app))
    return [browser.page(f"/surveys/{wave}{page}").text for page in ("", "/results")]


def kept(app: Flask, wave: int) -> tuple[int | None, int | None]:
    with app.app_context():
        report = db.session.get_one(WaveReport, wave)
        return report.took_part, report.others


@pytest.mark.parametrize(("part", "silent"), [(11, 0), (11, 4), (5, 0), (4, 20), (0, 9)])
def test_nothing_is_said_where_nearly_everybody_or_hardly_anybody_took_part(
    app: Flask, sign_in: SignIn, company: dict[str, int], part: int, silent: int
) -> None:
    wave = asked(app, company, part, silent)

    for page in pages(app, sign_in, wave):
        assert NOT_TOLD in page
        assert "people took part" not in page
    assert kept(app, wave) == (None, None)


def test_how_many_took_part_is_told_where_as_many_did_not(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    wave = asked(app, company, 7, 5)

    for page in pages(app, sign_in, wave):
        assert "7 people took part" in page
        assert NOT_TOLD not in page
    assert kept(app, wave) == (7, 5)


@pytest.mark.parametrize(("k", "told"), [(6, True), (7, False), (100, False)])
def test_where_the_company_raises_k_afterwards_both_must_reach_it(
    app: Flask, sign_in: SignIn, company: dict[str, int], k: int, told: bool
) -> None:
    wave = asked(app, company, 9, 6)
    with app.app_context(), transaction():
        save_settings({"survey_k": k})

    for page in pages(app, sign_in, wave):
        assert ("9 people took part" in page) is told
        assert (NOT_TOLD in page) is not told


def test_a_survey_with_a_larger_k_of_its_own_keeps_to_that(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    wave = asked(app, company, 9, 6, k=8)

    assert all(NOT_TOLD in page for page in pages(app, sign_in, wave))
    assert kept(app, wave) == (None, None)


def test_who_has_left_is_known_not_to_hide_anybody(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    people = [make.person(app) for _each in range(6)]
    gone = [make.person(app, deactivated_at=now()) for _each in range(5)]
    said = {company["help"]: {"quality": FIVE}}

    wave = waves.wave(app, said, took_part=people, silent=gone)

    assert all(NOT_TOLD in page for page in pages(app, sign_in, wave))


def test_before_figures_are_there_nothing_is_said(
    app: Flask, sign_in: SignIn, company: dict[str, int]
) -> None:
    wave = asked(app, company, 7, 5, told=False)

    page = sign_in(make.person(app)).page(f"/surveys/{wave}").text

    assert "took part" not in page


def test_reports_of_an_older_schema_lose_what_tells_that_all_took_part(empty: Flask) -> None:  # noqa: F811
    from flask_migrate import upgrade

    upgrade(revision="0032")
    at = datetime(2024, 1, 1, tzinfo=UTC)
    with transaction():
        people = [{"name": f"P {n}", "email": f"p{n}@example.org"} for n in range(12)]
        db.session.execute(insert(Person), people)
        numbers = db.session.scalars(text("SELECT id FROM person ORDER BY id")).all()
        for wave, part in ((1, 12), (2, 6)):
            db.session.execute(
                text(
                    "INSERT INTO wave (id, title, lang, state, purpose, opens_at, closes_at,"
                    " months, position, to_ask, revision, created_at) VALUES (:id, 'T', 'en',"
                    " 'closed', 'regular', :at, :end, 3, 0, 0, 1, :at)"
                ),
                {"id": wave, "at": at, "end": at.replace(month=2)},
            )
            for place, person in enumerate(numbers):
                row = {"wave": wave, "person": person, "at": at.date()}
                db.session.execute(text(ASKED), row)
                if place < part:
                    db.session.execute(text(PART), {"wave": wave, "person": person})
            report = {"wave": wave, "part": part, "at": at.date()}
            db.session.execute(text(REPORT), report)
    db.session.remove()

    upgrade(revision="0033")

    rows = db.session.execute(text("SELECT took_part, others FROM wave_report ORDER BY wave_id"))
    assert [tuple(row) for row in rows] == [(None, None), (6, 6)]


ASKED = (
    "INSERT INTO wave_request (wave_id, person_id, asked_on, due_on, questions, reminders)"
    " VALUES (:wave, :person, :at, :at, 7, 0)"
)
PART = "INSERT INTO wave_participation (wave_id, person_id) VALUES (:wave, :person)"
REPORT = (
    "INSERT INTO wave_report (wave_id, k, took_part, told_on, ready)"
    " VALUES (:wave, 5, :part, :at, true)"
)
