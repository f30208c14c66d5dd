"""Waves that have not opened: they are changed or given up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from forum.core.clock import now
from tests.support import make
from tests.support.browser import Browser
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
