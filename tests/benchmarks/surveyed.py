"""Fill a forum with years of surveys, fast: rows written in bulk, shaped as the rules shape them.
Figures, replies owed and verdicts are made by the forum itself."""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import delete, func, insert, select, update

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db, end_read, transaction
from forum.core.site import save_settings
from forum.departments.models import Department, Membership, Representative, Service
from forum.departments.services.asked import Edge, confirmed_edges, served_by
from forum.ideas.models import Idea
from forum.standards.models import Standard
from forum.surveys import planning, wordings
from forum.surveys.change.models import IdeaMeasure, IdeaPromise
from forum.surveys.loop.models import Reply, ReplyIdea
from forum.surveys.models import (
    ItemKind,
    Purpose,
    SurveyAnswer,
    SurveyText,
    Wave,
    WaveParticipation,
    WaveRequest,
    WaveSample,
    WaveState,
)
from forum.surveys.results import keeping
from forum.surveys.results.framing import keep_tree
from forum.surveys.results.models import WaveResult
from forum.thanks.models import Thanks, ThanksTo
from forum.training.models import Case, CaseDepartment
from tests.benchmarks.crowded import READER
from tests.benchmarks.fill import FewWords
from tests.benchmarks.mapping import drawn
from tests.benchmarks.standards import written

MODULES = ["map", "surveys", "insights", "training", "thanks"]
QUARTER, OPEN_FOR, AFTER = timedelta(days=91), timedelta(days=14), timedelta(weeks=6)
TEXTS = 5
"""One of so many who answer about a service writes something too."""
CHUNK = 20_000


class Size(NamedTuple):
    """How much there is."""

    departments: int = 200
    services: int = 3_000
    people: int = 2_000
    answers: int = 100_000
    """Of somebody about a service, six values each, in all waves together."""
    quarters: int = 20
    ideas: int = 60
    """Those that promised to move something."""


class Asked(NamedTuple):
    """What there is to ask: services with who can answer each, and items."""

    edges: Sequence[Edge]
    people: Mapping[int, Sequence[int]]
    scales: Sequence[tuple[int, range]]
    text: int


Rows = list[dict[str, Any]]


def surveyed(app: Flask, size: Size) -> None:
    """A company of that size after so many quarters, whose figures are told."""
    settled(app, size)
    with app.app_context():
        standard = written(app, "How we serve", 5, 1)
        asked = _asked()
        waves = list(_quarters(size, asked))
        timed("figures of all waves", lambda: _tell(waves))
        _reply(waves)
        afters = _changes(size, asked, waves, standard)
        timed("figures of waves after changes", lambda: _tell(afters))
        told = func.count(WaveResult.one.distinct())
        newest = select(told).where(WaveResult.wave_id == waves[-1], WaveResult.scope == "service")
        print(f"{db.session.scalar(newest)} services are told of in the newest wave", flush=True)
        thanked_and_taught()


def thanked_and_taught() -> None:
    """Six cases and six thank-yous for each place: for ideas, services, and nothing."""
    at, words = now(), {"text_id": 1, "lang": "en"}
    open_ones = {"state": "open", "opened_at": at, "drafted_by_id": READER, "lang": "en"}
    texts = {"situation_id": 1, "happened_id": 2, "learned_id": 3}
    places = [place for place in _places() for _each in range(6)]
    last = {model: db.session.scalar(select(func.max(model.id))) or 0 for model in (Case, Thanks)}
    cases = list(enumerate(places, last[Case] + 1))
    bulk(Case, [{"id": n, "title": f"Case {n}", **open_ones, **texts} for n, _place in cases])
    bulk(CaseDepartment, [{"case_id": n, "department_id": place} for n, place in cases])
    kinds = ("idea", 1), ("service", 2), ("", None)
    lines = list(enumerate(places, last[Thanks] + 1))
    rows = [
        {"id": n, "author_id": n % 200 + 1, "subject_kind": kind, "subject_id": number, "at": at}
        for (n, _place), (kind, number) in zip(lines, cycle(kinds), strict=False)
    ]
    bulk(Thanks, [{**row, **words, "private": False, "everyone": False} for row in rows])
    bulk(ThanksTo, [{"thanks_id": n, "department_id": place, "named": True} for n, place in lines])


def settled(app: Flask, size: Size) -> None:
    """A company of that size, with every module, in which nobody was asked anything yet."""
    drawn(app, size.departments, size.services)
    with app.app_context(), transaction():
        save_settings({"modules": MODULES})
        db.session.execute(update(Service).values(state="confirmed"))
    with app.app_context():
        _move_in(size)


