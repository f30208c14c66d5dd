"""A session keeps the clocks it was planned by, whatever the company's are later."""

from __future__ import annotations

from typing import Any

import icalendar
import pytest
from flask import Flask

from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.training.models import Session
from tests.support import make
from tests.support.browser import Browser
from tests.training import company as office
from tests.training.company import Company, SignIn


@pytest.fixture
def company(app: Flask) -> Company:
    made = office.found(app)
    make.person(app, email="host@example.org", department=made.finance)
    clocks_of(app, "Europe/Berlin")
    return made


def clocks_of(app: Flask, zone: str) -> None:
    """The company's clocks hang there from now on."""
    with app.app_context(), transaction():
        save_settings({"time_zone": zone})


def planned(browser: Browser, company: Company, on: str, at: str) -> str:
    """The address of a session."""
    sent = office.session_fields(company, on=on, at=at)
    answer = browser.post("/training/new", sent)
    assert answer.status_code == 303, answer.text[:2000]
    return str(answer.headers["Location"])


def moment(app: Flask) -> str:
    with app.app_context():
        return db.session.query(Session).one().starts_at.isoformat()


def fields_of(browser: Browser, address: str) -> dict[str, Any]:
    """Day and time as the form of a session shows them."""
    form = browser.page(f"{address}/edit")
    return {name: form.one("input", name=name)["value"] for name in ("on", "at", "revision")}


def test_saving_what_the_form_shows_moves_nothing_though_the_company_moved(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    browser = sign_in(company.moderator)
    address = planned(browser, company, "2031-07-01", "10:30")
    clocks_of(app, "Asia/Tokyo")

    shown = fields_of(browser, address)
    assert (shown["on"], shown["at"]) == ("2031-07-01", "10:30")
    assert "10:30 (Europe/Berlin)" in browser.page(address).one("p", class_="lede").text
    saved = browser.post(f"{address}/edit", office.session_fields(company, **shown))

    assert saved.status_code == 303
    assert moment(app) == "2031-07-01T08:30:00+00:00"


@pytest.mark.parametrize(
    ("on", "at", "utc"),
    [
        ("2031-03-29", "10:00", "2031-03-29T09:00:00+00:00"),
        ("2031-03-30", "10:00", "2031-03-30T08:00:00+00:00"),
        ("2031-10-26", "02:30", "2031-10-26T00:30:00+00:00"),
    ],
)
def test_an_hour_stays_itself_over_the_night_on_which_clocks_change(
    app: Flask, sign_in: SignIn, company: Company, on: str, at: str, utc: str
) -> None:
    browser = sign_in(company.moderator)
    address = planned(browser, company, on, at)

    shown = fields_of(browser, address)
    browser.post(f"{address}/edit", office.session_fields(company, **shown))

    assert (shown["on"], shown["at"]) == (on, at)
    assert moment(app) == utc
    text = browser.get(f"{address}.ics").text
    [event] = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert event["DTSTART"].dt.isoformat() == utc
    assert int(event["SEQUENCE"]) == 0, "nothing was changed"


def test_a_time_that_falls_into_the_hour_left_out_is_refused_when_it_is_moved_there(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    browser = sign_in(company.moderator)
    address = planned(browser, company, "2031-03-29", "02:30")
    shown = {**fields_of(browser, address), "on": "2031-03-30"}

    answer = browser.post(f"{address}/edit", office.session_fields(company, **shown))

    assert answer.status_code == 422
    assert "put forward" in answer.text
    assert moment(app) == "2031-03-29T01:30:00+00:00"
