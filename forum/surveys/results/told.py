"""Reading what was told of waves; nothing here looks at an answer.

A figure is of k people or more when it is written down. Where the company has raised k since, older
figures of fewer people are told no more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    String,
    and_,
    bindparam,
    literal,
    or_,
    select,
    union_all,
)

from forum.accounts.models import Person
from forum.core.db import db, read_columns
from forum.core.errors import NotFound
from forum.core.kept import column
from forum.core.site import site
from forum.departments.models import Department
from forum.surveys.figures.counts import SCALE, Counts
from forum.surveys.models import (
    ItemKind,
    ItemVersion,
    Purpose,
    SurveyItem,
    SurveyText,
    Wave,
    WaveItem,
    WaveService,
)
from forum.surveys.policy import may_see
from forum.surveys.results.atoms import Node
from forum.surveys.results.models import (
    WaveFrame,
    WaveOverall,
    WaveReport,
    WaveResult,
    WaveVoice,
)
from forum.surveys.waves import last_day_before
from forum.surveys.wordings import COLUMNS
from forum.surveys.wordings import Asked as Item

WAVES = 40
"""Waves of a trend, the newest."""


@dataclass(frozen=True, slots=True)
class Told:
    """A wave with its report, None while there is none."""

    wave: Wave
    report: WaveReport | None

    @property
    def k(self) -> int:
        """How many people a figure is of at least."""
        return max(self.report.k if self.report else 0, site().survey_k)

    @property
    def took_part(self) -> int | None:
        """How many took part, where as many as of any figure did, and as many who were asked did
        not: where nearly all did, who did is known."""
        kept = self.report
        if kept is None or min(kept.took_part or 0, kept.others or 0) < self.k:
            return None
        return kept.took_part

    @property
    def ended_on(self) -> date:
        """Its last day."""
        return last_day_before(self.wave.closes_at)


# What every page of results asks is put together once: that takes as long as asking it.
THIS = bindparam("wave", type_=BigInteger)
WITH_REPORT = (
    select(Wave, WaveReport)
    .outerjoin(WaveReport, and_(WaveReport.wave_id == Wave.id, WaveReport.ready))
    .where(Wave.id == THIS)
)


def wave_or_404(reader: Person, wave_id: int) -> Told:
    """A wave that somebody may see, and its report once that is ready. One query."""
    row = db.session.execute(WITH_REPORT, {"wave": wave_id}).first()
    if row is None or not may_see(reader):
        raise NotFound
    return Told(*row)


def of_wave(wave_id: int) -> Told:
    """A wave that is there, with its report. One query."""
    return Told(*db.session.execute(WITH_REPORT, {"wave": wave_id}).one())


ITEMS = (
    select(*COLUMNS)
    .join(SurveyItem, SurveyItem.id == ItemVersion.item_id)
    .join(WaveItem, WaveItem.version_id == ItemVersion.id)
    .where(WaveItem.wave_id == THIS, SurveyItem.kind != ItemKind.TEXT)
    .order_by(WaveItem.position, ItemVersion.id)
)


def items_of(wave_id: int) -> list[Item]:
    """What a wave asked, in order; not what is answered in words. One query."""
    return [Item(*row) for row in db.session.execute(ITEMS, {"wave": wave_id})]


@lru_cache(16_384)
def counts_of(kept: str, worth: int | None = None) -> Counts:
    """Counts as they are kept; a scale of five begins at 1, the other at 0. Those of one service
    count as many as they are."""
    of = tuple(map(int, kept.split()))
    return Counts(of, SCALE[0] if len(of) == len(SCALE) else 0, worth)


def at(model: Any) -> ColumnElement[bool]:
    """Whether a row is of the whole that is asked for."""
    return and_(
        model.scope == bindparam("scope", type_=String),
        model.one == bindparam("one", type_=BigInteger),
        model.other == bindparam("other", type_=BigInteger),
    )


ENOUGH = bindparam("k", type_=Integer)


def asked_of(node: Node, k: int, **more: int) -> dict[str, Any]:
    """The values for a statement about a whole."""
    return {"scope": node[0], "one": node[1], "other": node[2], "k": k, **more}


FIGURES = select(WaveResult.version_id, WaveResult.counts, WaveResult.worth).where(
    WaveResult.wave_id == THIS, at(WaveResult), WaveResult.people >= ENOUGH
)


def figures_of(told: Told, node: Node) -> dict[int, Counts]:
    """What was answered in a whole, by the item's version. One query."""
    rows = db.session.execute(FIGURES, asked_of(node, told.k, wave=told.wave.id))
    return {row[0]: counts_of(row[1], row[2]) for row in rows}


