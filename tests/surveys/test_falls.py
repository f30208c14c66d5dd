"""A service that got worse is seen whichever surveys came in between, and in whatever order they
were planned."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from forum.core.clock import now
from forum.core.db import db, transaction
from forum.standards.models import Standard
from forum.standards.review import opening
from forum.standards.review.models import Review
from forum.surveys.change.models import RelationFall
from forum.surveys.results import keeping
from tests.standards.standards import by_number, in_force
from tests.support import make
from tests.surveys import waves
from tests.surveys.results.company import company
from tests.surveys.test_change import HIGH, LOW

__all__ = ["company"]


@pytest.fixture
def standard(app: Flask, company: dict[str, int]) -> str:
    """One of IT for Sales, in force for half a year."""
    boris = make.person(app, department=company["IT"])
    number = in_force(app, owner=boris, departments=[company["Sales"]])
    with app.app_context(), transaction():
        since = now() - timedelta(days=190)
        db.session.execute(update(Standard).values(in_force_since=since))
    return number


def survey(app: Flask, days: int, said: dict[int, dict[str, list[int]]], **more: object) -> int:
    """A regular one that ended so many days ago."""
    ended = now() - timedelta(days=days)
    return waves.wave(app, said, closed_at=ended, **more)  # type: ignore[arg-type]


def falls(app: Flask) -> list[tuple[int, int]]:
    with app.app_context():
        return [(row.wave_id, row.service_id) for row in db.session.scalars(select(RelationFall))]


def reviewed(app: Flask) -> list[int]:
    with app.app_context():
        opening.sweep()
        return list(db.session.scalars(select(Review.standard_id)))


def number_of(app: Flask, standard: str) -> int:
    with app.app_context():
        return by_number(standard).id


def test_a_survey_of_others_in_between_hides_no_fall(
    app: Flask, company: dict[str, int], standard: str
) -> None:
    survey(app, 100, {company["help"]: {"quality": HIGH}})
    survey(app, 50, {company["visits"]: {"quality": HIGH}})
    last = survey(app, 1, {company["help"]: {"quality": LOW}})

    assert falls(app) == [(last, company["help"])]
    assert reviewed(app) == [number_of(app, standard)]


def test_neither_does_one_that_left_the_question_out(app: Flask, company: dict[str, int]) -> None:
    survey(app, 100, {company["help"]: {"quality": HIGH}})
    survey(app, 50, {company["help"]: {"clarity": HIGH}})
    last = survey(app, 1, {company["help"]: {"quality": LOW}})

    assert falls(app) == [(last, company["help"])]


def test_it_is_compared_with_the_newest_and_no_older_one(
    app: Flask, company: dict[str, int]
) -> None:
    survey(app, 100, {company["help"]: {"quality": HIGH}})
    second = survey(app, 50, {company["help"]: {"quality": LOW}})
    survey(app, 1, {company["help"]: {"quality": LOW}})

    assert falls(app) == [(second, company["help"])]


def test_one_that_was_planned_first_and_ends_last_is_the_newest(
    app: Flask, company: dict[str, int], standard: str
) -> None:
    survey(app, 100, {company["help"]: {"quality": HIGH}})
    long = survey(app, 1, {company["help"]: {"quality": LOW}}, told=False)
    both = {company["visits"]: {"quality": HIGH}, company["help"]: {"quality": HIGH}}
    survey(app, 30, both)
    with app.app_context():
        keeping.tell(long)

    assert falls(app) == [(long, company["help"])]
    assert reviewed(app) == [number_of(app, standard)]


def test_a_fall_speaks_for_a_review_until_a_newer_survey_tells_of_the_service(
    app: Flask, company: dict[str, int], standard: str
) -> None:
    survey(app, 100, {company["help"]: {"quality": HIGH}})
    survey(app, 30, {company["help"]: {"quality": LOW}})
    survey(app, 1, {company["visits"]: {"quality": HIGH}})

    assert reviewed(app) == [number_of(app, standard)]


def test_a_fall_that_a_newer_survey_does_not_find_opens_nothing(
    app: Flask, company: dict[str, int], standard: str
) -> None:
    survey(app, 100, {company["help"]: {"quality": HIGH}})
    survey(app, 30, {company["help"]: {"quality": LOW}})
    survey(app, 1, {company["help"]: {"quality": HIGH}})

    assert reviewed(app) == []


def test_of_two_that_end_together_neither_is_blamed_for_the_other(
    app: Flask, company: dict[str, int]
) -> None:
    ended = now() - timedelta(days=1)
    first = waves.wave(app, {company["help"]: {"quality": LOW}}, closed_at=ended, told=False)
    waves.wave(app, {company["help"]: {"quality": HIGH}}, closed_at=ended)
    with app.app_context():
        keeping.tell(first)

    assert falls(app) == []
