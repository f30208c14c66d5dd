"""Keeping the count: made anew each day, repaired, and compared."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, update

from forum.core.calendar import working_days
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.insights.figures import building
from forum.insights.figures.models import InsightMonth
from forum.insights.figures.tree import Tree
from forum.insights.figures.workdays import Workdays, bucket, quantile
from tests.support import make


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    with app.app_context(), transaction():
        save_settings({"modules": ["insights"]})


def test_it_is_counted_once_a_day_while_the_module_is_on(app: Flask) -> None:
    make.idea(app)
    with app.app_context():
        assert building.sweep() > 0
        assert building.sweep() == 0
    with time_machine.travel(now() + timedelta(days=1)), app.app_context():
        building.sweep()
        assert building.counted_on() is not None
        with transaction():
            save_settings({"modules": []})
    with time_machine.travel(now() + timedelta(days=2)), app.app_context():
        assert building.sweep() == 0


@pytest.mark.parametrize("damage", ["gone", "wrong", "left"])
def test_verify_finds_what_differs_and_rebuild_mends_it(app: Flask, damage: str) -> None:
    make.idea(app, make.person(app, department=make.department(app)))
    run = app.test_cli_runner()
    assert run.invoke(args=["insights", "rebuild"]).exit_code == 0
    with app.app_context(), transaction():
        if damage == "gone":
            db.session.execute(delete(InsightMonth).where(InsightMonth.department_id == 0))
        elif damage == "wrong":
            db.session.execute(update(InsightMonth).values(counts={"posted": {"": 7}}))
        else:
            row = {"department_id": 99, "month": date(2020, 1, 1), "counts": {}}
            db.session.add(InsightMonth(**row))

    found = run.invoke(args=["insights", "verify"])
    mended = run.invoke(args=["insights", "rebuild"])

    assert found.exit_code == 1
    assert mended.exit_code == 0
    assert run.invoke(args=["insights", "verify"]).exit_code == 0


def test_stages_are_counted_as_they_stood_at_the_end_of_each_month(app: Flask) -> None:
    first = now().replace(day=10) - timedelta(days=62)
    with time_machine.travel(first, tick=False):
        number = make.idea(app)
    with time_machine.travel(first + timedelta(days=31), tick=False):
        make.decide(app, number, "decline")
    with app.app_context():
        building.rebuild()
        rows = db.session.query(InsightMonth).filter_by(department_id=0).order_by("month").all()
        stages = [(row.counts["stages"]["open"], row.counts["stages"]["declined"]) for row in rows]

    assert stages[0] == (1, 0)
    assert stages[-1] == (0, 1)


def test_a_tree_with_a_ring_ends_at_the_company() -> None:
    assert Tree({1: 2, 2: 1}).line(1) == (1, 2, 0)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=40), st.sampled_from([0.25, 0.5, 0.75]))
def test_quantiles_of_buckets_are_those_of_the_days(days: list[int], share: float) -> None:
    buckets: dict[str, int] = {}
    for each in days:
        buckets[bucket(each)] = buckets.get(bucket(each), 0) + 1
    place = (len(days) - 1) * share
    ordered = [*sorted(days), max(days)]
    low = int(place)
    expected = ordered[low] + (ordered[low + 1] - ordered[low]) * (place - low)

    assert quantile(buckets, share) == pytest.approx(expected)


def test_working_days_are_those_of_the_calendar(context: Any) -> None:
    start = date(2026, 4, 1)
    days = Workdays(start, start + timedelta(days=60))

    for first in range(0, 50, 7):
        for last in range(first, 60, 9):
            a, b = start + timedelta(days=first), start + timedelta(days=last)
            assert days.between(a, b) == working_days(a, b)
