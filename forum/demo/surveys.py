"""The demo's surveys: one that ended and was answered, and one that waits for Anna's answers."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.calendar import company_day, midnight
from forum.core.db import db, end_read, transaction
from forum.core.events import record
from forum.core.textcheck import detect_lang
from forum.demo.people import Cast
from forum.departments.services.asked import Edge, confirmed_edges, served_by
from forum.surveys import asking, facts, planning
from forum.surveys.models import (
    ItemKind,
    SurveyAnswer,
    SurveyText,
    Wave,
    WaveParticipation,
    WaveRequest,
    WaveService,
    WaveState,
)
from forum.surveys.queries import items_of
from forum.surveys.rows import add_missing
from forum.surveys.wordings import Asked, ensure

BEGAN, TOOK = 49, 11
"""How many days ago the past wave opened, and for how many days it was open."""
BATCH = 200
MOST_SERVICES = 6
TAKES_PART = 0.9
PAST = "Second survey · Второй опрос"
RUNNING = "How well are you served? This month’s round"
WORDS = (
    "Answers come quickly, but I never know who is working on it.",
    "Please tell us a day, even if it is a late one.",
    "The form asks for the same number three times.",
    "Since spring it has become much better. Keep the short call on Mondays.",
    "Nobody picks up the phone after four.",
    "Friendly and exact. Nothing to change.",
    "Отвечают быстро, но непонятно, кто занимается вопросом.",
    "Назовите день, пусть и не скорый: тогда можно планировать.",
    "Одно и то же приходится объяснять двум людям.",
    "Стало заметно лучше, чем весной. Оставьте короткие созвоны.",
    "В конце месяца дозвониться невозможно.",
    "Всё вежливо и по делу, менять ничего не надо.",
)


class Past(NamedTuple):
    """The wave that ended, with what it asks about."""

    wave: Wave
    edges: Sequence[Edge]
    items: Sequence[Asked]
    day: date


def add(cast: Cast) -> None:
    """Both waves. The past one is written as it would have become, the running one is asked."""
    edges = confirmed_edges()
    if not edges:
        return
    _answer(_past(cast, edges))
    anna = cast.people["anna"]
    mine = served_by(edges).services_of(anna.department_id)
    today = company_day()
    wanted = planning.Wanted(
        title=RUNNING, opens_on=today, closes_on=today + timedelta(days=9), services=mine
    )
    if mine:
        wave = planning.plan(cast.people["moderator"], wanted)
        asking.open_wave(wave.id)
        asking.ask(wave.id)


def _past(cast: Cast, edges: Sequence[Edge]) -> Past:
    first = company_day() - timedelta(days=BEGAN)
    opens_at, closes_at = midnight(first), midnight(first + timedelta(days=TOOK))
    moderator = cast.people["moderator"]
    end_read()
    with transaction():
        ensure()
        wave = Wave(
            title=PAST,
            lang=detect_lang(PAST),
            state=WaveState.CLOSED,
            k=5,
            opens_at=opens_at,
            closes_at=closes_at,
            created_at=opens_at,
            asked_all_at=opens_at,
            mixed_at=closes_at,
            created_by_id=moderator.id,
        )
        db.session.add(wave)
        db.session.flush()
        planning.name_services(wave.id, edges)
        planning.freeze_items(wave.id)
        _tell(wave.id, moderator, opens_at, closes_at)
    return Past(wave, edges, items_of(wave.id), first)


def _tell(wave_id: int, moderator: Person, opened: datetime, closed: datetime) -> None:
    about = ("wave", wave_id)
    record(facts.PLANNED, by=moderator, about=about, at=opened)
    record(facts.OPENED, by=None, about=about, at=opened)
    record(facts.CLOSED, by=None, about=about, at=closed)


def _answer(past: Past) -> None:
    """Requests, participation and answers, drawn alike each time."""
    dice, served = Random(25), served_by(past.edges)  # noqa: S311 -- invented answers
    query = select(Person.id, Person.department_id).where(served.people()).order_by(Person.id)
    liked = {edge.id: dice.uniform(2.7, 4.5) for edge in past.edges}
    rows: dict[Any, list[dict[str, Any]]] = {
        model: [] for model in (WaveRequest, WaveParticipation, SurveyAnswer, SurveyText)
    }
    asked: dict[int, int] = dict.fromkeys(liked, 0)
    for person_id, department_id in db.session.execute(query).all():
        services = served.services_of(department_id)
        chosen = dice.sample(services, min(len(services), MOST_SERVICES))
        key = {"wave_id": past.wave.id, "person_id": person_id}
        rows[WaveRequest].append(_request(past, key, len(chosen)))
        for service_id in chosen:
            asked[service_id] += 1
        if dice.random() < TAKES_PART:
            rows[WaveParticipation].append(key)
            for service_id in chosen:
                _say(past, service_id, liked[service_id], dice, rows)
    _write(rows, past.wave.id, asked)


def _request(past: Past, key: Mapping[str, int], services: int) -> dict[str, Any]:
    due = past.day + timedelta(days=TOOK - 1)
    questions = services * len(past.items)
    return {**key, "asked_on": past.day, "due_on": due, "questions": questions, "reminders": 0}


def _say(
    past: Past, service_id: int, mean: float, dice: Random, rows: dict[Any, list[dict[str, Any]]]
) -> None:
    for item in past.items:
        row = {"key": secrets.token_hex(16), "wave_id": past.wave.id, "service_id": service_id}
        row |= {"version_id": item.version_id}
        if item.kind == ItemKind.TEXT:
            if dice.random() < 0.3:
                body = dice.choice(WORDS)
                rows[SurveyText].append({**row, "body": body, "lang": detect_lang(body)})
            continue
        low, high, at = (1, 5, mean) if item.kind == ItemKind.SCALE else (0, 10, mean * 2.2 - 1.5)
        value = min(high, max(low, round(dice.gauss(at, 0.9 if high == 5 else 1.8))))
        rows[SurveyAnswer].append({**row, "value": value})


def _write(
    rows: Mapping[Any, list[dict[str, Any]]], wave_id: int, asked: Mapping[int, int]
) -> None:
    end_read()
    for model, of_model in rows.items():
        for start in range(0, len(of_model), BATCH):
            with transaction():
                add_missing(model, of_model[start : start + BATCH])
    with transaction():
        for service in db.session.scalars(
            select(WaveService).where(WaveService.wave_id == wave_id)
        ):
            service.asked = asked[service.service_id]
