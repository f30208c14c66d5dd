"""What goes on beside a survey while it runs: other surveys, merges, ends; a rule, a sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from forum.core.clock import now
from forum.core.db import db, transaction
from forum.departments.merging import merge
from forum.departments.models import Department, Service
from forum.surveys.loop import clock
from forum.surveys.loop.models import Reply
from forum.surveys.models import SurveyAnswer
from forum.surveys.results import keeping
from tests.support import make
from tests.support.browser import Browser
from tests.surveys import company
from tests.surveys.test_loop import SAID

SignIn = Callable[..., Browser]
SENTENCES = {
    "en": ("Nobody is asked about one service by both", "keeps the number it opened with"),
    "ru": ("Об одной услуге оба опроса никого не спросят", "остаётся то число, с которым он"),
}


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    company.switch_on(app)


class Running:
    """A survey about laptops from IT for Finance that runs, half answered."""

    def __init__(self, app: Flask, sign_in: SignIn) -> None:
        self.app, self.sign_in = app, sign_in
        self.service, self.people = company.served(app)
        self.heir = make.department(app, "Machines")
        self.wave = company.running(app, [self.service])
        with app.app_context():
            service = db.session.get_one(Service, self.service)
            self.provider, self.customer = service.provider_id, service.customer_id
        self.answer(self.people[:3])

    def answer(self, people: list[int]) -> None:
        for person in people:
            sent = company.answer(self.app, self.sign_in(person), self.wave, self.service)
            assert sent == 303

    def merged(self, department: int | None) -> None:
        with self.app.app_context():
            both = (db.session.get_one(Department, each) for each in (department, self.heir))
            merge(None, *both)

    def end(self) -> Any:
        """The rest answers, and it ends: the page of the service."""
        self.answer(self.people[3:])
        company.end(self.app, self.wave)
        with self.app.app_context():
            keeping.tell(self.wave)
        browser = self.sign_in(make.person(self.app))
        return browser.page(f"/surveys/{self.wave}/results/service/{self.service}")


@pytest.fixture
def this(app: Flask, sign_in: SignIn) -> Running:
    return Running(app, sign_in)


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_who_plans_two_surveys_of_one_service_reads_who_has_the_answer(
    app: Flask, sign_in: SignIn, this: Running, locale: str
) -> None:
    second = company.plan(app, [this.service], opens=1)
    planner = sign_in(make.person(app, role="moderator", locale=locale))

    page = planner.page(f"/surveys/{second}")

    assert page.one("a", href=f"/surveys/{this.wave}")
    assert SENTENCES[locale][0] in page.text


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_who_changes_the_smallest_number_reads_what_it_does_to_surveys_that_run(
    app: Flask, sign_in: SignIn, locale: str
) -> None:
    page = sign_in(make.person(app, role="admin", locale=locale)).page("/surveys/settings")

    assert SENTENCES[locale][1] in page.text


def test_customers_that_become_part_of_another_department_answer_on_and_count_once(
    app: Flask, this: Running
) -> None:
    this.merged(this.customer)

    page = this.end()

    assert "6 answers" in page.text
    assert "Finance" in page.text, "the customer that was asked"


def test_a_service_that_ends_meanwhile_is_still_told_of(app: Flask, this: Running) -> None:
    with app.app_context(), transaction():
        ended = {"state": "ended", "ended_at": now()}
        db.session.execute(update(Service).where(Service.id == this.service).values(**ended))

    assert "6 answers" in this.end().text
    assert len(company.rows(app, SurveyAnswer)) == 36


def test_of_a_provider_that_became_part_of_another_the_heir_owes_the_reply(
    app: Flask, sign_in: SignIn, this: Running
) -> None:
    speaker = make.person(app, department=this.heir)
    make.represent(app, speaker, this.heir)
    this.merged(this.provider)
    this.end()

    (owed,) = company.rows(app, Reply)
    with app.app_context():
        assert clock.remind(owed.due_on) == 1
    browser, address = sign_in(speaker), f"/surveys/{this.wave}/replies/{owed.department_id}"
    assert browser.post(address, SAID).status_code == 303


def test_a_provider_that_is_closed_for_good_owes_nothing(app: Flask, this: Running) -> None:
    with app.app_context(), transaction():
        closed = update(Department).where(Department.id == this.provider)
        db.session.execute(closed.values(archived_at=now()))

    assert "6 answers" in this.end().text
    assert company.rows(app, Reply) == []
