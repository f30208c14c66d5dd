"""Waves: when they open and close, whom they ask, and that nobody is asked twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict
from forum.core.events import Event
from forum.departments.models import Department, Service
from forum.surveys import asking, planning, queries
from forum.surveys.models import (
    Wave,
    WaveRequest,
    WaveSample,
)
from forum.surveys.results import keeping
from forum.surveys.results.models import WaveFrame
from tests.support import make
from tests.support.browser import Browser
from tests.surveys import company

SignIn = Callable[..., Browser]


@pytest.fixture(autouse=True)
def switched_on(app: Flask) -> None:
    company.switch_on(app)


def asked(app: Flask, wave: int) -> list[int]:
    with app.app_context():
        query = select(WaveRequest.person_id).where(WaveRequest.wave_id == wave)
        return sorted(db.session.scalars(query))


def about(app: Flask, wave: int, person: int) -> list[int]:
    with app.app_context():
        query = select(WaveSample.service_id)
        query = query.where(WaveSample.wave_id == wave, WaveSample.person_id == person)
        return sorted(db.session.scalars(query))


def state(app: Flask, wave: int) -> str:
    with app.app_context():
        return db.session.get_one(Wave, wave).state


def test_a_wave_asks_the_customers_people_and_those_below_but_not_the_providers(
    app: Flask,
) -> None:
    laptops, people = company.served(app)
    with app.app_context():
        finance = db.session.get_one(Person, people[0]).department_id
    below = make.person(app, department=make.department(app, "Payroll", parent_id=finance))
    make.person(app, department=finance, kind="consultant")
    make.person(app, department=finance, deactivated_at=now())
    make.person(app)

    wave = company.running(app, [laptops])

    assert asked(app, wave) == sorted([*people, below])


def test_a_service_for_the_whole_company_does_not_ask_who_provides_it(app: Flask) -> None:
    company_wide = make.department(app, "Everybody")
    it = make.department(app, "IT", parent_id=company_wide)
    sales = make.department(app, "Sales", parent_id=company_wide)
    mail = company.service(app, it, company_wide, "Mail")
    make.person(app, department=it)
    seller = make.person(app, department=sales)

    assert asked(app, company.running(app, [mail])) == [seller]


def test_a_moderator_plans_a_wave_after_seeing_whom_it_would_ask(
    app: Flask, sign_in: SignIn
) -> None:
    _laptops, people = company.served(app, people=7)
    browser = sign_in(make.moderator(app))
    sent = {
        "title": "Spring round",
        "opens_on": (now() + timedelta(days=1)).date().isoformat(),
        "closes_on": (now() + timedelta(days=9)).date().isoformat(),
        "which": "all",
        "months": "3",
        "action": "preview",
    }

    seen = browser.post("/surveys/new", sent)
    made = browser.post("/surveys/new", {**sent, "action": "plan"})

    assert seen.status_code == 200
    assert "People it would ask" in seen.text
    assert ">7<" in seen.text
    assert made.status_code == 303
    page = browser.get(made.location).text
    assert "Spring round" in page
    assert "If it opened today" in page
    assert "Laptops: IT → Finance" in page
    assert "Spring round" in sign_in(people[0]).get("/surveys").text


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"title": ""}, "Give it a title."),
        ({"opens_on": ""}, "Choose a day."),
        ({"opens_on": "2001-01-01"}, "Choose today or a later day."),
        ({"opens_on": "9999-12-31"}, "Choose a day within a year."),
        ({"closes_on": "2001-01-01"}, "It cannot end before it begins."),
        ({"closes_on": "9999-12-31"}, "A survey takes at most 92 days."),
        ({"which": "some"}, "Choose departments that serve somebody."),
        ({"which": "strange"}, "Choose one from the list."),
        ({"months": "7"}, "Choose one from the list."),
        ({"most_people": "0"}, "Give a whole number."),
    ],
)
def test_what_cannot_be_a_wave_is_refused_with_a_sentence(
    app: Flask, sign_in: SignIn, changed: dict[str, str], sentence: str
) -> None:
    company.served(app)
    browser = sign_in(make.moderator(app))
    sent = {
        "title": "Spring round",
        "opens_on": (now() + timedelta(days=1)).date().isoformat(),
        "closes_on": (now() + timedelta(days=9)).date().isoformat(),
        "which": "all",
        "months": "3",
    }

    refused = browser.post("/surveys/new", {**sent, **changed})

    assert refused.status_code == 422
    assert sentence in refused.text
    assert company.rows(app, Wave) == []


def test_only_moderators_plan(app: Flask, sign_in: SignIn) -> None:
    laptops, people = company.served(app)
    wave = company.plan(app, [laptops], opens=3)
    browser = sign_in(people[0])

    for address in ("/surveys/new", f"/surveys/{wave}/edit", "/surveys/items", "/surveys/settings"):
        assert browser.get(address).status_code == 404
    for address in (f"/surveys/{wave}/cancel", f"/surveys/{wave}/stop"):
        assert browser.post(address).status_code == 404
    assert state(app, wave) == "planned"


@pytest.mark.parametrize(
    ("zone", "midnight", "longer"),
    [
        ("Europe/Berlin", datetime(2027, 3, 27, 23, 0, tzinfo=UTC), -1),
        ("America/Sao_Paulo", datetime(2027, 3, 28, 3, 0, tzinfo=UTC), 0),
        ("Pacific/Auckland", datetime(2027, 3, 28, 11, 0, tzinfo=UTC), 1),
    ],
)
def test_it_opens_and_closes_at_the_companys_midnight_also_when_clocks_change(
    app: Flask, zone: str, midnight: datetime, longer: int
) -> None:
    laptops, _people = company.served(app)
    company.switch_on(app, time_zone=zone)
    with time_machine.travel(datetime(2027, 3, 20, 12, 0, tzinfo=UTC)):
        wave = company.plan(app, [laptops], opens=8, days=7)
        with app.app_context():
            made = db.session.get_one(Wave, wave)
            length = made.closes_at - made.opens_at
            assert made.opens_at == midnight
    # Berlin's clocks go forward in these seven days, Auckland's back, São Paulo's stay.
    assert length == timedelta(days=7, hours=longer)

    with time_machine.travel(midnight - timedelta(seconds=1)):
        company.run(app)
        assert state(app, wave) == "planned"
    with time_machine.travel(midnight):
        company.run(app)
        assert state(app, wave) == "running"
    with time_machine.travel(midnight + length - timedelta(seconds=1)):
        company.run(app)
        assert state(app, wave) == "running"
    with time_machine.travel(midnight + length):
        company.run(app)
        assert state(app, wave) == "closed"


def test_another_time_zone_afterwards_moves_no_wave(app: Flask) -> None:
    laptops, _people = company.served(app)
    wave = company.plan(app, [laptops], opens=2)
    with app.app_context():
        before = db.session.get_one(Wave, wave).opens_at
    company.switch_on(app, time_zone="Asia/Tokyo")

    with app.app_context():
        assert db.session.get_one(Wave, wave).opens_at == before


def test_k_and_the_names_of_services_are_those_of_the_day_it_opened(app: Flask) -> None:
    laptops, _people = company.served(app)
    company.switch_on(app, survey_k=7)
    wave = company.running(app, [laptops])
    company.switch_on(app, survey_k=5)
    with app.app_context(), transaction():
        for department in db.session.scalars(select(Department)):
            department.name = f"New {department.name}"

    with app.app_context():
        assert db.session.get_one(Wave, wave).k == 7
        assert [each.provider_name for each in queries.services_of(wave)] == ["IT"]


def test_its_figures_are_made_by_the_tree_of_the_day_it_opened(app: Flask) -> None:
    laptops, _people = company.served(app)
    wave = company.running(app, [laptops])
    with app.app_context():
        before = {each.id: each.parent_id for each in db.session.scalars(select(Department))}
    later = make.department(app, "Head office")
    with app.app_context(), transaction():
        for department in db.session.scalars(select(Department).where(Department.id != later)):
            department.parent_id = later

    company.end(app, wave)
    with app.app_context():
        keeping.sweep()
        frame = select(WaveFrame).where(WaveFrame.wave_id == wave)
        kept = {each.department_id: each.parent_id for each in db.session.scalars(frame)}

    assert kept == before


def test_asking_again_asks_nobody_twice(app: Flask) -> None:
    laptops, people = company.served(app)
    wave = company.running(app, [laptops])
    with app.app_context(), transaction():
        opened = db.session.get_one(Wave, wave)
        opened.position, opened.asked_all_at = 0, None

    company.run(app)

    assert asked(app, wave) == sorted(people)
    with app.app_context():
        assert sum(db.session.scalars(select(Person.unread))) == len(people)


def test_more_people_than_a_batch_are_all_asked(app: Flask, monkeypatch) -> None:
    monkeypatch.setattr(asking, "BATCH", 3)
    laptops, people = company.served(app, people=10)

    wave = company.running(app, [laptops])

    assert asked(app, wave) == sorted(people)
    with app.app_context():
        assert queries.progress_of(db.session.get_one(Wave, wave)) == (10, 10, 10)


def test_progress_is_shown_while_people_are_asked(app: Flask, sign_in: SignIn, monkeypatch) -> None:
    monkeypatch.setattr(asking, "BATCH", 3)
    laptops, _people = company.served(app, people=10)
    wave = company.plan(app, [laptops])
    with app.app_context():
        asking.open_wave(wave)
        monkeypatch.setattr(asking, "_unfinished", once(asking._unfinished))
        asking.ask(wave)

    page = sign_in(make.moderator(app)).get(f"/surveys/{wave}").text

    assert "Asking: 3 of about 10 people so far." in page


def once(function: Callable[[int], Wave | None]) -> Callable[[int], Wave | None]:
    calls: list[int] = []

    def limited(wave: int) -> Wave | None:
        calls.append(wave)
        return function(wave) if len(calls) < 2 else None

    return limited


def test_the_events_of_a_wave_name_no_one_who_answers(app: Flask, sign_in: SignIn) -> None:
    laptops, people = company.served(app)
    wave = company.running(app, [laptops])
    with app.app_context():
        before = db.session.scalar(select(func.max(Event.id)))
    company.answer(app, sign_in(people[0]), wave, laptops)
    with app.app_context():
        assert db.session.scalar(select(func.max(Event.id))) == before
    company.end(app, wave)

    with app.app_context():
        written = select(Event).where(Event.type.like("survey.%")).order_by(Event.id)
        told = db.session.scalars(written).all()
        assert [each.type for each in told] == [
            *("survey.planned", "survey.opened", "survey.stopped", "survey.closed")
        ]
        assert not any(each.payload for each in told)
        assert {each.actor_id for each in told}.isdisjoint(people)


def test_nobody_is_asked_about_one_service_by_two_waves_at_once(app: Flask) -> None:
    company.switch_on(app, **company.GENEROUS)
    laptops, people = company.served(app)
    with app.app_context():
        finance = db.session.get_one(Person, people[0]).department_id
    assert finance is not None
    desks = company.service(app, make.department(app), finance, "Desks")

    company.running(app, [laptops])
    second = company.running(app, [laptops, desks])

    assert about(app, second, people[0]) == [desks]


def test_an_item_changed_in_mid_wave_counts_from_the_next(app: Flask, sign_in: SignIn) -> None:
    company.switch_on(app, **company.GENEROUS)
    laptops, people = company.served(app)
    wave, waiting = company.running(app, [laptops]), company.plan(app, [laptops], opens=1)
    words = {"en": "They are quick.", "ru": "Они быстры.", "seen": "1"}
    assert sign_in(make.moderator(app)).post("/surveys/items/quality", words).status_code == 303

    page = sign_in(people[0]).get(f"/surveys/{wave}/answer").text
    with time_machine.travel(now() + timedelta(days=1)):
        company.run(app)
    with app.app_context():
        later = [each.en for each in queries.items_of(waiting)]
        before = [each.number for each in queries.items_of(wave)]

    assert "What we get is of good quality." in page
    assert "They are quick." not in page
    assert "They are quick." in later
    assert set(before) == {1}


def test_a_wave_opens_without_services_that_are_gone(app: Flask) -> None:
    laptops, people = company.served(app)
    shop = make.department(app, "Shop")
    with app.app_context():
        provider = db.session.get_one(Service, laptops).provider_id
    phones = company.service(app, provider, shop, "Phones")
    in_shop = make.person(app, department=shop)
    wave = company.plan(app, [laptops, phones], opens=1)
    with app.app_context(), transaction():
        db.session.get_one(Department, shop).archived_at = now()

    with time_machine.travel(now() + timedelta(days=1)):
        company.run(app)

    assert state(app, wave) == "running"
    assert asked(app, wave) == sorted(people)
    assert in_shop not in asked(app, wave)


def test_a_wave_that_was_cancelled_meanwhile_is_not_opened(app: Flask) -> None:
    laptops, _people = company.served(app)
    wave = company.plan(app, [laptops])
    moderator = make.moderator(app)
    with app.app_context():
        planning.cancel(db.session.get_one(Person, moderator), db.session.get_one(Wave, wave))

    with app.app_context():
        assert not asking.open_wave(wave)
        gone, by = Wave(id=wave), db.session.get_one(Person, moderator)
        with pytest.raises(Conflict):
            planning.stop(by, gone)


def test_the_settings_are_the_administrators(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in(make.admin(app))

    low = browser.post("/surveys/settings", {"questions": "20", "requests": "1", "k": "4"})
    fine = browser.post("/surveys/settings", {"questions": "20", "requests": "1", "k": "6"})

    assert low.status_code == 422
    assert "from 5 to 100" in low.text
    assert fine.status_code == 303
    assert 'value="6"' in browser.get("/surveys/settings").text
    assert sign_in(make.moderator(app)).get("/surveys/settings").status_code == 404
