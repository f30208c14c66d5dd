"""What the demo's past surveys say, what IT replied, and two ideas with their before and after."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from sqlalchemy import select

from forum.core.calendar import company_day, midnight
from forum.core.clock import now
from forum.core.db import db, end_read, transaction
from forum.core.textcheck import detect_lang
from forum.demo.people import Cast
from forum.departments.queries import answers_for
from forum.departments.services.asked import Edge, confirmed_edges
from forum.ideas.models import Idea
from forum.standards.models import Version, VersionIdea, VersionState
from forum.surveys import planning
from forum.surveys.change.measuring import AFTER
from forum.surveys.change.models import IdeaMeasure, IdeaPromise
from forum.surveys.loop import actions
from forum.surveys.loop.models import Reply
from forum.surveys.models import ItemKind, Purpose, SurveyAnswer, Wave, WaveState
from forum.surveys.queries import items_of
from forum.surveys.results import keeping
from forum.surveys.rows import add_missing
from forum.surveys.wordings import Asked

BATCH = 200
SPRING = "First survey · Первый опрос"
SPRING_ENDED = timedelta(days=150)
ANSWERS = 16
"""Answers about each service of an idea."""
MEANS = ((2.4, 3.9), (3.4, 3.4))
"""Before and after: of one idea that clearly helped, and of one of which nobody can tell."""
LONG_ENOUGH = AFTER[0] + timedelta(days=14)
REPLY = actions.Words(
    heard="Answers come quickly, but nobody knows who is working on a request.",
    will="From this month every request names the person who has it and the day it will be done.",
    will_not="We will not answer by phone after four: two of us look after the night run then.",
)


class Past(NamedTuple):
    """A wave that ended: its title, its last day, and what else is known of it."""

    title: str
    ended: datetime
    purpose: Purpose = Purpose.REGULAR
    idea_id: int | None = None
    baseline_id: int | None = None


def add(cast: Cast) -> None:
    """A wave in spring, two measured ideas, the figures of all that ended, and a reply."""
    edges = confirmed_edges()
    if not edges:
        return
    dice = Random(28)  # noqa: S311 -- invented answers
    ended = midnight(company_day() - SPRING_ENDED)
    _wave(Past(SPRING, ended), edges, {edge.id: dice.uniform(2.5, 4.2) for edge in edges}, dice)
    for found, means in zip(_ideas(), MEANS, strict=False):
        _measure(found, edges, means, dice)
    keeping.sweep()
    _reply(cast)


def _ideas() -> list[Any]:
    """Ideas whose standard has been in force for some months: number, title, owner, standard and
    since when."""
    query = (
        select(Idea.id, Idea.title, Idea.owner_department_id, Version.standard_id)
        .add_columns(Version.published_at)
        .join(VersionIdea, VersionIdea.idea_id == Idea.id)
        .join(Version, Version.id == VersionIdea.version_id)
        .where(Version.state == VersionState.IN_FORCE, Version.published_at < now() - LONG_ENOUGH)
        .order_by(Version.published_at.desc(), Idea.id)
        .limit(len(MEANS))
    )
    return list(db.session.execute(query).all())


def _measure(found: Any, edges: Sequence[Edge], means: tuple[float, float], dice: Random) -> None:
    """What an idea promised, the wave before it and those after it that are over."""
    idea_id, title, owner, standard_id, published_at = found
    mine = [edge for edge in edges if edge.provider_id == owner][:1] or list(edges[:1])
    since: date = company_day(published_at)
    before, after = ({mine[0].id: mean} for mean in means)
    wave = _wave(
        Past(f"{title}: before"[:200], midnight(since - timedelta(days=7)), Purpose.BASELINE),
        *(mine, before, dice),
    )
    promised = [item for item in items_of(wave) if item.kind == ItemKind.SCALE][:2]
    with transaction():
        add_missing(IdeaPromise, [_promise(idea_id, mine[0].id, item) for item in promised])
        measure = {"idea_id": idea_id, "standard_id": standard_id, "since": since}
        add_missing(IdeaMeasure, [{**measure, "baseline_id": wave}])
    for later in AFTER:
        ended = midnight(since + later + timedelta(days=12))
        if ended < now():
            past = Past(f"{title}: after"[:200], ended, Purpose.AFTER, idea_id, wave)
            _wave(past, mine, after, dice)


def _promise(idea_id: int, service_id: int, item: Asked) -> dict[str, Any]:
    return {"idea_id": idea_id, "service_id": service_id, "item_id": item.item_id, "at": now()}


def _wave(past: Past, edges: Sequence[Edge], liked: Mapping[int, float], dice: Random) -> int:
    """A wave with its answers, as it is once it has ended."""
    opened = past.ended - timedelta(days=11)
    end_read()
    with transaction():
        wave = Wave(
            title=past.title,
            lang=detect_lang(past.title),
            state=WaveState.CLOSED,
            purpose=past.purpose,
            k=5,
            opens_at=opened,
            closes_at=past.ended,
            created_at=opened,
            asked_all_at=opened,
            mixed_at=past.ended,
            idea_id=past.idea_id,
            baseline_id=past.baseline_id,
        )
        db.session.add(wave)
        db.session.flush()
        planning.name_services(wave.id, edges)
        planning.freeze_items(wave.id)
    rows = [row for edge in edges for row in _answers(wave.id, edge.id, liked[edge.id], dice, past)]
    end_read()
    for start in range(0, len(rows), BATCH):
        with transaction():
            add_missing(SurveyAnswer, rows[start : start + BATCH])
    return wave.id


def _answers(
    wave_id: int, service_id: int, mean: float, dice: Random, past: Past
) -> list[dict[str, Any]]:
    """As many answers to each item; of a regular wave some services have few."""
    count = ANSWERS if past.purpose != Purpose.REGULAR else dice.choice((2, 4, 7, 9, 12))
    found = []
    for item in items_of(wave_id):
        if item.kind == ItemKind.TEXT:
            continue
        low, high, at = (1, 5, mean) if item.kind == ItemKind.SCALE else (0, 10, mean * 2.2 - 1.5)
        for _each in range(count):
            value = min(high, max(low, round(dice.gauss(at, (high - low) * 0.2))))
            row = {"wave_id": wave_id, "service_id": service_id, "version_id": item.version_id}
            found.append({**row, "key": secrets.token_hex(16), "value": value})
    return found


def _reply(cast: Cast) -> None:
    """What those who answer for a department said to spring, so that the next survey begins with
    it."""
    boris = cast.people["boris"]
    query = (
        select(Reply)
        .join(Wave, Wave.id == Reply.wave_id)
        .where(Reply.department_id.in_(answers_for(boris.id)))
        .order_by(Wave.closes_at)
        .limit(1)
    )
    owed = db.session.scalars(query).first()
    if owed is not None:
        actions.reply(boris, owed, REPLY)
