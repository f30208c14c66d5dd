"""A figure leads to as many rows as it says, whatever happened twice, late or hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.ideas.models import Answer, Decision, Idea
from forum.insights.figures import building
from forum.standards.models import Version
from forum.surveys.loop.models import Reply
from forum.training.models import AgendaItem, Case, CaseDepartment
from tests.insights.behind import figures, rows_behind, wrong
from tests.insights.company import keep, thank, wave
from tests.insights.test_stations import meeting
from tests.standards import standards
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import Document

SignIn = Callable[..., Browser]
MODULES = ["insights", "map", "surveys", "training", "thanks"]
SEPTEMBER, OCTOBER, NOVEMBER = (datetime(2026, month, 20, 9, tzinfo=UTC) for month in (9, 10, 11))
PERIODS = ("2026-11", "2026-10", "2026-Q4", "2026-Q3", "2026")


@contextmanager
def back_in(at: datetime) -> Iterator[None]:
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture(autouse=True)
def company(app: Flask) -> Iterator[dict[str, int]]:
    """One department within another, with six people each, and one that is archived since."""
    with back_in(NOVEMBER):
        with app.app_context(), transaction():
            save_settings({"modules": MODULES, "holidays": ""})
        top = make.department(app, slug="top")
        names = {"top": top, "below": make.department(app, slug="below", parent_id=top)}
        names["gone"] = make.department(app, parent_id=top, archived_at=NOVEMBER)
        names["aside"] = make.department(app, slug="aside")
        for place in names.values():
            for _n in range(6):
                make.person(app, department=place)
        yield names


def author(app: Flask, place: int) -> int:
    return make.person(app, department=place)


def ideas(app: Flask, company: dict[str, int]) -> None:
    """Posted, decided twice, accepted anew, answered by one and not by another, hidden."""
    top, below = company["top"], company["below"]
    with back_in(SEPTEMBER):
        anew = make.idea(app, author(app, below), departments=[top, below])
        make.decide(app, anew, owner_id=below)
        waits = make.idea(app, author(app, company["gone"]), departments=[top, below])
    with back_in(OCTOBER):
        twice = make.idea(app, author(app, top))
        make.decide(app, twice, "decline")
        keep(app, Decision(idea_id=twice, decision="accept", at=OCTOBER))
        keep(app, Decision(idea_id=anew, decision="accept", at=OCTOBER))
        hidden = make.idea(app, author(app, top))
        make.decide(app, waits, "decline")
    make.idea(app, author(app, company["aside"]), departments=[below])
    with app.app_context(), transaction():
        db.session.get_one(Idea, hidden).hidden_at = NOVEMBER
        db.session.get_one(Idea, twice).gains = "customers"
        slots = db.session.scalars(select(Answer).where(Answer.idea_id == anew)).all()
        slots[0].answer, slots[0].answered_at = "helps", OCTOBER


def rules(app: Flask, company: dict[str, int]) -> None:
    """Two versions in a month, one retired, one to be confirmed a month later."""
    with back_in(OCTOBER):
        number = standards.in_force(app, owner=make.person(app), departments=[company["top"]])
        standards.rewrite(app, number, body="## Purpose\n\nAnother.")
    old = standards.in_force(app, title="Old")
    standards.retire(app, old)
    with app.app_context(), transaction():
        first = db.session.scalars(select(Version).order_by(Version.id)).first()
        assert first is not None
        first.asked_at = NOVEMBER


def modules(app: Flask, company: dict[str, int]) -> None:
    """Services in every state, a reply that is owed, a case that ended twice."""
    top, below = company["top"], company["below"]
    with back_in(OCTOBER):
        make.service(app, below, top)
        make.service(app, top, company["aside"], "Phones", state="disputed")
    make.service(app, company["aside"], top, "Visits", state="proposed")
    keep(app, Reply(wave_id=wave(app), department_id=below, due_on=date(2026, 11, 2)))
    host = make.person(app)
    row = {"drafted_by_id": host, "title": "The late lorry", "state": "open"}
    case = keep(app, Case(**row, opened_at=SEPTEMBER))[0]
    keep(app, *(CaseDepartment(case_id=case, department_id=place) for place in (top, below)))
    for at, outcome in ((OCTOBER, "idea"), (NOVEMBER.replace(day=5), "praise")):
        held = meeting(app, host, [top, below], at)
        keep(app, AgendaItem(session_id=held, case_id=case, outcome=outcome, at=at))


def say_thanks(app: Flask, company: dict[str, int]) -> None:
    """Six public lines in October, and two in November, too few to tell; others nobody reads."""
    people = [make.person(app, department=company["top"]) for _n in range(6)]
    for said_by, to in zip(people, people[::-1], strict=True):
        thank(app, said_by, person=to, at=OCTOBER)
    hidden = make.idea(app)
    with app.app_context(), transaction():
        db.session.get_one(Idea, hidden).hidden_at = NOVEMBER
    of_hidden = {"subject_kind": "idea", "subject_id": hidden}
    kept_back: tuple[dict[str, Any], ...] = ({"private": True}, {"hidden_at": OCTOBER}, of_hidden)
    for fields in kept_back:
        thank(app, people[0], person=people[1], why="A canary", at=OCTOBER, **fields)
    for _n in range(2):
        thank(app, people[0], person=people[1], why="A canary")


@pytest.fixture
def filled(app: Flask, company: dict[str, int]) -> None:
    for part in (ideas, rules, modules, say_thanks):
        part(app, company)
    with app.app_context():
        building.rebuild()


@pytest.mark.parametrize("place", ["", "&department=top", "&department=below"])
def test_a_figure_leads_to_as_many_rows_as_it_says(
    app: Flask, filled: None, sign_in: SignIn, place: str
) -> None:
    reader, moderator = sign_in(), sign_in(make.moderator(app))

    assert len(figures(reader, f"?period=2026-Q4{place}")) > 12
    assert [line for each in PERIODS for line in wrong(reader, f"?period={each}{place}")] == []
    assert wrong(moderator, f"?period=2026{place}") == []


def test_the_report_of_a_month_leads_to_the_same_rows(filled: None, sign_in: SignIn) -> None:
    browser = sign_in()
    for month in ("2026-11", "2026-10"):
        shown = {each.link for each in figures(browser, f"?period={month}") if each.link}

        report = browser.get(f"/insights/report/{month}").text.partition("<h2>Figures</h2>")[2]

        table = Document(report.partition("</table>")[0])
        assert {each["href"] for each in table.all("a")} == shown


def test_thanks_behind_a_figure_are_those_it_counts(filled: None, sign_in: SignIn) -> None:
    browser = sign_in()
    rows = "/insights/rows/thanks?period="

    assert rows_behind(browser, f"{rows}2026-10") == 6
    assert rows_behind(browser, f"{rows}2026-11") == 0
    assert rows_behind(browser, f"{rows}2026-10&department=top") == 0
    for period in ("2026-11", "2026-10", "2026"):
        assert "canary" not in browser.get(f"{rows}{period}").text
    for asked in ("?period=2026-11", "?period=2026-10&department=top"):
        [figure] = [each for each in figures(browser, asked) if each.name == "thanks"]
        assert (figure.headline, figure.link) == ("–", "")


def test_an_idea_is_listed_by_the_stage_it_had_then(filled: None, sign_in: SignIn) -> None:
    browser = sign_in()
    stages = "/insights/rows/stages{}?period={}".format

    assert rows_behind(browser, stages("", "2026-09")) == 1
    assert rows_behind(browser, stages("-declined", "2026-09")) == 0
    assert rows_behind(browser, stages("-declined", "2026-10")) == 2
    shown = browser.page(stages("", "2026-09")).one("main").text
    assert "Open" in shown
    assert "Ideas that waited at the end" in shown