def _tell(waves: Sequence[int]) -> None:
    for each in waves:
        keeping.tell(each)


def timed(name: str, step: Callable[[], object]) -> None:
    """Do something, and print its CPU seconds."""
    begun = time.process_time()
    step()
    print(f"{name}: {time.process_time() - begun:.2f} s CPU", flush=True)


def bulk(model: Any, rows: Rows) -> None:
    """Insert rows in writes of their own."""
    end_read()
    for start in range(0, len(rows), CHUNK):
        with transaction():
            part = rows[start : start + CHUNK]
            db.session.connection().execute(insert(model.__table__), part)


def _move_in(size: Size) -> None:
    """Everybody into a place of the map, and more people than there are; two answer for each."""
    at, ids = now(), _places()
    first = db.session.scalar(select(func.max(Person.id))) or 0
    plain = {"role": "employee", "kind": "staff", "signed_in_at": at, "created_at": at}
    more = [
        {"id": n, "name": f"Person {n}", "email": f"person{n}@example.org", **plain}
        for n in range(first + 1, size.people + 1)
    ]
    bulk(Person, more)
    everybody = [(n, ids[n % len(ids)]) for n in range(1, max(first, size.people) + 1)]
    with transaction():
        for model in (Membership, Representative):
            db.session.execute(delete(model))
        rows = [{"id": person, "department_id": place} for person, place in everybody]
        db.session.execute(update(Person), rows)
    members = [{"person_id": one, "department_id": place, "since": at} for one, place in everybody]
    bulk(Membership, members)
    bulk(Representative, members[: 2 * len(ids)])


def _places() -> list[int]:
    query = select(Department.id).where(Department.slug.like("place-%")).order_by(Department.id)
    return list(db.session.scalars(query))


def _asked() -> Asked:
    with transaction():
        wordings.ensure()
    edges = confirmed_edges()
    served = served_by(edges)
    people: dict[int, list[int]] = {edge.id: [] for edge in edges}
    for person, department in db.session.execute(select(Person.id, Person.department_id)):
        for service in served.services_of(department):
            people[service].append(person)
    items = wordings.current()
    texts = [item.version_id for item in items if item.kind == ItemKind.TEXT]
    scales = [
        (item.version_id, range(11) if item.kind == ItemKind.RECOMMEND else range(1, 6))
        for item in items
        if item.kind != ItemKind.TEXT
    ]
    return Asked(edges, people, scales, texts[0])


