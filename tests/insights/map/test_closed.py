"""A department that was closed or merged leaves every page of today, and none of its time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.departments import actions as tree
from forum.departments.merging import merge
from forum.departments.models import Department, Service, ServiceChange
from tests.notifications.inboxes import catch_up
from tests.support import make
from tests.support.browser import Browser

SignIn = Callable[..., Browser]


class Company(NamedTuple):
    """IT gets “Lessons” from People; ten days on the map."""

    it: int
    people: int
    service: int
    reader: Browser


@pytest.fixture
def company(app: Flask, sign_in: SignIn) -> Company:
    with app.app_context(), transaction():
        save_settings({"modules": ["map", "insights"]})
    with time_machine.travel(now() - timedelta(days=10)):
        it = make.department(app, "IT", slug="it")
        people = make.department(app, "People", slug="hr")
        service = make.service(app, people, it, "Lessons")
        make.service(app, it, make.department(app, "Sales"), "Laptops")
    return Company(it, people, service, sign_in(make.person(app)))


TODAY = ("/map", "/map/services", "/map/it", "/map/services.csv", "/departments/it/passport")


def test_an_archived_department_is_on_no_page_of_today(app: Flask, company: Company) -> None:
    before = [company.reader.get(address).text for address in TODAY]
    assert [text.count("People") > 0 for text in before] == [True] * len(TODAY)

    with app.app_context():
        tree.archive(None, db.session.get_one(Department, company.people))

    for address in (*TODAY, "/departments/it"):
        text = company.reader.get(address).text
        assert "Lessons" not in text, address
        assert "People" not in text, address
    day = (now() - timedelta(days=3)).date()
    assert "Lessons" in company.reader.page(f"/map/it?as-of={day}").text
    assert "Lessons" in company.reader.page(f"/map/hr?as-of={day}").text


def test_a_closed_department_is_offered_no_service(app: Flask, company: Company) -> None:
    with app.app_context():
        tree.archive(None, db.session.get_one(Department, company.people))
    day = (now() - timedelta(days=3)).date()

    for address in ("/map/hr", f"/map/hr?as-of={day}"):
        text = company.reader.get(address).text
        assert "This department is archived" in text
        assert "/map/services/new" not in text
    page = company.reader.page(f"/map/services/{company.service}").text
    assert "People was closed" in page
    assert "not on the map of today" in page


def test_the_star_of_a_merged_department_leads_to_its_heir(app: Flask, company: Company) -> None:
    heir = make.department(app, "Culture", slug="culture")
    with app.app_context():
        get = db.session.get_one
        merge(None, get(Department, company.people), get(Department, heir))

    page = company.reader.get("/map/hr").text

    assert "part of another one now" in page
    assert 'href="/map/culture"' in page
    assert "/map/services/new" not in page
    assert "Lessons" in company.reader.page("/map/culture").text
    assert "was closed" not in company.reader.page(f"/map/services/{company.service}").text


def test_the_other_side_hears_that_a_merge_ended_its_service(
    app: Flask, sign_in: SignIn, company: Company
) -> None:
    heir = make.department(app, "Culture", slug="culture")
    make.service(app, heir, company.it, "Lessons")
    iris, olga = make.person(app, department=company.it), make.person(app, name="Olga Owner")
    make.represent(app, iris, company.it)
    with app.app_context():
        service = db.session.get_one(Service, company.service)
        with transaction():
            service.customer_owner_id = olga
    admin = make.admin(app)

    with app.app_context():
        get = db.session.get_one
        merge(get(Person, admin), get(Department, company.people), get(Department, heir))

    catch_up(app)
    for person in (iris, olga):
        page = sign_in(person).get("/notifications").text
        assert "This service was taken off the map" in page
        assert "Lessons" in page


def test_a_service_without_a_history_has_a_page(app: Flask, company: Company) -> None:
    with app.app_context(), transaction():
        db.session.execute(delete(ServiceChange))

    assert "Lessons" in company.reader.page(f"/map/services/{company.service}").text
