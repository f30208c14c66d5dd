"""What modules add to a passport: satisfaction, cases and thanks, each as its own pages tell it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text as sql

from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.insights.passport.beyond import NEWEST
from forum.surveys.loop.models import Reply
from forum.surveys.models import WaveService
from forum.training.models import Case, CaseDepartment
from tests.insights.company import keep, text, thank, told, wave
from tests.insights.test_passport import headlines, place, sections, switch
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    switch(app, "insights", "map", "surveys", "training", "thanks")


def asked(app: Flask, wave_id: int, provider: int, customer: int) -> None:
    """A service that a survey asked about."""
    service = make.service(app, provider, customer, f"Payroll {wave_id}")
    names = {"name": "Payroll", "provider_name": "Place", "customer_name": "Other"}
    row = {"wave_id": wave_id, "service_id": service, "provider_id": provider}
    keep(app, WaveService(**row, customer_id=customer, **names))


def case(app: Flask, department: int, title: str, state: str = "open") -> int:
    opened = now() if state == "open" else None
    row = {"drafted_by_id": make.person(app), "title": title, "opened_at": opened}
    number = keep(app, Case(**row, state=state, learned_id=text(app, "Call first.")))[0]
    keep(app, CaseDepartment(case_id=number, department_id=department))
    return number


def test_satisfaction_is_what_surveys_told_of_it_and_what_it_replied(
    app: Flask, sign_in: SignIn
) -> None:
    here, other = place(app), place(app, "other")
    old, new = wave(app, closed=now() - timedelta(days=90)), wave(app)
    for number in (old, new):
        asked(app, number, here, other)
    told(app, old, "provider", here, 3.42)
    told(app, new, "provider", here, 4.04)
    heard = text(app, "Nobody knows who works on it.")
    row = {"wave_id": new, "department_id": here, "due_on": date(2026, 11, 1)}
    keep(app, Reply(**row, heard_id=heard, at=now()))
    browser = sign_in()

    said = sections(browser)["satisfaction"]

    assert said.index("4.0 of 5") < said.index("3.4 of 5")
    assert "Nobody knows who works on it." in said
    address = f"/surveys/{new}/results/provider/{here}"
    assert address in browser.get("/departments/place/passport").text
    assert "Our reply to the survey: Autumn" in said
    assert "satisfaction" not in sections(browser, "other")
    assert headlines(browser)["Satisfaction"] == "4.0 of 5 9 answers, ended " + ended(said)


def ended(said: str) -> str:
    """The day that the newest survey ended, as its section tells it."""
    return re.findall(r"ended (\w+ \d+, \d+)", said)[0]


def test_services_tell_what_their_customers_said_last(app: Flask, sign_in: SignIn) -> None:
    here, other = place(app), place(app, "other")
    service = make.service(app, here, other, "Payroll")
    for closed, mean, people in ((90, 3.42, 9), (9, 4.04, 9), (3, 2.02, 4)):
        number = wave(app, closed=now() - timedelta(days=closed))
        told(app, number, "service", service, mean, people)
    browser = sign_in()

    said = sections(browser)["serves"]

    assert "4.0 of 5, 9 answers" in said
    assert "3.4" not in said
    assert "2.0" not in said
    switch(app, "insights", "map")
    assert "4.0" not in sections(browser)["serves"]


def test_a_survey_ended_on_its_last_day(app: Flask, sign_in: SignIn) -> None:
    here, other = place(app), place(app, "other")
    number = wave(app, closed=datetime(2026, 11, 1, tzinfo=UTC))
    asked(app, number, here, other)
    told(app, number, "provider", here, 4.04)

    assert "ended Oct 31, 2026" in sections(sign_in())["satisfaction"]


@pytest.mark.parametrize("k", [5, 7])
def test_a_figure_of_too_few_is_not_told(app: Flask, sign_in: SignIn, k: int) -> None:
    here, other = place(app), place(app, "other")
    number = wave(app)
    asked(app, number, here, other)
    told(app, number, "provider", here, 4.04, people=6)
    with app.app_context(), transaction():
        save_settings({"survey_k": k})

    said = sections(sign_in())["satisfaction"]

    assert ("4.0" in said) == (k == 5)
    assert ("too few answers" in said) == (k == 7)


def test_cases_are_those_that_everybody_may_read(app: Flask, sign_in: SignIn) -> None:
    here = place(app)
    number = case(app, here, "The late lorry")
    case(app, here, "Canary", "checking")
    case(app, place(app, "other"), "Elsewhere")

    said = sections(sign_in(make.moderator(app)))["cases"]

    assert "The late lorry" in said
    assert "Call first." in said
    assert "Canary" not in said
    assert "Elsewhere" not in said
    assert number


def test_thanks_are_the_newest_public_lines_to_it_and_no_number(
    app: Flask, sign_in: SignIn
) -> None:
    here = place(app)
    for n in range(7):
        thank(app, make.person(app), department=here, why=f"Reason number {n}")
    colleague = make.person(app, department=here)
    thank(app, make.person(app), person=colleague, why="To one of them")
    for more in ({"private": True}, {"hidden_at": now()}, {"withdrawn_at": now()}):
        thank(app, make.person(app), department=here, why="Canary", **more)
    browser = sign_in()

    said = sections(browser)["thanks"]

    assert said.count("Reason number") == 3
    assert "Reason number 6" in said
    assert "Canary" not in said
    assert "To one of them" not in said


@pytest.mark.parametrize("who", ["staff", "consultant"])
def test_they_are_there_on_page_and_paper_as_far_as_the_reader_sees(
    app: Flask, sign_in: SignIn, who: str
) -> None:
    here, other = place(app), place(app, "other")
    number = wave(app)
    asked(app, number, here, other)
    told(app, number, "provider", here, 4.04)
    case(app, here, "The late lorry")
    thank(app, make.person(app), department=here, why="Canary")
    person = {"kind": "consultant", "attached": [here]} if who == "consultant" else {}
    browser = sign_in(make.person(app, **person))

    found = {"satisfaction", "cases", "thanks"} & set(sections(browser))

    assert found == (set() if who == "consultant" else {"satisfaction", "cases", "thanks"})
    assert browser.get("/departments/place/passport.pdf").data.startswith(b"%PDF")
    switch(app, "insights")
    assert not {"satisfaction", "cases", "thanks"} & set(sections(browser))


@pytest.mark.parametrize("many", [1, 7])
def test_a_full_passport_costs_the_same_however_much_there_is(
    app: Flask, sign_in: SignIn, queries: Any, many: int
) -> None:
    here, other = place(app), place(app, "other")
    for n in range(many):
        number = wave(app, closed=now() - timedelta(days=n + 1))
        asked(app, number, here, other)
        told(app, number, "provider", here, 4.04)
        case(app, here, f"Case {n}")
        thank(app, make.person(app), department=here)
    browser = sign_in()
    browser.get("/departments/place/passport")

    # As without modules.
    with queries(3):
        browser.get("/departments/place/passport")
    app.extensions["forum.kept"].clear()
    # As without modules, the sides of its services and what is told of them, what surveys told,
    # its reply, cases and their departments, thanks and whom they are to.
    with queries(21):
        browser.get("/departments/place/passport")


def test_its_surveys_are_found_without_a_look_at_all_services_asked_about(
    context: None, database: str
) -> None:
    explain = "EXPLAIN QUERY PLAN" if database == "sqlite" else "EXPLAIN"
    if database == "postgresql":
        db.session.execute(sql("SET LOCAL enable_seqscan = off"))
    asked = NEWEST.params(department=1, k=5)
    query = asked.compile(db.engine, compile_kwargs={"literal_binds": True})

    plan = db.session.execute(sql(f"{explain} {query}")).all()

    assert "ix_wave_service_provider" in str(plan)