def _quarters(size: Size, asked: Asked) -> Iterator[int]:
    """Regular waves, the last of which closed yesterday."""
    chance = random.Random(7)  # noqa: S311
    for quarter in range(size.quarters):
        closed = now() - timedelta(days=1) - QUARTER * (size.quarters - 1 - quarter)
        chosen = _chosen(chance, asked, size.answers // size.quarters)
        yield _wave(chance, asked, asked.edges, chosen, f"Quarter {quarter + 1}", closed)


def _chosen(chance: random.Random, asked: Asked, count: int) -> dict[int, int]:
    """How many answer about each service; popular ones stay popular, and nobody answers twice."""
    weights = [random.Random(edge.id).paretovariate(0.7) for edge in asked.edges]  # noqa: S311
    chosen = dict.fromkeys((edge.id for edge in asked.edges), 0)
    left = min(count, sum(map(len, asked.people.values())))
    while left:
        for edge in chance.choices(asked.edges, weights, k=left):
            if chosen[edge.id] < len(asked.people[edge.id]):
                chosen[edge.id] += 1
                left -= 1
        weights = [weight**0.8 for weight in weights]
    return chosen


def just_closed(values: int) -> int:
    """A wave with so many values answered, which has closed and was not rewritten yet."""
    chance, asked = random.Random(9), _asked()  # noqa: S311
    chosen = _chosen(chance, asked, values // len(asked.scales))
    closed = now() - timedelta(minutes=1)
    wave = _wave(chance, asked, asked.edges, chosen, "Just closed", closed, mixed_at=None)
    rows = [
        {"wave_id": wave, "service_id": service, "person_id": person}
        for service, count in chosen.items()
        for person in asked.people[service][:count]
    ]
    bulk(WaveSample, rows)
    return wave


def _wave(
    chance: random.Random,
    asked: Asked,
    edges: Sequence[Edge],
    chosen: Mapping[int, int],
    title: str,
    closed: datetime,
    **fields: Any,
) -> int:
    """A wave that has closed, with so many answers about each service."""
    end_read()
    with transaction():
        wave = Wave(
            title=title,
            state=WaveState.CLOSED,
            opens_at=closed - OPEN_FOR,
            closes_at=closed,
            asked_all_at=closed,
            k=5,
            **{"mixed_at": closed, **fields},
        )
        db.session.add(wave)
        db.session.flush()
        number = wave.id
        planning.name_services(number, list(edges))
        planning.freeze_items(number)
        keep_tree(number)
    took_part = {one for edge in edges for one in asked.people[edge.id][: chosen[edge.id]]}
    who = [{"wave_id": number, "person_id": one} for one in sorted(took_part)]
    bulk(WaveParticipation, who)
    day = closed.date()
    bulk(WaveRequest, [{**row, "asked_on": day, "due_on": day, "questions": 28} for row in who])
    answers(chance, asked, number, chosen)
    return number


def answers(chance: random.Random, asked: Asked, wave: int, chosen: Mapping[int, int]) -> None:
    """So many answers about each service, a few of them with a text."""
    prose = FewWords(chance)
    values: Rows = []
    texts: Rows = []
    for service, count in chosen.items():
        leaning = 0.4 + 0.5 * random.Random(f"{service} {wave // 4}").random()  # noqa: S311
        for _answer in range(count):
            about = {"wave_id": wave, "service_id": service}
            for version, scale in asked.scales:
                value = scale[sum(chance.random() < leaning for _step in scale[1:])]
                key = secrets.token_hex(16)
                values.append({**about, "key": key, "version_id": version, "value": value})
            if chance.randrange(TEXTS) == 0:
                said = {"key": secrets.token_hex(16), "lang": "en", "body": prose.title(chance, "")}
                texts.append({**about, **said, "version_id": asked.text})
    bulk(SurveyAnswer, values)
    bulk(SurveyText, texts)


def _reply(waves: Sequence[int]) -> None:
    """All owed replies are said, but half of those to the newest wave, the reader's among them."""
    mine = db.session.get_one(Person, READER).department_id or 0
    end_read()
    with transaction():
        words = {"heard_id": 1, "will_id": 2, "will_not_id": 3, "at": now(), "next_on": None}
        newest, others = Reply.wave_id == waves[-1], Reply.department_id % 2 != mine % 2
        db.session.execute(update(Reply).where(~newest | others).values(**words))
    replied = db.session.scalars(select(Reply.id).where(Reply.at.is_not(None))).all()
    bulk(ReplyIdea, [{"reply_id": one, "idea_id": one % 200 + 1} for one in replied])


def _changes(size: Size, asked: Asked, waves: Sequence[int], standard: str) -> list[int]:
    """Ideas that promised to move five services in three items, and two waves after each."""
    chance, found = random.Random(8), []  # noqa: S311
    scales = select(Standard.id).where(Standard.number == standard)
    standard_id = db.session.scalars(scales).one()
    items = [item.item_id for item in wordings.current()[:3]]
    able = [edge for edge in asked.edges if len(asked.people[edge.id]) >= 8]
    ideas = db.session.scalars(select(Idea.id).order_by(Idea.id).limit(size.ideas)).all()
    for place, idea in enumerate(ideas):
        edges = chance.sample(able, min(5, len(able)))
        baseline = waves[place % max(len(waves) - 2, 1)]
        since = db.session.get_one(Wave, baseline).closes_at + timedelta(days=7)
        kept = {"at": since, "baseline_id": baseline}
        promises = [
            {"idea_id": idea, "service_id": edge.id, "item_id": item, **kept}
            for edge in edges
            for item in items
        ]
        bulk(IdeaPromise, promises)
        measure = {"idea_id": idea, "standard_id": standard_id, "since": since.date()}
        bulk(IdeaMeasure, [measure])
        with transaction():
            accepted = update(Idea).where(Idea.id == idea)
            db.session.execute(accepted.values(stage_kind="accepted"))
        chosen = {edge.id: min(20, len(asked.people[edge.id])) for edge in edges}
        for times in (1, 2):
            fields = {"purpose": Purpose.AFTER, "idea_id": idea, "baseline_id": baseline}
            closed = since + AFTER * times
            title = f"After idea {idea}"
            found.append(_wave(chance, asked, edges, chosen, title, closed, **fields))
    return found
