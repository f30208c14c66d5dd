"""Stations of the loop that modules add: what each counts, where it leads, when it is silent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.departments.models import Service, ServiceChange
from forum.insights.figures import building
from forum.surveys.loop.models import Reply
from forum.surveys.models import Purpose
from forum.surveys.results.models import WaveReport
from forum.training.models import (
    AgendaItem,
    Case,
    CaseDepartment,
    Session,
    SessionDepartment,
)
from tests.insights.company import keep, thank, told, wave
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import Document

SignIn = Callable[..., Browser]
NOVEMBER = datetime(2026, 11, 20, 9, tzinfo=UTC)
MODULES = ["insights", "map", "surveys", "training", "thanks"]


@pytest.fixture(autouse=True)
def in_november(app: Flask) -> Any:
    with time_machine.travel(NOVEMBER, tick=False):
        with app.app_context(), transaction():
            save_settings({"modules": MODULES})
        yield


def count(app: Flask) -> None:
    with app.app_context():
        building.rebuild()


def figure(browser: Browser, name: str, asked: str = "?period=2026-11") -> str:
    page = Document(browser.get(f"/insights{asked}").text)
    return " ".join(page.one(data_figure=name).text.split())


def station(browser: Browser, name: str, asked: str = "?period=2026-11") -> str:
    """A station of the loop as its table has it: label, figure and state."""
    return " ".join(
        Document(browser.get(f"/insights{asked}").text).one(data_station=name).text.split()
    )


def service(app: Flask, provider: int | None, name: str = "Payroll") -> int:
    """One without a history, which each test tells."""
    return keep(app, Service(provider_id=provider, name=name))[0]


def said(app: Flask, service: int, state: str, at: datetime, provider: int | None) -> None:
    row = {"service_id": service, "state": state, "at": at, "provider_id": provider}
    keep(app, ServiceChange(**row, name="Payroll", what="drawn"))


def test_services_are_counted_as_they_stood_where_they_are_provided(
    app: Flask, sign_in: SignIn
) -> None:
    here = make.department(app, slug="here")
    make.department(app, slug="other")
    agreed, disputed = service(app, here), service(app, here, "Laptops")
    said(app, agreed, "proposed", datetime(2026, 9, 1, tzinfo=UTC), here)
    said(app, agreed, "confirmed", datetime(2026, 11, 2, tzinfo=UTC), here)
    said(app, disputed, "disputed", datetime(2026, 10, 2, tzinfo=UTC), here)
    count(app)
    browser = sign_in()

    assert "Not confirmed: 1, disputed: 1." in figure(browser, "services", "?period=2026-10")
    assert station(browser, "serves", "?period=2026-10") == "Services0stands still"
    assert station(browser, "serves") == "Services1flows"
    assert station(browser, "serves", "?period=2026-11&department=here") == "Services1flows"
    assert station(browser, "serves", "?period=2026-11&department=other") == "Services0stands still"
    assert "2026-11,1,0,1" in browser.get("/insights/figures/services.csv?period=2026-11").text


def test_satisfaction_is_what_the_newest_survey_told(app: Flask, sign_in: SignIn) -> None:
    here = make.department(app, slug="here")
    number = wave(app)
    told(app, number, "all", 0, 3.66)
    told(app, number, "tree", here, 4.21)
    count(app)
    browser = sign_in()

    assert station(browser, "measured") == "Measured3.7 of 5flows"
    assert station(browser, "measured", "?department=here") == "Measured4.2 of 5flows"
    assert f"/surveys/{number}/results" in browser.get("/insights").text
    assert station(browser, "measured", "?period=2026-10") == "Measured–stands still"


def test_a_survey_belongs_to_the_month_of_its_last_day(app: Flask, sign_in: SignIn) -> None:
    number = wave(app, closed=datetime(2026, 11, 1, tzinfo=UTC))
    told(app, number, "all", 0, 4.0)
    count(app)
    browser = sign_in()

    assert station(browser, "measured", "?period=2026-10") == "Measured4.0 of 5flows"
    assert station(browser, "measured") == "Measured4.0 of 5stands still"


def test_a_survey_ended_on_its_last_day(app: Flask, sign_in: SignIn) -> None:
    told(app, wave(app, closed=datetime(2026, 11, 11, tzinfo=UTC)), "all", 0, 4.0)
    count(app)
    browser = sign_in()

    assert "ended on Nov 10, 2026" in figure(browser, "satisfaction")
    file = browser.get("/insights/figures/satisfaction.csv?period=2026-11").text
    assert "Autumn,2026-11-10,4.0,9" in file


@pytest.mark.parametrize(
    ("lang", "cells"), [("en", "AutumnNov 10, 20264.09"), ("ru", "Autumn10 нояб. 20264,09")]
)
def test_the_table_of_satisfaction_is_written_as_its_reader_writes(
    app: Flask, sign_in: SignIn, lang: str, cells: str
) -> None:
    told(app, wave(app, closed=datetime(2026, 11, 11, tzinfo=UTC)), "all", 0, 4.0)
    count(app)

    assert cells in figure(sign_in(make.person(app, locale=lang)), "satisfaction")


@pytest.mark.parametrize("why", ["k was raised", "not ready", "not regular"])
def test_what_a_survey_does_not_tell_is_not_told_here(
    app: Flask, sign_in: SignIn, why: str
) -> None:
    number = wave(app, purpose=Purpose.AFTER if why == "not regular" else Purpose.REGULAR)
    told(app, number, "all", 0, 3.66, people=6)
    with app.app_context(), transaction():
        if why == "k was raised":
            save_settings({"survey_k": 7})
        elif why == "not ready":
            db.session.get_one(WaveReport, number).ready = False
    count(app)
    browser = sign_in()

    assert station(browser, "measured") == "Measured–stands still"
    assert "3.66" not in browser.get("/insights/figures/satisfaction.csv").text


def test_replies_are_counted_in_time_late_and_not_yet(app: Flask, sign_in: SignIn) -> None:
    places = [make.department(app, slug=f"place-{n}") for n in range(3)]
    number = wave(app)
    for place, due, at in zip(places, (30, 2, 2), (5, 5, None), strict=True):
        said_at = None if at is None else datetime(2026, 11, at, 9, tzinfo=UTC)
        row = {"wave_id": number, "department_id": place, "due_on": date(2026, 11, due)}
        keep(app, Reply(**row, at=said_at))
    count(app)
    browser = sign_in()

    assert "1 in time, 1 late, 1 not yet" in figure(browser, "replies")
    rows = browser.get("/insights/rows/replies?period=2026-11").text
    assert rows.count(f"/surveys/{number}/results/provider/") == 3
    rows = browser.get("/insights/rows/replies?period=2026-11&department=place-0").text
    assert rows.count(f"/surveys/{number}/results/provider/") == 1


def test_what_an_archived_department_owed_is_listed_as_it_is_counted(
    app: Flask, sign_in: SignIn
) -> None:
    top = make.department(app, slug="top")
    gone = make.department(app, parent_id=top, archived_at=NOVEMBER)
    number = wave(app)
    keep(app, Reply(wave_id=number, department_id=gone, due_on=date(2026, 11, 2)))
    count(app)
    browser, asked = sign_in(), "?period=2026-11&department=top"

    assert "0 in time, 0 late, 1 not yet" in figure(browser, "replies", asked)
    rows = browser.get(f"/insights/rows/replies{asked}").text
    assert rows.count(f"/surveys/{number}/results/provider/{gone}") == 1


def meeting(app: Flask, host: int, places: list[int], starts: datetime, **more: Any) -> int:
    row = {"starts_at": starts, "zone": "UTC", "minutes": 60, "capacity": 9, "host_id": host}
    number = keep(app, Session(uid=f"{starts:%d%H%M}-{places}", title="Together", **row, **more))[0]
    keep(app, *(SessionDepartment(session_id=number, department_id=p) for p in places))
    return number


def test_sessions_and_cases_of_several_departments_are_counted_once(
    app: Flask, sign_in: SignIn
) -> None:
    top = make.department(app, slug="top")
    places = [make.department(app, parent_id=top) for _n in range(2)]
    host = make.person(app)
    held = meeting(app, host, places, datetime(2026, 11, 5, 9, tzinfo=UTC))
    meeting(app, host, places, datetime(2026, 11, 28, 9, tzinfo=UTC))
    gone = datetime(2026, 11, 6, 9, tzinfo=UTC)
    meeting(app, host, places, gone, cancelled_at=gone)
    row = {"drafted_by_id": host, "title": "The late lorry"}
    open_, draft = keep(
        app,
        Case(**row, state="open", opened_at=datetime(2026, 11, 3, tzinfo=UTC)),
        Case(**{**row, "title": "Canary"}, state="draft"),
    )
    for case in (open_, draft):
        keep(app, *(CaseDepartment(case_id=case, department_id=p) for p in places))
        ended = {"outcome": "idea", "at": datetime(2026, 11, 5, 10, tzinfo=UTC)}
        keep(app, AgendaItem(session_id=held, case_id=case, **ended))
    count(app)
    browser = sign_in()

    for asked in ("?period=2026-11", "?period=2026-11&department=top"):
        assert station(browser, "training", asked) == "Training1flows"
        assert figure(browser, "cases", asked).startswith("Cases 1New")
        assert "1 with an idea" in figure(browser, "cases", asked)
        sessions = browser.get(f"/insights/rows/sessions{asked}").text
        assert sessions.count(f"/training/{held}") == 1
        assert sessions.count("Together") == 1
        cases = browser.get(f"/insights/rows/cases{asked}").text
        assert f"/training/cases/{open_}" in cases
        assert "Canary" not in cases


def test_a_session_is_held_once_it_is_over(app: Flask, sign_in: SignIn) -> None:
    place, host = make.department(app), make.person(app)
    over = meeting(app, host, [place], NOVEMBER - timedelta(hours=1))
    going = meeting(app, host, [place], NOVEMBER - timedelta(minutes=59))
    tonight = meeting(app, host, [place], NOVEMBER + timedelta(hours=9))
    count(app)
    browser = sign_in()

    assert station(browser, "training") == "Training1flows"
    rows = browser.get("/insights/rows/sessions?period=2026-11").text
    listed = [number for number in (over, going, tonight) if f'"/training/{number}"' in rows]
    assert listed == [over]


@pytest.mark.parametrize(
    ("authors", "thanked", "shown"), [(5, 5, "6"), (4, 9, "–"), (9, 4, "–"), (1, 1, "–")]
)
def test_thanks_are_told_only_where_many_said_and_got_them(
    app: Flask, sign_in: SignIn, authors: int, thanked: int, shown: str
) -> None:
    givers = [make.person(app) for _n in range(authors)]
    takers = [make.person(app) for _n in range(thanked)]
    for n in range(max(authors, thanked)):
        thank(app, givers[n % authors], person=takers[n % thanked])
    thank(app, givers[0], person=takers[0])
    thank(app, givers[0], person=takers[0], private=True)
    thank(app, givers[0], person=takers[0], hidden_at=NOVEMBER)
    thank(app, givers[0], person=takers[0], withdrawn_at=NOVEMBER)
    draft = make.idea(app, draft=True)
    thank(app, givers[0], person=takers[0], subject_kind="idea", subject_id=draft)
    count(app)
    browser = sign_in()

    assert station(browser, "thanks").startswith(f"Thanks{shown}")
    if shown == "–":
        file = browser.get("/insights/figures/thanks.csv?period=2026-11").text
        assert "2026-11,\n" in file.replace("\r", "")


def test_thanks_of_a_branch_are_not_counted(app: Flask, sign_in: SignIn) -> None:
    place = make.department(app, slug="place")
    people = [make.person(app, department=place) for _n in range(6)]
    for author, to in zip(people, people[::-1], strict=True):
        thank(app, author, person=to, author_department_id=place)
    count(app)
    browser = sign_in()

    assert station(browser, "thanks") == "Thanks6flows"
    asked = "?period=2026-11&department=place"
    assert station(browser, "thanks", asked) == "Thanks–nothing measured"
    assert "6" not in browser.get(f"/insights/figures/thanks.csv{asked}").text


def test_each_shows_only_while_its_module_is_on(app: Flask, sign_in: SignIn) -> None:
    told(app, wave(app), "all", 0, 3.66)
    count(app)
    with app.app_context(), transaction():
        save_settings({"modules": ["insights"]})
    browser = sign_in(make.moderator(app))
    page = browser.get("/insights").text

    for name in ("services", "satisfaction", "replies", "sessions", "cases", "thanks"):
        assert f'data-figure="{name}"' not in page
        assert browser.get(f"/insights/figures/{name}.csv").status_code == 404
    for name in ("replies", "sessions", "cases"):
        assert browser.get(f"/insights/rows/{name}").status_code == 404


def test_the_count_of_them_can_be_checked_and_made_anew(app: Flask) -> None:
    here = make.department(app)
    said(app, service(app, here), "confirmed", NOVEMBER - timedelta(days=90), here)
    run = app.test_cli_runner()
    assert run.invoke(args=["insights", "verify"]).exit_code == 1

    assert run.invoke(args=["insights", "rebuild"]).exit_code == 0
    assert run.invoke(args=["insights", "verify"]).exit_code == 0


@pytest.mark.parametrize("many", [1, 9])
def test_the_page_costs_the_same_however_much_modules_have(
    app: Flask, sign_in: SignIn, queries: Any, many: int
) -> None:
    for n in range(many):
        told(app, wave(app, closed=NOVEMBER - timedelta(days=n + 1)), "all", 0, 3.5)
        said(app, service(app, make.department(app)), "confirmed", NOVEMBER, None)
    count(app)
    browser = sign_in()
    browser.get("/insights?period=2026")

    # The reader, the departments, what was counted, what surveys told, the searches, the day of the
    # count.
    with queries(6):
        assert browser.get("/insights?period=2026").status_code == 200
