"""The map of a day: as it was, whatever became of its departments and people since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.departments import actions as tree
from forum.departments import membership
from forum.departments.merging import merge
from forum.departments.models import Department, Service
from forum.departments.services import actions, curating, ends
from forum.departments.services.saying import Said
from tests.support import make
from tests.support.browser import Browser

Reads = Callable[[str, int], str]
PAGES = ("/map", "/map/it", "/map/services")


@pytest.fixture
def start() -> datetime:
    return now() - timedelta(days=30)


@pytest.fixture
def reads(app: Flask, sign_in: Callable[..., Browser], start: datetime) -> Reads:
    """What an address says, as it was so many days after the beginning; -1 is today."""
    with app.app_context(), transaction():
        save_settings({"modules": ["map"]})
    reader = sign_in(make.person(app))

    def text(address: str, day: int) -> str:
        asked = f"?as-of={(start + timedelta(days=day)).date()}" if day >= 0 else ""
        return reader.page(f"{address}{asked}").one("main").text

    return text


def test_before_a_merge_a_service_stood_where_it_stood(
    app: Flask, reads: Reads, start: datetime
) -> None:
    it, old = make.department(app, "IT", slug="it"), make.department(app, "Old desk", slug="old")
    sales = make.department(app, "Sales", slug="sales")
    with time_machine.travel(start):
        number = make.service(app, old, sales, "Help")
    with time_machine.travel(start + timedelta(days=10)), app.app_context():
        get = db.session.get_one
        merge(None, get(Department, old), get(Department, it))

    assert "Old desk" in reads("/map", 5)
    assert "Old desk → Sales" in reads("/map/services", 5)
    assert "Help" not in reads("/map/it", 5)
    for day in (15, -1):
        assert "Old desk" not in reads("/map", day)
        assert "IT → Sales" in reads("/map/services", day)
        assert "Help" in reads("/map/it", day)
    assert "moved with its department" in reads(f"/map/services/{number}", -1)


def test_before_somebody_moved_they_served_from_where_they_were(
    app: Flask, reads: Reads, start: datetime
) -> None:
    it, hr = make.department(app, "IT", slug="it"), make.department(app, "HR", slug="hr")
    sales = make.department(app, "Sales", slug="sales")
    someone = make.person(app, name="Ada Trainer", department=it)
    with time_machine.travel(start), app.app_context():
        end = ends.somebody(db.session.get_one(Person, someone))
        curating.add(None, end, ends.department(sales), Said("Lessons"))
    with time_machine.travel(start + timedelta(days=10)), app.app_context():
        membership.place(None, someone, hr)

    assert "Ada Trainer (IT) → Sales" in reads("/map/services", 5)
    assert "Lessons" in reads("/map/it", 5)
    assert "Ada Trainer (HR) → Sales" in reads("/map/services", -1)
    assert "Lessons" not in reads("/map/it", -1)
    assert "Lessons" in reads("/map/hr", -1)


def test_a_department_that_is_closed_and_opened_again_brings_its_services_back(
    app: Flask, reads: Reads, start: datetime
) -> None:
    it, sales = make.department(app, "IT", slug="it"), make.department(app, "Sales", slug="sales")
    with time_machine.travel(start):
        make.service(app, it, sales, "Help")
    with app.app_context():
        tree.archive(None, db.session.get_one(Department, it))
    closed = [reads("/map/services", -1), reads("/map/services", 5)]

    with app.app_context():
        tree.restore(None, db.session.get_one(Department, it))

    assert ["Help" in text for text in closed] == [False, True]
    assert "IT → Sales" in reads("/map/services", -1)


def test_a_department_below_another_keeps_what_it_gives(app: Flask, reads: Reads) -> None:
    it, sales = make.department(app, "IT", slug="it"), make.department(app, "Sales", slug="sales")
    make.service(app, it, sales, "Help")
    before = [reads(address, -1) for address in PAGES]

    with app.app_context():
        tree.move(None, db.session.get_one(Department, it), sales)

    assert [reads(address, -1).count("Help") for address in PAGES] == [
        text.count("Help") for text in before
    ]
    assert "IT → Sales" in reads("/map/services", -1)


def test_a_dispute_of_a_day_is_one_on_that_day(app: Flask, reads: Reads, start: datetime) -> None:
    it, iris = make.represented(app, "IT")
    sales, saul = make.represented(app, "Sales")

    def do(day: int, act: Callable[..., object], by: int, *rest: object) -> None:
        with time_machine.travel(start + timedelta(days=day)), app.app_context():
            act(db.session.get_one(Person, by), db.session.get_one(Service, number), *rest)

    with time_machine.travel(start), app.app_context():
        drawer = db.session.get_one(Person, iris)
        both = ends.department(it), ends.department(sales)
        number = actions.draw(drawer, *both, Said("Help")).id
    do(5, actions.deny, saul, "We help ourselves.")
    do(10, actions.deny, iris, "You called us twice.")
    do(15, actions.confirm, saul)

    states = [reads("/map/services", day) for day in (2, 7, 12, 17)]

    assert ["? Not confirmed" in text for text in states] == [True, False, False, False]
    assert ["! Disputed" in text for text in states] == [False, True, True, False]
    assert "Help" in states[3]
