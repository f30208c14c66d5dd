"""Reading surveys: one function a page, each of known cost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, exists, func, or_, select

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db
from forum.core.errors import NotFound
from forum.core.paging import Page, decode_cursor, page_of, read_moment
from forum.surveys import policy
from forum.surveys.models import (
    ItemVersion,
    SurveyItem,
    Wave,
    WaveItem,
    WaveParticipation,
    WaveRequest,
    WaveSample,
    WaveService,
    WaveState,
)
from forum.surveys.wordings import COLUMNS, Asked

PAGE = 20
LISTED = 200


def open_to(person: Person) -> bool:
    """Whether the pages of surveys are open to somebody."""
    return policy.may_see(person)


def wave_or_404(reader: Person, wave_id: int) -> Wave:
    """A wave the reader may see. One query."""
    wave = db.session.get(Wave, wave_id) if policy.may_see(reader) else None
    if wave is None:
        raise NotFound
    return wave


class Waiting(NamedTuple):
    """A wave that waits for somebody's answers."""

    id: int
    title: str
    lang: str
    due_on: date
    services: int


def _open_and_unanswered(person_id: Any) -> tuple[Any, ...]:
    took_part = exists().where(
        WaveParticipation.wave_id == WaveRequest.wave_id,
        WaveParticipation.person_id == WaveRequest.person_id,
    )
    return (
        WaveRequest.person_id == person_id,
        Wave.state == WaveState.RUNNING,
        Wave.closes_at > now(),
        ~took_part,
    )


def waiting_for(person: Person) -> list[Waiting]:
    """What somebody is asked and has not answered, what ends first in front. One query."""
    services = (
        select(func.count())
        .where(WaveSample.wave_id == Wave.id, WaveSample.person_id == WaveRequest.person_id)
        .correlate(Wave, WaveRequest)
        .scalar_subquery()
    )
    query = (
        select(Wave.id, Wave.title, Wave.lang, WaveRequest.due_on, services)
        .join(WaveRequest, WaveRequest.wave_id == Wave.id)
        .where(*_open_and_unanswered(person.id))
        .order_by(Wave.closes_at, Wave.id)
    )
    return [Waiting(*row) for row in db.session.execute(query)]


def list_waves(after: str) -> Page[Wave]:
    """A page of waves, the last to open first. One query."""
    query = select(Wave).order_by(Wave.opens_at.desc(), Wave.id.desc()).limit(PAGE + 1)
    place = decode_cursor(after, (str, int))
    opens_at = read_moment(str(place[0])) if place is not None else None
    if place is not None and opens_at is not None:
        earlier = and_(Wave.opens_at == opens_at, Wave.id < place[1])
        query = query.where(or_(Wave.opens_at < opens_at, earlier))
    found = db.session.scalars(query).all()
    return page_of(found, PAGE, lambda wave: (wave.opens_at.isoformat(), wave.id))


def items_of(wave_id: int) -> list[Asked]:
    """What a wave asks of each service, in its order. One query."""
    query = (
        select(*COLUMNS)
        .join(ItemVersion, ItemVersion.item_id == SurveyItem.id)
        .join(WaveItem, WaveItem.version_id == ItemVersion.id)
        .where(WaveItem.wave_id == wave_id)
        .order_by(WaveItem.position)
    )
    return [Asked(*row) for row in db.session.execute(query)]


def services_of(wave_id: int) -> list[WaveService]:
    """What a wave asks about, by provider. One query."""
    query = select(WaveService).where(WaveService.wave_id == wave_id)
    order = (WaveService.provider_name, WaveService.name, WaveService.customer_name)
    return list(db.session.scalars(query.order_by(*order)))


class Listed(NamedTuple):
    """The first services of a wave, and how many there are."""

    rows: Sequence[Any]
    total: int


def first_services(wave_id: int) -> Listed:
    """What a list of a wave's services begins with, by provider. One query."""
    count = select(func.count()).where(WaveService.wave_id == wave_id).scalar_subquery()
    order = (WaveService.provider_name, WaveService.name, WaveService.customer_name)
    query = select(*order, count).where(WaveService.wave_id == wave_id)
    rows = db.session.execute(query.order_by(*order).limit(LISTED)).all()
    return Listed(rows, rows[0][3] if rows else 0)


class Place(NamedTuple):
    """Where somebody stands in a wave: what they are asked about, and whether they took part."""

    asked: bool
    took_part: bool
    services: Sequence[WaveService]

    @property
    def sample(self) -> frozenset[int]:
        """The services they are asked about."""
        return frozenset(each.service_id for each in self.services)


def place_of(person: Person, wave: Wave) -> Place:
    """Where somebody stands in a wave. Three queries."""
    key = (wave.id, person.id)
    asked = db.session.get(WaveRequest, key) is not None
    took_part = db.session.get(WaveParticipation, key) is not None
    query = (
        select(WaveService)
        .join(
            WaveSample,
            (WaveSample.wave_id == WaveService.wave_id)
            & (WaveSample.service_id == WaveService.service_id),
        )
        .where(WaveSample.wave_id == wave.id, WaveSample.person_id == person.id)
        .order_by(WaveService.provider_name, WaveService.name)
    )
    return Place(asked, took_part, list(db.session.scalars(query)))


class Progress(NamedTuple):
    """How far asking has come."""

    asked: int
    passed: int
    to_ask: int


def progress_of(wave: Wave) -> Progress:
    """How many people a wave has asked, and how far it has gone through those it serves. One query.

    How many of them answered is told when it has closed: a number that moves would tell who.
    """
    asked = db.session.scalar(select(func.count()).where(WaveRequest.wave_id == wave.id)) or 0
    return Progress(asked, wave.to_ask if wave.asked_all_at else asked, wave.to_ask)


def overlapping(wave: Wave) -> list[Wave]:
    """Other waves about the same services that run at the same time. One query."""
    mine = select(WaveService.service_id).where(WaveService.wave_id == wave.id)
    shares = exists().where(WaveService.wave_id == Wave.id, WaveService.service_id.in_(mine))
    query = select(Wave).where(
        Wave.id != wave.id,
        Wave.opens_at < wave.closes_at,
        Wave.closes_at > wave.opens_at,
        or_(Wave.state == WaveState.PLANNED, Wave.state == WaveState.RUNNING),
        shares,
    )
    return list(db.session.scalars(query.order_by(Wave.opens_at, Wave.id)))
