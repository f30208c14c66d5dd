"""Files of services with every kind of side, and all that a service says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.departments.models import Department, Service, SideKind
from forum.departments.services import curating, ends
from forum.departments.services.saying import Said
from forum.departments.services.writing import Twice
from tests.people.test_imports import load
from tests.support import make
from tests.support.browser import Browser

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


def test_a_name_in_other_letters_is_the_same_service_in_a_file_and_beside_what_is_drawn(
    app: Flask,
    load: Callable[..., Result],  # noqa: F811
) -> None:
    load("services", f"{HEAD}\nit,finance,Payroll data,,,,,,")

    again = load("services", f"{HEAD}\nit,finance,payroll DATA,,,,,,")
    twice = load("services", f"{HEAD}\nit,finance,Multi,,,,,,\nit,finance,MULTI,,,,,,")

    assert again.stdout.strip() == "created 0, unchanged 1, updated 0, refused 0"
    assert twice.stdout.strip() == "created 1, unchanged 0, updated 0, refused 1"
    assert "This service is in line 2 already." in twice.output
    with app.app_context():
        names = sorted(db.session.scalars(select(Service.name)))
        assert names == ["Multi", "Payroll data"]
        made = db.session.scalars(select(Service).where(Service.name == "Payroll data")).one()
        it, finance = (ends.End(each) for each in (made.provider_id, made.customer_id))
        with pytest.raises(Twice):
            curating.add(None, it, finance, Said("PAYROLL data"))


def test_lines_of_what_is_delivered_come_back_as_they_were(
    app: Flask,
    tmp_path: Path,
    load: Callable[..., Result],  # noqa: F811
) -> None:
    said = "A laptop:\n- within five days\n\n- with a bag"
    it, finance = make.department(app, "IT"), make.department(app, "Finance")
    with app.app_context():
        here, there = ends.department(it), ends.department(finance)
        curating.add(None, here, there, Said("Laptops", said))
    app.test_cli_runner().invoke(args=["export", str(tmp_path / "out")])

    again = load("services", (tmp_path / "out" / "services.csv").read_bytes())

    assert again.stdout.strip() == "created 0, unchanged 1, updated 0, refused 0"
    with app.app_context():
        assert db.session.scalars(select(Service.delivered)).all() == [said]


def test_the_file_of_the_map_changes_nothing_where_it_came_from(
    app: Flask,
    sign_in: Callable[..., Browser],
    load: Callable[..., Result],  # noqa: F811
) -> None:
    with app.app_context(), transaction():
        save_settings({"modules": ["map"]})
    it, finance = make.department(app, "IT"), make.department(app, "Finance")
    harold = make.person(app, name="Harold Whitcombe", email="h@example.org", department=it)
    with app.app_context():
        here, there = ends.department(it), ends.department(finance)
        desk = ends.part_of(it, SideKind.TEAM, "Диспетчер смены")
        buyer = ends.part_of(finance, SideKind.ROLE, "Buyer")
        person = ends.somebody(db.session.get_one(Person, harold))
        for pair in ((here, there), (desk, buyer), (person, there), (there, person)):
            curating.add(None, *pair, Said("Help", "One\nTwo"), customer_owner_id=harold)
    file = sign_in(make.person(app)).get("/map/services.csv")
    assert "h@example.org" not in file.text

    again = load("services", file.data)

    assert again.stdout.strip() == "created 0, unchanged 4, updated 0, refused 0"
    with app.app_context():
        assert len(db.session.scalars(select(Department)).all()) == 2


def test_a_name_of_nobody_or_of_two_is_refused_in_words(
    app: Flask,
    load: Callable[..., Result],  # noqa: F811
) -> None:
    for _each in range(2):
        make.person(app, name="Anna Twin")

    result = load(
        "services", f"{HEAD}\nname:Nobody,finance,Help,,,,,,\nit,finance,Help,,,,name:Anna Twin,,"
    )

    assert result.stdout.strip() == "created 0, unchanged 0, updated 0, refused 2"
    assert "Anna Twin" in result.output
    assert "e-mail" in result.output
