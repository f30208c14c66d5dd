"""How satisfied customers are with whoever serves them, for the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Integer, and_, bindparam, func, literal, select, union_all

from forum.accounts.models import Person
from forum.core.db import db, read_columns
from forum.core.i18n import _, ngettext, number
from forum.core.modules import is_on
from forum.core.site import site
from forum.surveys.models import Wave, WaveService
from forum.surveys.policy import may_see
from forum.surveys.results.models import WaveOverall, WaveReport
from forum.surveys.results.newest import newest_of_regular, newest_regular
from forum.surveys.results.told import Told

Pair = tuple[int, int]
"""The department that serves and the one that is served."""
Key = tuple[int, int]
"""A row and a column of the map."""
MIDDLE, GOOD = 3.0, 4.0
"""Where the bands of satisfaction begin, on the scale from 1 to 5."""


def band(mean: float) -> str:
    """`low`, `middle` or `good`, by the figure as it is shown, so that no 3.0 is called low."""
    shown = round(mean, 1)
    if shown < MIDDLE:
        return "low"
    return "good" if shown >= GOOD else "middle"


def in_words(sign: str, n: int) -> str:
    """A mean as it is shown, of how many answers it is."""
    return ngettext("%(mean)s of 5, %(num)d answer", "%(mean)s of 5, %(num)d answers", n, mean=sign)


def _figures(told: Told) -> dict[Pair, tuple[float, int]]:
    """The pairs that a wave asked about, of no answers where nothing is told: it is not said
    why. One query."""
    overall = select(WaveOverall.one, WaveOverall.other, WaveOverall.mean, WaveOverall.n).where(
        WaveOverall.wave_id == told.wave.id,
        WaveOverall.scope == "pair",
        WaveOverall.people >= told.k,
    )
    asked = (
        select(WaveService.provider_id, WaveService.customer_id, literal(0.0), literal(0))
        .where(WaveService.wave_id == told.wave.id)
        .distinct()
    )
    found: dict[Pair, tuple[float, int]] = {}
    rows: Any = db.session.execute(union_all(overall, asked))
    for provider, customer, mean, n in rows:
        if n or (provider, customer) not in found:
            found[provider, customer] = (mean, n)
    return found


_NEWEST = newest_of_regular(Wave.id, WaveReport.k).subquery()
MARK = (
    select(_NEWEST.c.id, _NEWEST.c.k)
    .add_columns(func.count(WaveOverall.n), func.sum(WaveOverall.n), func.sum(WaveOverall.mean))
    .outerjoin(
        WaveOverall,
        and_(
            WaveOverall.wave_id == _NEWEST.c.id,
            WaveOverall.scope == "pair",
            WaveOverall.people >= _NEWEST.c.k,
            WaveOverall.people >= bindparam("k", type_=Integer),
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


def cells(reader: Person, wanted: Mapping[Key, Sequence[Pair]]) -> dict[Key, tuple[str, str, str]]:
    """For cells of the map, each with its pairs: a short sign, the same in words, and the band. Of
    several pairs those count that are told, as often as they have answers; where the survey asked
    and none is, words alone. Two queries, of what is told only."""
    newest = newest_regular() if may_see(reader) and is_on("surveys") else None
    known = _figures(newest) if newest is not None else {}
    found = {}
    for key, pairs in wanted.items():
        asked = [known[pair] for pair in pairs if pair in known]
        n = sum(each[1] for each in asked)
        if n:
            mean = sum(each[0] * each[1] for each in asked) / n
            sign = number(mean, 1)
            found[key] = (sign, in_words(sign, n), band(mean))
        elif asked:
            found[key] = ("", _("too few answers in the last survey"), "")
    return found
