"""The demo's surveys: those that ended, answered by those who are served, and one that waits.

Answers are drawn alike each time and lie under random keys, without a time; who took part stands
apart from them, as in a survey that was answered by people.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from sqlalchemy import insert, select

from forum.accounts.models import Person
from forum.core.calendar import company_day, midnight
from forum.core.db import db, end_read, transaction
from forum.core.events import record
from forum.core.textcheck import detect_lang
from forum.demo.content import Row
from forum.demo.people import Cast
from forum.demo.timeline import chance
from forum.departments.models import Service
from forum.departments.services.asked import Edge, confirmed_edges, served_by
from forum.surveys import asking, facts, planning
from forum.surveys.models import (
    ItemKind,
    Purpose,
    SurveyAnswer,
    SurveyText,
    Wave,
    WaveParticipation,
    WaveRequest,
    WaveService,
    WaveState,
)
from forum.surveys.queries import items_of
from forum.surveys.results.framing import keep_tree
from forum.surveys.results.keeping import participation
from forum.surveys.results.models import WaveReport
from forum.surveys.rows import add_missing
from forum.surveys.waves import last_day_before

TOOK = timedelta(days=11)
"""For how long a regular survey is open."""
BATCH = 200
SMALLEST = 5
"""Of how many people a figure is at least."""
MOST_SERVICES = 7
TAKES_PART = 0.92
RUNNING = "How well are you served? · Как с вами работают?"
LEANS = {"timeliness": -0.1, "clarity": -0.1, "helpfulness": 0.3}
"""By how much answers to an item lie beside those to the others."""
SPREAD = 0.17
"""How far answers lie apart, as a part of the scale."""
Rows = dict[Any, list[dict[str, Any]]]


class Past(NamedTuple):
    """A survey that ended: from one midnight to another, and what else is known of it."""

    title: str
    opened: datetime
    ended: datetime
    voices: Mapping[str, Sequence[str]]
    purpose: Purpose = Purpose.REGULAR
    idea_id: int | None = None
    baseline_id: int | None = None
    by: Person | None = None


def regular(told: Row, cast: Cast) -> list[Past]:
    """The surveys of all services that the file names, oldest first."""
    found = []
    for place, row in enumerate(told["regular"], 1):
        ended = midnight(company_day() - timedelta(days=row["ended_days_ago"]))
        voices = {
            service: [said["text"] for said in texts if said["survey"] == place]
            for service, texts in told["voices"].items()
        }
        by = cast.people["moderator"]
        found.append(Past(row["title"], ended - TOOK, ended, voices, by=by))
    return found


def ask(cast: Cast) -> None:
    """The survey that runs, and waits for Anna's answers."""
    mine = served_by(confirmed_edges()).services_of(cast.people["anna"].department_id)
    first = company_day()
    if mine:
        wanted = planning.Wanted(RUNNING, first, first + timedelta(days=9), mine)
        wave = planning.plan(cast.people["moderator"], wanted)
        asking.open_wave(wave.id)
        asking.ask(wave.id)


def edges_at(opened: datetime) -> list[Edge]:
    """The services both sides agree on that were there already."""
    query = select(Service.id).where(Service.created_at <= opened)
    return confirmed_edges(list(db.session.scalars(query)))


class Levels:
    """How satisfied customers were with each service on any day."""

    def __init__(self, told: Mapping[str, Sequence[tuple[int, float]]]) -> None:
        self.told = told

    def on(self, name: str, day: date) -> float:
        """About the mean of what they answered on a day."""
        days_ago = (company_day() - day).days
        if name in self.told:
            return next(level for since, level in reversed(self.told[name]) if since > days_ago)
        begun = 2.9 + 1.1 * chance(f"served by {name}")
        return begun + 0.4 * (1 - days_ago / 365) * (chance(f"changed {name}") + 0.3)


