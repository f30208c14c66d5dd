"""Files of services with every kind of side, and all that a service says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from forum.core.db import db
from forum.departments.models import Service
from tests.people.test_imports import load

__all__ = ["load"]

HEAD = ",".join(
    (
        *("provider", "customer", "name", "criticality", "delivered", "channel"),
        *("provider_owner", "customer_owner", "state"),
    )
)


def test_services_have_teams_roles_and_people_as_sides_and_more_columns(
    app: Flask,
    load: Callable[..., Result],  # noqa: F811
) -> None:
    rows = (
        "team:it/Service desk,finance,Help,high,Soon,Portal,anna@example.org,,proposed",
        "role:Finance/Buyer,finance,Orders,,,,,,",
        "carl@example.org,finance,Advice,,,,,,disputed",
    )
    text = "\n".join((HEAD, *rows))

    first, again = load("services", text), load("services", text)
    assert first.stdout.strip() == "created 3, unchanged 0, updated 0, refused 0"
    assert again.stdout.strip() == "created 0, unchanged 3, updated 0, refused 0"
    changed = load(
        "services", text.replace("Soon", "At once").replace("Service desk", "SERVICE desk")
    )
    assert changed.stdout.strip() == "created 0, unchanged 2, updated 1, refused 0"

    with app.app_context():
        query = select(Service.name, Service.state, Service.delivered).order_by(Service.name)
        assert [tuple(row) for row in db.session.execute(query)] == [
            ("Advice", "disputed", ""),
            ("Help", "proposed", "At once"),
            ("Orders", "confirmed", ""),
        ]


@pytest.mark.parametrize(
    "line",
    [
        "team:it,finance,Help,",
        "role:it/,finance,Help,",
        "it,it,Help,",
        "team:it/Desk,team:it/desk,Help,",
        "it,finance,Help,,,,,,perhaps",
        "nobody@,finance,Help,",
    ],
)
def test_a_service_whose_sides_or_state_make_no_sense_is_refused(
    load: Callable[..., Result],  # noqa: F811
    line: str,
) -> None:
    result = load("services", f"{HEAD}\n{line}{',' * (8 - line.count(','))}")

    assert result.stdout.strip() == "created 0, unchanged 0, updated 0, refused 1"
