"""A wave asks by the company's tree and sides of the day it opened, as its figures are counted by
them: else the same few people would count as people of two departments."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from forum.core.db import db, transaction
from forum.departments.models import Department, Service
from forum.surveys import asking
from forum.surveys.models import WaveSample
from forum.surveys.results import keeping
from forum.surveys.results.models import WaveResult
from tests.support import make
from tests.surveys import company


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    company.switch_on(app, **company.GENEROUS)


class Opened:
    """A wave about a service for Finance and one for Sales that has opened and asked nobody yet,
    since the jobs stood still."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        names = ("IT", "Finance", "Sales")
        self.it, self.finance, self.sales = (make.department(app, name) for name in names)
        self.laptops = company.service(app, self.it, self.finance)
        self.phones = company.service(app, self.it, self.sales, "Phones")
        self.people = [make.person(app, department=self.sales) for _each in range(3)]
        self.wave = company.plan(app, [self.laptops, self.phones])
        with app.app_context():
            asking.open_wave(self.wave)

    def go_on(self) -> dict[int, list[int]]:
        """The jobs come back and ask; who is asked about what."""
        with self.app.app_context():
            asking.sweep()
        found: dict[int, list[int]] = {}
        for row in company.rows(self.app, WaveSample):
            found.setdefault(row.person_id, []).append(row.service_id)
        return found

    def figures(self) -> list[str]:
        """What is told after those who are asked have answered about all of it."""
        with self.app.app_context():
            samples = list(db.session.execute(select(WaveSample.person_id, WaveSample.service_id)))
        for person in self.people:
            mine = [service for asked, service in samples if asked == person]
            company.say_of(self.app, person, self.wave, mine)
        company.end(self.app, self.wave)
        with self.app.app_context():
            keeping.tell(self.wave)
        return [row.counts for row in company.rows(self.app, WaveResult)]


def test_a_department_that_moved_is_asked_as_the_one_it_was(app: Flask) -> None:
    this = Opened(app)
    with app.app_context(), transaction():
        db.session.get_one(Department, this.sales).parent_id = this.finance

    asked = this.go_on()

    assert asked == {person: [this.phones] for person in this.people}
    assert this.figures() == [], "three people are told of nowhere"


def test_a_service_whose_customer_is_another_now_is_not_asked_about(app: Flask) -> None:
    this = Opened(app)
    with app.app_context(), transaction():
        db.session.get_one(Service, this.laptops).customer_id = this.sales

    asked = this.go_on()

    assert asked == {person: [this.phones] for person in this.people}
    assert this.figures() == [], "three people are told of nowhere"