def comparable(versions: str, others: str) -> bool:
    """Whether two means are of the same questions in the same words; not where that is unknown."""
    return versions == others != ""


class Overall(NamedTuple):
    """The items of a whole together."""

    mean: float
    n: int


def overall_of(
    told: Told, scopes: Sequence[str], which: Iterable[int] | None = None
) -> dict[tuple[str, int], Overall]:
    """Wholes of some kinds, all or some, by kind and number. One query."""
    query = select(WaveOverall.scope, WaveOverall.one, WaveOverall.mean, WaveOverall.n).where(
        WaveOverall.wave_id == told.wave.id,
        WaveOverall.scope.in_(scopes),
        WaveOverall.people >= told.k,
    )
    if which is not None:
        query = query.where(WaveOverall.one.in_(list(which)))
    return {(row[0], row[1]): Overall(row[2], row[3]) for row in db.session.execute(query)}


class Piece(NamedTuple):
    """A part of a whole, as it is called, with its figure where that may be told."""

    one: int
    name: str
    note: str
    overall: Overall | None


def _piece(one: int, name: str, mean: float | None, n: int | None) -> Piece:
    return Piece(one, name, "", Overall(mean, n or 0) if mean is not None else None)


def sides_of(
    told: Told, which: ColumnElement[bool], scopes: Sequence[str]
) -> dict[str, list[Piece]]:
    """The departments on either side of some services of a wave, as they are called today. One
    query."""
    columns: dict[str, Any] = {
        "provider": WaveService.provider_id,
        "customer": WaveService.customer_id,
    }
    asked = [
        select(literal(scope).label("scope"), columns[scope].label("one"))
        .where(WaveService.wave_id == told.wave.id, which)
        .distinct()
        for scope in scopes
    ]
    sides = (union_all(*asked) if len(asked) > 1 else asked[0]).subquery()
    at = and_(
        WaveOverall.wave_id == told.wave.id,
        WaveOverall.scope == sides.c.scope,
        WaveOverall.one == sides.c.one,
        WaveOverall.people >= told.k,
    )
    query = (
        select(sides.c.scope, sides.c.one, Department.name, WaveOverall.mean, WaveOverall.n)
        .join(Department, Department.id == sides.c.one)
        .outerjoin(WaveOverall, at)
    )
    found: dict[str, list[Piece]] = {scope: [] for scope in scopes}
    for scope, *row in db.session.execute(query):
        found[scope].append(_piece(*row))
    return found


def levels_of(told: Told) -> list[Piece]:
    """Departments that had others below them on the day it opened, where the wave asked about what
    is served there, by name. One query."""
    above = select(WaveFrame.parent_id).where(WaveFrame.wave_id == told.wave.id)
    at = and_(
        WaveOverall.wave_id == told.wave.id,
        WaveOverall.scope == "tree",
        WaveOverall.one == Department.id,
        WaveOverall.people >= told.k,
    )
    query = (
        select(Department.id, Department.name, WaveOverall.mean, WaveOverall.n)
        .outerjoin(WaveOverall, at)
        .where(Department.id.in_(above), Department.id.in_(_asked_below(told.wave.id)))
        .order_by(Department.name, Department.id)
    )
    return [_piece(*row) for row in db.session.execute(query)]


def _asked_below(wave_id: int) -> Any:
    """Who provides what a wave asked about, and all above them on the day it opened: a subquery."""
    serving = select(WaveService.provider_id.label("place")).where(WaveService.wave_id == wave_id)
    found = serving.cte("asked_below", recursive=True)
    above = select(WaveFrame.parent_id).join(found, WaveFrame.department_id == found.c.place)
    return select(found.union(above.where(WaveFrame.wave_id == wave_id)).c.place)


class Asked(NamedTuple):
    """A service a wave asked about, named as it was."""

    service_id: int
    name: str
    provider_id: int | None
    provider_name: str
    customer_id: int | None
    customer_name: str


ASKED: tuple[Any, ...] = (
    *(WaveService.service_id, WaveService.name, WaveService.provider_id),
    *(WaveService.provider_name, WaveService.customer_id, WaveService.customer_name),
)


