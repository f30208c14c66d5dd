"""A small company whose departments serve each other, and waves that ask them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.calendar import company_day
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.departments.models import Department, Service
from forum.surveys import answering, asking, closing, planning
from forum.surveys.models import (
    ItemKind,
    ItemVersion,
    SurveyItem,
    Wave,
    WaveParticipation,
    WaveRequest,
    WaveSample,
)
from forum.surveys.queries import items_of, place_of
from tests.support import make
from tests.support.browser import Browser

GENEROUS = {"survey_questions": 500, "survey_requests": 30}


def switch_on(app: Flask, **settings: Any) -> None:
    """The module alone, and what else is set."""
    with app.app_context(), transaction():
        save_settings({"modules": ["surveys"], **settings})


def service(app: Flask, provider: int, customer: int, name: str = "Laptops") -> int:
    """An edge of the map."""
    with app.app_context(), transaction():
        made = Service(provider_id=provider, customer_id=customer, name=name)
        db.session.add(made)
        db.session.flush()
        return made.id


def served(app: Flask, people: int = 6) -> tuple[int, list[int]]:
    """A service of IT for Finance, and the people of Finance."""
    it, finance = make.department(app, "IT"), make.department(app, "Finance")
    number = service(app, it, finance)
    return number, [make.person(app, department=finance) for _each in range(people)]


def plan(
    app: Flask,
    services: Sequence[int],
    *,
    opens: int = 0,
    days: int = 10,
    by: int | None = None,
    **fields: Any,
) -> int:
    """A wave, planned by a moderator; `opens` is in how many days."""
    moderator = by if by is not None else make.moderator(app)
    with app.app_context():
        first: date = company_day() + timedelta(days=opens)
        wanted = planning.Wanted(
            title=fields.pop("title", "How well are we served?"),
            opens_on=first,
            closes_on=first + timedelta(days=days - 1),
            services=services,
            **fields,
        )
        return planning.plan(db.session.get_one(Person, moderator), wanted).id


def run(app: Flask) -> None:
    """What the jobs do: open, ask, close."""
    with app.app_context():
        asking.sweep()
    with app.app_context():
        closing.sweep()


def running(app: Flask, services: Sequence[int], **fields: Any) -> int:
    """A wave that has opened and asked everybody."""
    number = plan(app, services, **fields)
    run(app)
    return number


def end(app: Flask, wave: int) -> None:
    """The wave's last day is over, and its answers are mixed."""
    moderator = make.moderator(app)
    with app.app_context():
        planning.stop(db.session.get_one(Person, moderator), db.session.get_one(Wave, wave))
    run(app)


def form(app: Flask, wave: int, *services: int, value: int = 4, words: str = "") -> dict[str, Any]:
    """A filled form about some services."""
    sent: dict[str, Any] = {"services": [str(each) for each in services]}
    with app.app_context():
        for item in items_of(wave):
            for number in services:
                said = words if item.kind == ItemKind.TEXT else str(value)
                sent[f"s{number}-{item.version_id}"] = said
    return sent


def answer(app: Flask, browser: Browser, wave: int, *services: int, **said: Any) -> int:
    """Send a filled form; the status."""
    sent = form(app, wave, *services, **said)
    return int(browser.post(f"/surveys/{wave}/answer", sent).status_code)


def rows(app: Flask, model: Any) -> list[Any]:
    """Every row of a table."""
    with app.app_context():
        return list(db.session.scalars(select(model)))


def say(app: Flask, person: int, wave: int, service: int, *, value: int = 4, words: str) -> None:
    """The same past the pages, with words."""
    say_of(app, person, wave, [service], value=value, words=words)


def say_of(
    app: Flask, person: int, wave: int, services: Sequence[int], *, value: int = 4, words: str = ""
) -> None:
    """The same of several services."""
    with app.app_context():
        someone, asked = db.session.get_one(Person, person), db.session.get_one(Wave, wave)
        items = {item.version_id: item for item in items_of(wave)}
        texts = {each for each, item in items.items() if item.kind == ItemKind.TEXT}
        said = answering.Said(
            {each: str(value) for each in items if each not in texts},
            {each: words for each in texts if words},
        )
        sample = place_of(someone, asked).sample
        answering.answer(someone, asked, items, sample, dict.fromkeys(services, said))


def everything(person: int) -> None:
    """A row in every table that names a person, in the open write."""
    department = Department(name="Served", slug="served", code="SV")
    days = {"opens_at": now(), "closes_at": now() + timedelta(days=1)}
    wave = Wave(title="Round", state="running", created_by_id=person, **days)
    item = SurveyItem(key="speed", kind="scale")
    db.session.add_all([department, wave, item])
    db.session.flush()
    edge = Service(provider_id=department.id, customer_id=department.id, name="Itself")
    db.session.add_all([edge, ItemVersion(item_id=item.id, number=1, en="a", ru="b", by_id=person)])
    db.session.flush()
    named = {"wave_id": wave.id, "person_id": person}
    today = company_day()
    db.session.add_all(
        [
            WaveRequest(**named, asked_on=today, due_on=today),
            WaveSample(**named, service_id=edge.id),
            WaveParticipation(**named),
        ]
    )
