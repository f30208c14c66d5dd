"""How satisfied customers are with whoever serves them, for the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Integer, and_, bindparam, func, literal, select, union_all

from forum.accounts.models import Person
from forum.core.db import read_columns
from forum.core.i18n import _, ngettext, number, short_month
from forum.core.kept import lines
from forum.core.modules import is_on
from forum.core.site import site
from forum.surveys.models import Wave, WaveService
from forum.surveys.policy import may_see
from forum.surveys.results.models import WaveOverall, WaveReport
from forum.surveys.results.newest import NEWEST_FIRST, newest_of_regular, regular
from forum.surveys.waves import last_day_before

Pair = tuple[int, int]
"""The department that serves and the one that is served."""
Key = tuple[int, int]
"""A row and a column of the map."""
MIDDLE, GOOD = 3.0, 4.0
"""Where the bands of satisfaction begin, on the scale from 1 to 5."""

WAVES = 8
"""Regular surveys that the map looks back on: two years of quarters."""
K: Any = bindparam("k", type_=Integer)


def band(mean: float) -> str:
    """`low`, `middle` or `good`, by the figure as it is shown, so that no 3.0 is called low."""
    shown = round(mean, 1)
    if shown < MIDDLE:
        return "low"
    return "good" if shown >= GOOD else "middle"


def in_words(sign: str, n: int) -> str:
    """A mean as it is shown, of how many answers it is."""
    return ngettext("%(mean)s of 5, %(num)d answer", "%(mean)s of 5, %(num)d answers", n, mean=sign)


class Cell(NamedTuple):
    """What a cell of the map says of one survey: a short sign, the same in words, and the band; and
    the survey's last day where that is not the newest regular one."""

    sign: str
    words: str
    band: str
    on: date | None = None


class _Figure(NamedTuple):
    """What the newest survey that tells of a pair tells of it; of no answers where none does: it is
    not said why. Its place is 1 in the newest survey of all."""

    place: int
    closes_at: datetime
    mean: float
    n: int


def _statement() -> Any:
    """For each pair the newest of the last regular waves that tells of it, and the pairs that these
    asked about, of no answers. Built once."""
    waves = (
        regular(Wave.id, Wave.closes_at, WaveReport.k)
        .add_columns(func.row_number().over(order_by=NEWEST_FIRST).label("place"))
        .order_by(*NEWEST_FIRST)
        .limit(WAVES)
        .cte()
    )
    newest = func.row_number().over(
        partition_by=(WaveOverall.one, WaveOverall.other), order_by=waves.c.place
    )
    told = (
        select(WaveOverall.one, WaveOverall.other, waves.c.place, waves.c.closes_at)
        .add_columns(WaveOverall.mean, WaveOverall.n, newest.label("newest"))
        .join(waves, waves.c.id == WaveOverall.wave_id)
        .where(
            WaveOverall.scope == "pair", WaveOverall.people >= waves.c.k, WaveOverall.people >= K
        )
        .subquery()
    )
    asked = (
        select(WaveService.provider_id, WaveService.customer_id, literal(0))
        .add_columns(func.max(waves.c.closes_at), literal(0.0), literal(0))
        .join(waves, waves.c.id == WaveService.wave_id)
        .group_by(WaveService.provider_id, WaveService.customer_id)
    )
    return union_all(select(*list(told.c)[:-1]).where(told.c.newest == 1), asked)


FIGURES = _statement()


def _figures() -> dict[Pair, _Figure]:
    """What is told of each pair. One query."""
    found: dict[Pair, _Figure] = {}
    for provider, customer, *figure in read_columns(FIGURES, {"k": site().survey_k}):
        if figure[-1] or (provider, customer) not in found:
            found[provider, customer] = _Figure(*figure)
    return found


_NEWEST = newest_of_regular(Wave.id, WaveReport.k).subquery()
_REPORTS = select(lines(WaveReport.wave_id, WaveReport.k)).where(WaveReport.ready)
MARK = (
    select(_NEWEST.c.id, _NEWEST.c.k, _REPORTS.scalar_subquery())
    .add_columns(func.count(WaveOverall.n), func.sum(WaveOverall.n), func.sum(WaveOverall.mean))
    .outerjoin(
        WaveOverall,
        and_(
            WaveOverall.wave_id == _NEWEST.c.id,
            WaveOverall.scope == "pair",
            WaveOverall.people >= _NEWEST.c.k,
            WaveOverall.people >= K,
        ),
    )
    .group_by(_NEWEST.c.id, _NEWEST.c.k)
)


def mark(reader: Person) -> tuple[Any, ...] | None:
    """What is another whenever one of `cells` is. One query; none for whom nothing is told."""
    if not may_see(reader) or not is_on("surveys"):
        return None
    row = read_columns(MARK, {"k": site().survey_k}).first()
    return tuple(row) if row is not None else None


def cells(reader: Person, wanted: Mapping[Key, Sequence[Pair]]) -> dict[Key, Cell]:
    """For cells of the map, each with its pairs, what the newest regular survey that tells of one
    of them tells of them, as often as they have answers; where surveys asked and none tells, words
    alone. One query, of what is told only."""
    known = _figures() if may_see(reader) and is_on("surveys") else {}
    found = {}
    for key, pairs in wanted.items():
        asked = [known[pair] for pair in pairs if pair in known]
        if asked:
            found[key] = _cell(asked)
    return found


def _cell(asked: Sequence[_Figure]) -> Cell:
    told = [each for each in asked if each.n]
    if not told:
        return Cell("", _("too few answers in the last survey"), "")
    newest = min(told)
    same = [each for each in told if each.place == newest.place]
    n = sum(each.n for each in same)
    mean = sum(each.mean * each.n for each in same) / n
    sign = number(mean, 1)
    if newest.place == 1:
        return Cell(sign, in_words(sign, n), band(mean))
    on = last_day_before(newest.closes_at)
    return Cell(sign, f"{in_words(sign, n)}, {short_month(on)}", band(mean), on)
