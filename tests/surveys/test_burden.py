"""The burden budget: nobody is asked more than the company allows, and the draw is fair."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db
from forum.surveys import burden, preview
from forum.surveys.models import WaveRequest, WaveSample
from tests.support import make
from tests.surveys import company


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    company.switch_on(app)


def crowd(app: Flask, services: int, people: int) -> tuple[list[int], list[int]]:
    """Services of as many departments, and those who are served by all of them."""
    finance = make.department(app, "Finance")
    numbers = [
        company.service(app, make.department(app), finance, f"Service {number}")
        for number in range(services)
    ]
    return numbers, [make.person(app, department=finance) for _each in range(people)]


def asked(app: Flask, wave: int) -> dict[int, list[int]]:
    """Whom a wave asks about which services."""
    found: dict[int, list[int]] = {}
    with app.app_context():
        query = select(WaveSample.person_id, WaveSample.service_id)
        rows = db.session.execute(query.where(WaveSample.wave_id == wave))
        for person, service in rows:
            found.setdefault(person, []).append(service)
    return found


def test_who_is_served_by_more_than_fits_is_asked_about_some_and_others_about_others(
    app: Flask,
) -> None:
    company.switch_on(app, survey_questions=21)
    numbers, people = crowd(app, services=9, people=60)  # else chance may leave out a service

    found = asked(app, company.running(app, numbers))

    assert set(found) == set(people)
    assert {len(services) for services in found.values()} == {3}
    assert {each for services in found.values() for each in services} == set(numbers)


def test_who_was_asked_often_enough_this_month_is_spared_until_it_is_over(app: Flask) -> None:
    company.switch_on(app, survey_requests=2, survey_questions=500)
    numbers, people = crowd(app, services=4, people=3)
    for number in numbers[:2]:
        company.running(app, [number])
    spared = company.running(app, [numbers[2]])

    with time_machine.travel(now() + timedelta(days=31)):
        later = company.running(app, [numbers[3]])

    assert asked(app, spared) == {}
    assert set(asked(app, later)) == set(people)


def test_questions_of_all_waves_together_stay_within_the_month(app: Flask) -> None:
    company.switch_on(app, survey_questions=30, survey_requests=10)
    numbers, _people = crowd(app, services=8, people=4)
    for start in range(0, 8, 2):
        company.running(app, numbers[start : start + 2])

    with app.app_context():
        query = select(func.sum(WaveRequest.questions)).group_by(WaveRequest.person_id)
        assert db.session.scalars(query).all() == [28] * 4


def test_at_most_so_many_people_a_service_and_who_was_asked_least_lately_first(
    app: Flask,
) -> None:
    company.switch_on(app, **company.GENEROUS)
    numbers, people = crowd(app, services=3, people=6)
    first = asked(app, company.running(app, [numbers[0]], most_people=2))
    with time_machine.travel(now() + timedelta(days=1)):
        second = asked(app, company.running(app, [numbers[1]], most_people=2))
    with time_machine.travel(now() + timedelta(days=2)):
        third = asked(app, company.running(app, [numbers[2]], most_people=2))

    assert [len(each) for each in (first, second, third)] == [2, 2, 2]
    assert set(first) | set(second) | set(third) == set(people)


def test_the_preview_says_whom_it_would_ask_and_what_the_month_leaves(app: Flask) -> None:
    company.switch_on(app, survey_questions=14, survey_requests=1)
    numbers, people = crowd(app, services=3, people=6)
    company.running(app, [numbers[0]], most_people=1)
    with app.app_context():
        finance = db.session.get_one(Person, people[0]).department_id
    assert finance is not None
    small = company.service(app, finance, make.department(app), "Tiny")

    with app.app_context():
        found = preview.preview([*numbers, small])

    assert found.services == 4
    assert found.people == 5
    assert found.spared == 1
    assert found.narrowed == 6
    assert found.most_services == 2
    assert found.small == 1


def test_the_preview_costs_the_same_however_many(app: Flask, queries) -> None:
    numbers, _people = crowd(app, services=3, people=6)

    for some in (numbers[:1], numbers):
        with app.app_context():
            preview.preview(some)  # and the settings, where they are new to it
        with (
            app.app_context(),
            queries(6),
        ):  # services, the tree, items, people, settings, who has no room
            preview.preview(some)


def test_a_draw_is_the_same_whenever_it_is_drawn() -> None:
    dice = Random(6)
    for _each in range(200):
        wave, person, most = dice.randrange(1000), dice.randrange(1000), dice.randrange(20)
        services = {dice.randrange(500) for _service in range(dice.randrange(40))}

        lots = burden.Lots(wave, b"secret")
        drawn = burden.drawn(lots, person, services, most)

        assert drawn == burden.drawn(lots, person, sorted(services, reverse=True), most)
        assert set(drawn) <= services
        assert len(drawn) == min(most, len(services))


def test_over_many_people_every_service_is_drawn_alike() -> None:
    counts = dict.fromkeys(range(10), 0)
    for person in range(3000):
        for service in burden.drawn(burden.Lots(1), person, counts, 2):
            counts[service] += 1

    assert all(450 < count < 750 for count in counts.values())