def services_of(wave_id: int, which: ColumnElement[bool]) -> list[Asked]:
    """Services that a wave asked about. One query."""
    query = (
        select(*ASKED)
        .where(WaveService.wave_id == wave_id, which)
        .order_by(WaveService.provider_name, WaveService.name, WaveService.customer_name)
        .order_by(WaveService.service_id)
    )
    return [Asked(*row) for row in db.session.execute(query)]


class Voice(NamedTuple):
    """A text under its random key."""

    key: str
    lang: str
    body: str


VOICES = (
    select(SurveyText.key, SurveyText.lang, SurveyText.body)
    .join(WaveVoice, WaveVoice.key == SurveyText.key)
    .where(WaveVoice.wave_id == THIS, at(WaveVoice), WaveVoice.people >= ENOUGH)
    .order_by(WaveVoice.key)
)


def voices_of(told: Told, node: Node) -> list[Voice]:
    """The texts that are told at a whole, in an order that says nothing. One query."""
    rows = read_columns(VOICES, asked_of(node, told.k, wave=told.wave.id))
    return [Voice(*row) for row in rows]


class Then(NamedTuple):
    """What a whole was told to be in one wave: items by their key, with the version."""

    wave_id: int
    title: str
    lang: str
    closed_at: datetime
    said: tuple[tuple[str, int, Counts], ...]

    @property
    def ended_on(self) -> date:
        """Its last day."""
        return last_day_before(self.closed_at)

    @property
    def figures(self) -> dict[str, tuple[int, Counts]]:
        """The version and the counts of each item."""
        return {key: (version, counts) for key, version, counts in self.said}


REGULAR = select(Wave.id).where(Wave.purpose == Purpose.REGULAR)
NEWEST = (
    select(WaveOverall.wave_id)
    .where(at(WaveOverall))
    .where(or_(WaveOverall.scope == "service", WaveOverall.wave_id.in_(REGULAR)))
    .order_by(WaveOverall.wave_id.desc())
    .limit(WAVES)
)
POINTS = (
    select(*(Wave.id, Wave.title, Wave.lang, Wave.closes_at))
    .add_columns(SurveyItem.key, ItemVersion.number, WaveResult.counts, WaveResult.worth)
    .join(WaveResult, WaveResult.wave_id == Wave.id)
    .join(WaveReport, and_(WaveReport.wave_id == Wave.id, WaveReport.ready))
    .join(ItemVersion, ItemVersion.id == WaveResult.version_id)
    .join(SurveyItem, SurveyItem.id == ItemVersion.item_id)
    .where(at(WaveResult), WaveResult.people >= ENOUGH)
    .order_by(Wave.closes_at, Wave.id)
)
TREND = POINTS.where(Wave.id.in_(NEWEST))


def trend_of(node: Node) -> list[Then]:
    """A whole in the newest of its waves, oldest first; of more than one service only in those that
    ask of all, since surveys before and after a change ask of few. One query."""
    return then_of(db.session.execute(TREND, asked_of(node, site().survey_k)))


def then_of(points: Iterable[Any]) -> list[Then]:
    """What rows of `POINTS` say, wave by wave."""
    waves: dict[int, Any] = {}
    said: dict[int, list[tuple[str, int, Counts]]] = defaultdict(list)
    for *wave, key, number, counts, worth in points:
        waves[wave[0]] = wave
        said[wave[0]].append((key, number, counts_of(counts, worth)))
    return [
        Then(wave[0], wave[1], wave[2], wave[3], tuple(said[one])) for one, wave in waves.items()
    ]


FOR_FILE = (
    select(
        WaveResult.scope,
        *map(column, (WaveResult.one, WaveResult.other, WaveResult.version_id)),
        *map(column, (WaveResult.counts, WaveResult.worth)),
    )
    .where(WaveResult.wave_id == THIS, WaveResult.people >= ENOUGH)
    .group_by(WaveResult.scope)
    .order_by(WaveResult.scope)
)
Figures = tuple[tuple[str, str, str, str, str, str], ...]


def figures_for_file(told: Told) -> Figures:
    """Every figure of a wave that is told, by what they are of: which, the other side, the version,
    the counts and what they are worth, each with a line for a figure. One query of a few rows, by
    which a file that was written before is known again."""
    rows = read_columns(FOR_FILE, {"wave": told.wave.id, "k": told.k})
    return tuple(tuple(row) for row in rows)
