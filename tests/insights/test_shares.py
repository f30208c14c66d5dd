"""Who takes part: told once a quarter, for whole branches, and never so that a person follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.departments.models import Membership
from forum.insights.figures import building
from forum.insights.figures.models import WHOLE, InsightShare
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
IN_QUARTER = datetime(2026, 8, 12, 9, tzinfo=UTC)
AFTER = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    with app.app_context(), transaction():
        save_settings({"modules": ["insights"]})


def company(app: Flask, place: int, *, posting: int, voting: int, idle: int) -> list[int]:
    """People of a department in the quarter, of whom some post and some only vote."""
    with time_machine.travel(IN_QUARTER, tick=False):
        people = [make.person(app, department=place) for _n in range(posting + voting + idle)]
        ideas = [make.idea(app, person) for person in people[:posting]]
        for voter in people[posting : posting + voting]:
            make.vote(app, ideas[0], voter)
    return people


def count(app: Flask, at: datetime = AFTER) -> dict[tuple[int, date], tuple[int, int, bool]]:
    with time_machine.travel(at, tick=False), app.app_context():
        building.rebuild()
        rows = db.session.scalars(select(InsightShare)).all()
        return {
            (row.department_id, row.quarter): (row.took_part, row.people, row.with_votes)
            for row in rows
        }


def test_a_quarter_that_is_over_is_told_for_the_company_and_for_a_branch(app: Flask) -> None:
    first, second = make.department(app), make.department(app)
    company(app, first, posting=6, voting=5, idle=6)
    company(app, second, posting=5, voting=5, idle=5)

    told = count(app)

    quarter = date(2026, 7, 1)
    assert told[WHOLE, quarter] == (21, 32, True)
    assert told[first, quarter] == (11, 17, True)


def test_a_quarter_that_goes_on_is_not_told(app: Flask) -> None:
    company(app, make.department(app), posting=6, voting=6, idle=6)

    assert count(app, IN_QUARTER + timedelta(days=2)) == {}


@pytest.mark.parametrize(("posting", "idle"), [(4, 20), (20, 4), (20, 0)])
def test_where_fewer_than_five_did_or_did_not_nothing_is_told(
    app: Flask, posting: int, idle: int
) -> None:
    company(app, make.department(app), posting=posting, voting=0, idle=idle)

    assert count(app) == {}


def test_support_counts_only_where_enough_did_nothing_else(app: Flask) -> None:
    company(app, make.department(app), posting=6, voting=4, idle=6)

    assert count(app)[WHOLE, date(2026, 7, 1)] == (6, 16, False)


def test_what_was_told_stays_whatever_happens_to_a_person(app: Flask) -> None:
    people = company(app, make.department(app), posting=6, voting=5, idle=6)
    before = count(app)

    with app.app_context(), transaction():
        gone = {"deactivated_at": IN_QUARTER, "erased_at": IN_QUARTER}
        db.session.execute(update(Person).where(Person.id == people[0]).values(**gone))
        db.session.execute(
            update(Membership).where(Membership.person_id == people[1]).values(until=IN_QUARTER)
        )

    assert before
    assert count(app, AFTER + timedelta(days=1)) == before


def test_month_quarter_and_year_tell_the_same_quarters(app: Flask, sign_in: SignIn) -> None:
    company(app, make.department(app), posting=6, voting=5, idle=6)
    count(app)

    with time_machine.travel(AFTER, tick=False):
        browser = sign_in()
        files = {
            browser.get(f"/insights/figures/participation.csv?period={period}").text
            for period in ("2026-11", "2026-Q3", "2026-Q4", "2026")
        }

    assert len(files) == 1
    assert "2026-Q3,11,17,65,1" in files.pop()


def test_no_page_tells_a_share_of_a_period_before_it(app: Flask, sign_in: SignIn) -> None:
    company(app, make.department(app), posting=6, voting=5, idle=6)
    count(app)

    with time_machine.travel(AFTER, tick=False):
        said: Any = sign_in().get("/insights/figures/participation.csv?period=2026-06").text

    assert "2026-Q3" not in said
