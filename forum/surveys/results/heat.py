"""How satisfied customers are with whoever serves them, for the map."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import select

from forum.core.db import db
from forum.core.modules import is_on
from forum.surveys.models import WaveService
from forum.surveys.results.models import WaveOverall
from forum.surveys.results.told import newest_regular

Pair = tuple[int, int]
"""The department that serves and the one that is served."""


class Satisfaction(NamedTuple):
    """What the newest survey says of a pair, from 1 to 5; no mean where it may not be told."""

    mean: float | None
    n: int | None
    url: str

    @property
    def hidden(self) -> bool:
        """Whether too few answered."""
        return self.mean is None


def satisfaction(pairs: Iterable[Pair] | None = None) -> dict[Pair, Satisfaction]:
    """The pairs that the newest regular wave asked about, all or some of them. Three queries, none
    while surveys are off."""
    told = newest_regular() if is_on("surveys") else None
    if told is None:
        return {}
    asked = select(WaveService.provider_id, WaveService.customer_id).distinct()
    overall = select(WaveOverall.one, WaveOverall.other, WaveOverall.mean, WaveOverall.n).where(
        WaveOverall.wave_id == told.wave.id,
        WaveOverall.scope == "pair",
        WaveOverall.people >= told.k,
    )
    figures = {(row[0], row[1]): (row[2], row[3]) for row in db.session.execute(overall)}
    wanted = set(pairs) if pairs is not None else None
    found = {}
    for row in db.session.execute(asked.where(WaveService.wave_id == told.wave.id)):
        pair = (row[0] or 0, row[1] or 0)
        if wanted is None or pair in wanted:
            url = f"/surveys/{told.wave.id}/results/provider/{pair[0]}"
            found[pair] = Satisfaction(*figures.get(pair, (None, None)), url)
    return found
