"""Waves that have not opened: they are changed or given up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from forum.core.clock import now
from forum.core.db import db, transaction
from forum.departments.models import Department, Service
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import parsed
from tests.surveys import company

SignIn = Callable[..., Browser]


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    company.switch_on(app)


def test_a_planned_wave_is_changed_or_given_up_and_one_that_opened_stays(
    app: Flask, sign_in: SignIn
) -> None:
    laptops, _people = company.served(app)
    wave, opened = company.plan(app, [laptops], opens=3), company.running(app, [laptops])
    browser = sign_in(make.moderator(app))
    form = {
        "title": "Another title",
        "opens_on": (now() + timedelta(days=2)).date().isoformat(),
        "closes_on": (now() + timedelta(days=9)).date().isoformat(),
        "which": "keep",
        "months": "6",
        "revision": "1",
    }

    token, browser.token = browser.token, "stale"
    refused = browser.post(f"/surveys/{wave}/edit", form)
    assert refused.status_code == 400
    assert all(value in refused.text for value in ("Another title", form["closes_on"]))
    browser.token = token
    assert browser.post(f"/surveys/{wave}/edit", form).status_code == 303
    stale = browser.post(f"/surveys/{wave}/edit", form)
    late = browser.post(f"/surveys/{opened}/edit", form)

    assert "Another title" in browser.get(f"/surveys/{wave}").text
    assert stale.status_code == 409
    assert "changed this survey meanwhile" in stale.text
    assert late.status_code == 409
    assert browser.post(f"/surveys/{opened}/cancel").status_code == 409
    assert browser.post(f"/surveys/{wave}/cancel").status_code == 303
    assert browser.get(f"/surveys/{wave}").status_code == 404


def sent(**more: str) -> dict[str, str]:
    """The form of a wave from the day after tomorrow on."""
    return {
        "title": "Another title",
        "opens_on": (now() + timedelta(days=2)).date().isoformat(),
        "closes_on": (now() + timedelta(days=9)).date().isoformat(),
        "which": "keep",
        "months": "3",
        "revision": "1",
        **more,
    }


def gone(app: Flask, service: int) -> None:
    """Whom the service serves is archived."""
    with app.app_context(), transaction():
        customer = db.session.get_one(Service, service).customer_id
        archived = update(Department).where(Department.id == customer)
        db.session.execute(archived.values(archived_at=now()))


def test_who_changes_a_wave_whose_services_are_gone_reads_that(app: Flask, sign_in: SignIn) -> None:
    laptops, _people = company.served(app)
    wave = company.plan(app, [laptops], opens=3)
    browser = sign_in(make.moderator(app))
    gone(app, laptops)

    refused = browser.post(f"/surveys/{wave}/edit", sent())

    page = parsed(refused.text)
    assert refused.status_code == 422
    assert "None of its services can be asked about any more" in page.one(id="which-error").text
    assert page.one("input", id="title")["value"] == "Another title"


def test_who_looks_first_at_a_wave_whose_services_are_gone_reads_that(
    app: Flask, sign_in: SignIn
) -> None:
    laptops, _people = company.served(app)
    wave = company.plan(app, [laptops], opens=3)
    browser = sign_in(make.moderator(app))
    gone(app, laptops)

    refused = browser.post(f"/surveys/{wave}/edit", sent(action="preview"))

    assert refused.status_code == 422
    assert "None of its services can be asked about any more" in refused.text
