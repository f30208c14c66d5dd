"""Reading surveys: one function a page, each of known cost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, and_, bindparam, exists, func, or_, select

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db, read_columns
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
from forum.surveys.waves import last_of
from forum.surveys.wordings import COLUMNS, Asked

PAGE = 20
LISTED = 200
THIS: BindParameter[Any] = bindparam("wave", type_=Wave.id.type)
WHOSE: BindParameter[Any] = bindparam("whose", type_=Person.id.type)


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
    closes_at: datetime
    services: int

    @property
    def until(self) -> str:
        """Until when, in words."""
        return last_of(self.closes_at)


_TOOK_PART = exists().where(
    WaveParticipation.wave_id == WaveRequest.wave_id,
    WaveParticipation.person_id == WaveRequest.person_id,
)
_SERVICES = (
    select(func.count())
    .where(WaveSample.wave_id == Wave.id, WaveSample.person_id == WaveRequest.person_id)
    .correlate(Wave, WaveRequest)
    .scalar_subquery()
)
WAITING = (
    select(Wave.id, Wave.title, Wave.lang, Wave.closes_at, _SERVICES)
    .join(WaveRequest, WaveRequest.wave_id == Wave.id)
    .where(
        WaveRequest.person_id == WHOSE,
        Wave.state == WaveState.RUNNING,
        Wave.closes_at > bindparam("at"),
        ~_TOOK_PART,
    )
    .order_by(Wave.closes_at, Wave.id)
)


def waiting_for(person: Person) -> list[Waiting]:
    """What somebody is asked and has not answered, what ends first in front. One query."""
    rows = read_columns(WAITING, {"whose": person.id, "at": now()})
    return [Waiting._make(row) for row in rows]


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


ITEMS = (
    select(*COLUMNS)
    .join(ItemVersion, ItemVersion.item_id == SurveyItem.id)
    .join(WaveItem, WaveItem.version_id == ItemVersion.id)
    .where(WaveItem.wave_id == THIS)
    .order_by(WaveItem.position)
)


def items_of(wave_id: int) -> list[Asked]:
    """What a wave asks of each service, in its order. One query."""
    return [Asked(*row) for row in read_columns(ITEMS, {"wave": wave_id})]


NAMED = (WaveService.provider_name, WaveService.name, WaveService.customer_name)


def services_of(wave_id: int) -> list[WaveService]:
    """What a wave asks about, by provider. One query."""
    query = select(WaveService).where(WaveService.wave_id == wave_id)
    return list(db.session.scalars(query.order_by(*NAMED)))


class Listed(NamedTuple):
    """The first services of a wave, each after who serves and before who is served; and how many
    there are."""

    rows: Sequence[Any]
    total: int


_ALL = select(func.count()).where(WaveService.wave_id == THIS).scalar_subquery()
FIRST = select(*NAMED, _ALL).where(WaveService.wave_id == THIS).order_by(*NAMED).limit(LISTED)


def first_services(wave_id: int) -> Listed:
    """What a list of a wave's services begins with, by provider. One query."""
    rows = read_columns(FIRST, {"wave": wave_id}).all()
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


STANDING = select(
    *(
        exists().where(each.wave_id == THIS, each.person_id == WHOSE)
        for each in (WaveRequest, WaveParticipation)
    )
)
SAMPLE = (
    select(WaveService)
    .join(
        WaveSample,
        (WaveSample.wave_id == WaveService.wave_id)
        & (WaveSample.service_id == WaveService.service_id),
    )
    .where(WaveSample.wave_id == THIS, WaveSample.person_id == WHOSE)
    .order_by(WaveService.provider_name, WaveService.name)
)


def place_of(person: Person, wave: Wave) -> Place:
    """Where somebody stands in a wave. Two queries."""
    bound = {"wave": wave.id, "whose": person.id}
    asked, took_part = read_columns(STANDING, bound).one()
    return Place(asked, took_part, list(db.session.scalars(SAMPLE, bound)))


class Progress(NamedTuple):
    """How far asking has come."""

    asked: int
    passed: int
    to_ask: int


ASKED = select(func.count()).where(WaveRequest.wave_id == THIS)


def progress_of(wave: Wave) -> Progress:
    """How many people a wave has asked, and how far it has gone through those it serves. One query.

    How many of them answered is told when it has closed: a number that moves would tell who.
    """
    asked = read_columns(ASKED, {"wave": wave.id}).scalar_one()
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
