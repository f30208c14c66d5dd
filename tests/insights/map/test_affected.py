"""Departments that are suggested for an idea by the map."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from forum.core.db import transaction
from forum.core.site import save_settings
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]
TEXT = {"title": "", "problem": "The laptops for newcomers come a week late."}


def _suggested(browser: Browser) -> list[int]:
    return list(browser.post("/ideas/suggest-departments", TEXT).get_json()["departments"])


def test_an_idea_about_a_service_affects_its_provider_its_customers_and_theirs(
    app: Flask, sign_in: SignIn
) -> None:
    it, hr, shop, far, other = (
        make.department(app, name) for name in ("Technics", "Staff", "Shop", "Far", "Other")
    )
    make.service(app, it, hr, "Laptops for newcomers")
    make.service(app, hr, shop, "Shifts")
    make.service(app, shop, far, "Parts")
    make.service(app, it, other, "Reports", state="proposed")
    browser = sign_in(make.person(app))
    consultant = sign_in(kind="consultant", attached=[other])
    without = _suggested(browser)
    with app.app_context(), transaction():
        save_settings({"modules": ["map"]})

    assert without == []
    assert _suggested(browser) == [it, hr, shop]
    assert _suggested(consultant) == []
