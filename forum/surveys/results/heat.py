"""How satisfied customers are with whoever serves them, for the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.i18n import ngettext, number
from forum.core.modules import is_on
from forum.surveys.policy import may_see
from forum.surveys.results.models import WaveOverall
from forum.surveys.results.told import Told, newest_regular

Pair = tuple[int, int]
"""The department that serves and the one that is served."""
Key = tuple[int, int]
"""A row and a column of the map."""


def _figures(told: Told) -> dict[Pair, tuple[float, int]]:
    """The pairs of a wave that are told. One query."""
    overall = select(WaveOverall.one, WaveOverall.other, WaveOverall.mean, WaveOverall.n).where(
        WaveOverall.wave_id == told.wave.id,
        WaveOverall.scope == "pair",
        WaveOverall.people >= told.k,
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in db.session.execute(overall)}


def cells(reader: Person, wanted: Mapping[Key, Sequence[Pair]]) -> dict[Key, tuple[str, str, int]]:
    """For cells of the map, each with its pairs: a short sign, the same in words, and a level from
    1 to 5. Of several pairs those count that are told, as often as they have answers. Two queries,
    of what is told only."""
    newest = newest_regular() if may_see(reader) and is_on("surveys") else None
    known = _figures(newest) if newest is not None else {}
    found = {}
    for key, pairs in wanted.items():
        told = [known[pair] for pair in pairs if pair in known]
        n = sum(each[1] for each in told)
        if n:
            mean = sum(each[0] * each[1] for each in told) / n
            sign = number(mean, 1)
            words = ngettext(
                "%(mean)s of 5, %(num)d answer", "%(mean)s of 5, %(num)d answers", n, mean=sign
            )
            found[key] = (sign, words, round(mean))
    return found
