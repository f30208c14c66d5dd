"""Closed waves with answers, as they are once everything that ties them to people is forgotten."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from forum.core.clock import now
from forum.core.db import db, transaction
from forum.departments.models import Department, Service
from forum.surveys.change.models import IdeaPromise
from forum.surveys.loop.models import Reply
from forum.surveys.models import (
    ItemKind,
    ItemVersion,
    SurveyAnswer,
    SurveyItem,
    SurveyText,
    Wave,
    WaveItem,
    WaveParticipation,
    WaveRequest,
    WaveSample,
    WaveService,
    WaveState,
)
from forum.surveys.relay.models import VoiceQuestion
from forum.surveys.results import keeping

Said = Mapping[int, Mapping[str, Sequence[int]]]
"""What was answered: by service, by the key of an item."""
KINDS = {"recommend": ItemKind.RECOMMEND, "words": ItemKind.TEXT}


def service(app: Flask, provider: int, customer: int, name: str = "Payroll") -> int:
    """A service between two departments."""
    with app.app_context(), transaction():
        made = Service(provider_id=provider, customer_id=customer, name=name)
        db.session.add(made)
        db.session.flush()
        return made.id


def version(key: str, number: int = 1) -> int:
    """An item in a wording, made when it is not there; in the open write."""
    item = db.session.scalars(select(SurveyItem).where(SurveyItem.key == key)).first()
    if item is None:
        item = SurveyItem(key=key, kind=KINDS.get(key, ItemKind.SCALE))
        db.session.add(item)
        db.session.flush()
    found = select(ItemVersion).where(ItemVersion.item_id == item.id, ItemVersion.number == number)
    wording = db.session.scalars(found).first()
    if wording is None:
        wording = ItemVersion(
            item_id=item.id, number=number, en=f"It is of good {key}.", ru=f"По-русски: {key}."
        )
        db.session.add(wording)
        db.session.flush()
    return wording.id


def wave(
    app: Flask,
    said: Said,
    *,
    texts: Mapping[int, Sequence[str]] | None = None,
    k: int = 5,
    closed_at: datetime | None = None,
    took_part: Sequence[int] = (),
    silent: Sequence[int] = (),
    number: int = 1,
    told: bool = True,
    **fields: object,
) -> int:
    """A wave that has closed and, unless `told` is no, was reported on; it asked the `silent` too,
    who did not answer."""
    closed_at = closed_at or now() - timedelta(days=1)
    with app.app_context():
        with transaction():
            made = Wave(
                **{
                    "title": "Spring",
                    "state": WaveState.CLOSED,
                    "opens_at": closed_at - timedelta(days=14),
                    "closes_at": closed_at,
                    "mixed_at": closed_at,
                    "k": k,
                    **fields,
                }
            )
            db.session.add(made)
            db.session.flush()
            _services(made.id, [*said, *(texts or {})])
            _answers(made.id, said, texts or {}, number)
            for person in took_part:
                db.session.add(WaveParticipation(wave_id=made.id, person_id=person))
            days = {"asked_on": closed_at.date(), "due_on": closed_at.date()}
            for person in (*took_part, *silent):
                db.session.add(WaveRequest(wave_id=made.id, person_id=person, **days))
        if told:
            keeping.tell(made.id)
        return made.id


def _services(wave_id: int, services: Sequence[int]) -> None:
    for each in dict.fromkeys(services):
        edge = db.session.get_one(Service, each)
        names = [
            db.session.get_one(Department, side).name if side else ""
            for side in (edge.provider_id, edge.customer_id)
        ]
        row = WaveService(
            wave_id=wave_id,
            service_id=each,
            name=edge.name,
            provider_id=edge.provider_id,
            provider_name=names[0],
            customer_id=edge.customer_id,
            customer_name=names[1],
        )
        db.session.add(row)


def _answers(wave_id: int, said: Said, texts: Mapping[int, Sequence[str]], number: int) -> None:
    keys = list(dict.fromkeys(key for items in said.values() for key in items))
    keys += ["words"] if texts else []
    versions = {key: version(key, number if key != "words" else 1) for key in keys}
    for place, key in enumerate(keys):
        db.session.add(WaveItem(wave_id=wave_id, version_id=versions[key], position=place))
    for each, key, value in _each(said):
        row = {"wave_id": wave_id, "service_id": each, "version_id": versions[key]}
        db.session.add(SurveyAnswer(key=secrets.token_hex(16), value=value, **row))
    for each, body in ((each, body) for each, bodies in texts.items() for body in bodies):
        row = {"wave_id": wave_id, "service_id": each, "version_id": versions["words"]}
        db.session.add(SurveyText(key=secrets.token_hex(16), lang="en", body=body, **row))


def _each(said: Said) -> list[tuple[int, str, int]]:
    return [
        (each, key, value)
        for each, items in said.items()
        for key, values in items.items()
        for value in values
    ]


def running(app: Flask, services: Sequence[int], *, asks: Sequence[int]) -> int:
    """A wave that runs, and asks people about all its services."""
    at = now()
    with app.app_context(), transaction():
        made = Wave(
            title="Now",
            state=WaveState.RUNNING,
            opens_at=at - timedelta(days=1),
            closes_at=at + timedelta(days=9),
            k=5,
        )
        db.session.add(made)
        db.session.flush()
        _services(made.id, services)
        db.session.add(WaveItem(wave_id=made.id, version_id=version("quality"), position=1))
        for person in asks:
            day = at.date()
            asked = {"wave_id": made.id, "person_id": person}
            db.session.add(WaveRequest(asked_on=day, due_on=day + timedelta(days=8), **asked))
            for each in services:
                db.session.add(WaveSample(service_id=each, **asked))
        return made.id


def everything(person: int, idea: int) -> None:
    """A row in every table of results that names a person, in the open write."""
    wave = db.session.scalars(select(Wave.id)).first()
    edge = db.session.scalars(select(Service)).first()
    item = db.session.scalars(select(SurveyItem.id)).first()
    version = db.session.scalars(select(ItemVersion.id)).first()
    assert wave is not None
    assert edge is not None
    assert item is not None
    owed = {"wave_id": wave, "department_id": edge.provider_id, "due_on": now().date()}
    db.session.add(Reply(**owed, by_id=person))
    about = {"wave_id": wave, "service_id": edge.id, "version_id": version}
    db.session.add(SurveyText(key="a" * 32, body="Slow", **about))
    db.session.flush()
    asked = {"wave_id": wave, "department_id": edge.provider_id, "by_id": person}
    db.session.add(VoiceQuestion(key="a" * 32, body="Where?", **asked))
    db.session.add(IdeaPromise(idea_id=idea, service_id=edge.id, item_id=item, by_id=person))