def write(past: Past, edges: Sequence[Edge], levels: Levels) -> int:
    """A survey as it is once it has ended and was answered; its number."""
    wave_id = _wave(past, edges)
    dice = Random(past.title)  # noqa: S311 -- invented answers
    served = served_by(edges)
    query = select(Person.id, Person.department_id).where(served.people()).order_by(Person.id)
    people = [(row[0], served.services_of(row[1])) for row in db.session.execute(query)]
    rows: Rows = {model: [] for model in (WaveRequest, WaveParticipation, SurveyAnswer, SurveyText)}
    asked, answered = dict.fromkeys((edge.id for edge in edges), 0), set()
    sheet = _Sheet(wave_id, past, {edge.id: edge for edge in edges}, levels, dice)
    for person_id, services in people:
        chosen = dice.sample(services, min(len(services), MOST_SERVICES))
        key = {"wave_id": wave_id, "person_id": person_id}
        rows[WaveRequest].append(sheet.request(key, len(chosen)))
        for each in chosen:
            asked[each] += 1
        if dice.random() < TAKES_PART:
            rows[WaveParticipation].append(key)
            rows[SurveyAnswer] += [row for each in chosen for row in sheet.answers(each)]
            answered.update(chosen)
    rows[SurveyText] += [row for each in sorted(answered) for row in sheet.texts(each)]
    _store(rows)
    _end(wave_id, past, asked)
    return wave_id


def _wave(past: Past, edges: Sequence[Edge]) -> int:
    end_read()
    with transaction():
        wave = Wave(
            title=past.title,
            lang=detect_lang(past.title),
            state=WaveState.CLOSED,
            purpose=past.purpose,
            k=SMALLEST,
            opens_at=past.opened,
            closes_at=past.ended,
            created_at=past.opened,
            asked_all_at=past.opened,
            mixed_at=past.ended,
            created_by_id=past.by.id if past.by is not None else None,
            idea_id=past.idea_id,
            baseline_id=past.baseline_id,
        )
        db.session.add(wave)
        db.session.flush()
        planning.name_services(wave.id, edges)
        planning.freeze_items(wave.id)
        about = ("wave", wave.id)
        record(facts.PLANNED, by=past.by, about=about, at=past.opened)
        record(facts.OPENED, by=None, about=about, at=past.opened)
        record(facts.CLOSED, by=None, about=about, at=past.ended)
        return wave.id


class _Sheet:
    """What is said on the sheets of one survey."""

    def __init__(
        self, wave_id: int, past: Past, edges: Mapping[int, Edge], levels: Levels, dice: Random
    ) -> None:
        self.wave_id, self.past, self.edges, self.dice = wave_id, past, edges, dice
        self.levels, self.items = levels, items_of(wave_id)

    def request(self, key: Mapping[str, int], services: int) -> dict[str, Any]:
        """Somebody was asked on the first day about so many services."""
        days = {"asked_on": company_day(self.past.opened), "due_on": self._last_day()}
        return {**key, **days, "questions": services * len(self.items), "reminders": 0}

    def answers(self, service_id: int) -> Iterator[dict[str, Any]]:
        """What one of the customers says of a service."""
        level = self.levels.on(self.edges[service_id].name, self._last_day())
        for item in self.items:
            if item.kind == ItemKind.TEXT:
                continue
            at, low, high = level + LEANS.get(item.key, 0), 1, 5
            if item.kind == ItemKind.RECOMMEND:
                at, low, high = level * 2.2 - 1.5, 0, 10
            drawn = round(self.dice.gauss(at, (high - low) * SPREAD))
            row = self._row(service_id, item.version_id)
            yield {**row, "value": min(high, max(low, drawn))}

    def texts(self, service_id: int) -> Iterator[dict[str, Any]]:
        """What customers wrote of it, each text once."""
        version = next(item.version_id for item in self.items if item.kind == ItemKind.TEXT)
        for body in self.past.voices.get(self.edges[service_id].name, ()):
            yield {**self._row(service_id, version), "body": body, "lang": detect_lang(body)}

    def _row(self, service_id: int, version_id: int) -> dict[str, Any]:
        of = {"wave_id": self.wave_id, "service_id": service_id, "version_id": version_id}
        return {"key": secrets.token_hex(16), **of}

    def _last_day(self) -> date:
        return last_day_before(self.past.ended)


def _store(rows: Rows) -> None:
    end_read()
    for model, of_model in rows.items():
        for start in range(0, len(of_model), BATCH):
            with transaction():
                db.session.execute(insert(model), of_model[start : start + BATCH])


def _end(wave_id: int, past: Past, asked: Mapping[int, int]) -> None:
    """How many were asked, and that its figures were told on the day it ended: what is owed to it
    is due in its own time."""
    report = {
        "wave_id": wave_id,
        "k": SMALLEST,
        **participation(wave_id, SMALLEST),
        "told_on": company_day(past.ended),
        "ready": False,
    }
    of_wave = select(WaveService).where(WaveService.wave_id == wave_id)
    services = db.session.scalars(of_wave).all()
    end_read()
    with transaction():
        for service in services:
            service.asked = asked[service.service_id]
        add_missing(WaveReport, [report])
        keep_tree(wave_id)
