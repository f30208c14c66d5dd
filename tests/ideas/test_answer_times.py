"""How a department answers, on its page."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from flask import Flask

from forum.accounts.models import Person
from forum.core.calendar import add_working_days, company_day
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.ideas.answer_times import times_of
from forum.insights.figures import building
from tests.ideas.clocks import A_WEDNESDAY, change
from tests.support import make
from tests.support.queries import listening


def answered(app: Flask, department: int, person: int, *, took: int, allowed: int = 10) -> int:
    """An idea that the department answered after so many working days."""
    idea = make.idea(app, departments=[department])
    make.answer(app, idea, department, person, "helps")
    with app.app_context():
        asked_on = add_working_days(company_day(), -took)
        gap = company_day() - asked_on
        due_on = add_working_days(asked_on, allowed)
    change(app, idea, department, asked_at=now() - gap, due_on=due_on)
    return idea


def test_a_department_that_was_never_asked_has_no_answer_times(app, sign_in) -> None:
    make.department(app, slug="quiet")

    assert "How it answers" not in sign_in().page("/departments/quiet").text


@time_machine.travel(A_WEDNESDAY)
def test_a_department_tells_what_is_open_and_how_long_answers_take(app, sign_in) -> None:
    department = make.department(app, slug="it")
    representative = make.person(app)
    make.represent(app, representative, department)
    for took in (1, 2, 12):
        answered(app, department, representative, took=took)
    oldest = make.idea(app, departments=[department])
    make.idea(app, departments=[department])
    with app.app_context():
        gap = company_day() - add_working_days(company_day(), -7)
    change(app, oldest, department, asked_at=now() - gap)

    browser = sign_in()

    told, page = figures(browser), browser.page("/departments/it")
    assert told["Waiting now"] == "2"
    assert told["The oldest of them for"] == "7 working days"
    assert told["Half of its answers come within"] == "2 working days"
    assert told["Answered in time"] == "67%"
    assert page.one("a", href=f"/ideas/{oldest}#answers")


@pytest.mark.parametrize("decided", [False, True])
@time_machine.travel(A_WEDNESDAY)
def test_an_answer_that_did_not_come_by_its_day_is_not_in_time_on_any_page(
    app: Flask, sign_in, decided: bool
) -> None:
    department, representative = make.department(app, slug="it"), make.person(app)
    make.represent(app, representative, department)
    answered(app, department, representative, took=1)
    late, rests = (make.idea(app, departments=[department]) for _n in range(2))
    make.idea(app, departments=[department])
    yesterday = date(2026, 11, 17)
    change(app, late, department, due_on=yesterday)
    change(app, rests, department, due_on=yesterday, paused_at=now())
    if decided:
        make.decide(app, late, "decline")
    with app.app_context():
        with transaction():
            save_settings({"modules": ["insights"]})
        building.rebuild()

    browser = sign_in()

    assert figures(browser)["Answered in time"] == "50%"
    page = browser.page("/insights?period=2026-11&department=it")
    assert "50%" in page.one("section", data_figure="answers").text


def figures(browser) -> dict[str, str]:
    """What a department's page says of its answers."""
    page = browser.page("/departments/it")
    words, values = ([each.text for each in page.all(tag)] for tag in ("dt", "dd"))
    return dict(zip(words, values, strict=True))


def test_hidden_ideas_are_not_told_of(app: Flask) -> None:
    from forum.ideas.models import Idea

    department = make.department(app)
    idea, reader = make.idea(app, departments=[department]), make.person(app)
    with app.app_context(), transaction():
        db.session.get_one(Idea, idea).hidden_at = now()

    with app.app_context():
        assert times_of(db.session.get_one(Person, reader), department) is None


def test_answer_times_are_one_query_however_much_was_asked(app: Flask) -> None:
    department, representative = make.represented(app)
    reader = make.person(app)
    for _ in range(5):
        answered(app, department, representative, took=1)
        make.idea(app, departments=[department])

    with app.app_context():
        someone = db.session.get_one(Person, reader)
        with listening(app) as seen:
            times = times_of(someone, department)

    assert times is not None
    assert (times.open, times.due) == (5, 5)
    assert len([s for s in seen if "site_setting" not in s]) == 1
