"""A survey with nothing to ask does not open: it stays planned, and whoever planned it is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from forum.accounts.models import Person, Role
from forum.core.clock import now
from forum.core.db import db, end_read, transaction
from forum.core.events import Event, record
from forum.core.i18n import lazy
from forum.surveys import facts
from forum.surveys.models import Wave, WaveState

LATE = timedelta(minutes=10)
"""After so long a survey that is still planned was not just missed by the jobs."""
MOST_TOLD = 50


class Why(StrEnum):
    """What a survey lacks."""

    SERVICES = "services"
    QUESTIONS = "questions"


WORDS = {
    Why.SERVICES: lazy("none of its services can be asked about any more"),
    Why.QUESTIONS: lazy("no question is asked any more"),
}


def lacks(services: int, questions: int) -> Why | None:
    """What there is none of."""
    if not services:
        return Why.SERVICES
    return None if questions else Why.QUESTIONS


def is_late(wave: Wave, at: datetime) -> bool:
    """Whether it should have opened by now."""
    return wave.state == WaveState.PLANNED and wave.opens_at + LATE < at


def hold(wave_id: int, why: Why) -> None:
    """Say once of a survey that is due why it does not open, and again once it was changed."""
    due = select(Wave).where(Wave.id == wave_id, Wave.state == WaveState.PLANNED)
    wave = db.session.scalars(due.where(Wave.opens_at <= now())).first()
    if wave is None or _is_said(wave, why):
        return
    people, revision = _people(wave), wave.revision
    end_read()
    with transaction():
        told: dict[str, Any] = {"why": why.value, "revision": revision, "people": people}
        record(facts.HELD, by=None, about=("wave", wave_id), **told)


def _is_said(wave: Wave, why: Why) -> bool:
    """One query, by the index of the log."""
    query = select(Event.payload).where(
        Event.object_kind == "wave", Event.object_id == wave.id, Event.type == facts.HELD.name
    )
    said = db.session.scalars(query.order_by(Event.id.desc()).limit(1)).first()
    return said is not None and (said["why"], said["revision"]) == (why.value, wave.revision)


def _people(wave: Wave) -> Sequence[int]:
    """Who planned it, while they may change it; otherwise all who may."""
    query = select(Person.id).where(
        Person.role.in_((Role.MODERATOR, Role.ADMIN)), Person.deactivated_at.is_(None)
    )
    planner = db.session.scalars(query.where(Person.id == wave.created_by_id)).all()
    return planner or db.session.scalars(query.order_by(Person.id).limit(MOST_TOLD)).all()
