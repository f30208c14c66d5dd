"""Two departments, one of which serves the other, and surveys that ask about it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import Select, select, update

from forum.accounts.models import Person
from forum.core.calendar import company_day
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.departments.models import Department
from forum.standards.models import Version
from forum.surveys import asking, closing, planning
from forum.surveys.change import measuring
from forum.surveys.change.models import IdeaMeasure
from forum.surveys.models import Purpose, Wave, WaveState
from forum.surveys.results import keeping
from tests.standards import standards
from tests.support import make
from tests.support.server import wait_until
from tests.surveys import company, waves

LOW = [1, 2, 2, 3, 1, 2, 2, 3]
HIGH = (5, 4, 5, 5, 4, 5, 4)
"""What the customers say before, and what all but the one on the phone say after."""


class Cast(NamedTuple):
    """Who serves and who is served: departments, who answers for them, the customer's people."""

    provider: int
    customer: int
    speaker: str
    customers: str
    phone: str
    people: list[int]
    told: int
    hidden: int


def cast(app: Flask, names: tuple[str, str], services: tuple[str, str], key: str) -> Cast:
    """Of the two services, one will have answers enough and one will not."""
    with app.app_context():
        password = db.session.query(Person).filter_by(email="anna@demo.example").one().password_hash
    provider, customer = (make.department(app, name) for name in names)

    def joins(who: str, department: int) -> int:
        fields = {"email": f"{who}-{key}@demo.example", "password_hash": password}
        return make.person(app, department=department, **fields)

    make.represent(app, joins("desk", provider), provider)
    make.represent(app, joins("shop", customer), customer)
    people = [make.person(app, department=customer) for _each in HIGH]
    people.append(joins("phone", customer))
    told, hidden = (make.service(app, provider, customer, name) for name in services)
    speakers = (f"desk-{key}", f"shop-{key}", f"phone-{key}")
    return Cast(provider, customer, *speakers, people, told, hidden)


def asked_before(app: Flask, made: Cast, title: str, texts: list[str]) -> int:
    """A survey two months ago, in which one of the services was told of."""
    return waves.wave(
        app,
        {
            made.told: {"quality": LOW, "clarity": LOW[::-1]},
            made.hidden: {"quality": LOW[:2], "clarity": LOW[:2]},
        },
        texts={made.told: texts},
        closed_at=now() - timedelta(days=60),
        took_part=made.people,
        title=title,
    )


def measured(app: Flask, idea: int) -> list[int]:
    """How many weeks after it came into force each survey opens that follows."""
    with app.app_context():
        measuring.sweep()
        since = db.session.get_one(IdeaMeasure, idea).since
        found = db.session.scalars(_after(idea)).all()
        return [(company_day(wave.opens_at) - since).days // 7 for wave in found]


def weeks_pass(app: Flask, idea: int, number: str) -> int:
    """It is six weeks later: the first survey after opens and asks; its number."""
    gone = timedelta(weeks=6, days=3)
    with app.app_context():
        wave = db.session.scalars(_after(idea)).first()
        assert wave is not None
        wave_id = wave.id
        standard = standards.by_number(number).id
    with app.app_context(), transaction():
        for one in db.session.scalars(_after(idea)):
            one.opens_at, one.closes_at = one.opens_at - gone, one.closes_at - gone
        db.session.get_one(IdeaMeasure, idea).since -= gone
        for version in db.session.scalars(select(Version).where(Version.standard_id == standard)):
            assert version.published_at is not None
            version.published_at -= gone
    assert wait_until(lambda: _asks(app, wave_id), within=30, every=0.2)
    return wave_id


def _after(idea: int) -> Select[Any]:
    query = select(Wave).where(Wave.idea_id == idea, Wave.purpose == Purpose.AFTER)
    return query.order_by(Wave.opens_at)


def _asks(app: Flask, wave: int) -> bool:
    """Whether a survey has asked everybody; the server's own jobs may be at it too."""
    with app.app_context():
        asking.sweep()
        return db.session.get_one(Wave, wave).asked_all_at is not None


def everybody_answers(app: Flask, made: Cast, wave: int) -> None:
    """Everybody but the one on the phone, past the pages."""
    for person, value in zip(made.people, HIGH, strict=False):
        company.say(app, person, wave, made.told, value=value, words="")


def ends(app: Flask, wave: int) -> None:
    """Its last day is over; the server may still read what is older, which the end waits for."""
    with app.app_context(), transaction():
        db.session.execute(update(Wave).where(Wave.id == wave).values(closes_at=now()))
    assert wait_until(lambda: _told(app, wave), within=60, every=0.2)


def _told(app: Flask, wave: int) -> bool:
    with app.app_context():
        closing.sweep()
        keeping.sweep()
        return wave in keeping.reported()


def close(app: Flask, made: Cast, idea: int) -> None:
    """Leave the demo's company with the departments it had, and nobody to be asked later."""
    by = make.moderator(app)
    with app.app_context():
        for wave in db.session.scalars(_after(idea).where(Wave.state == WaveState.PLANNED)).all():
            planning.cancel(db.session.get_one(Person, by), wave)
    with app.app_context(), transaction():
        for department in db.session.query(Department).filter(
            Department.id.in_((made.provider, made.customer))
        ):
            department.archived_at = make.ago(days=0)
