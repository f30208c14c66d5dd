"""How satisfied customers are, as surveys say it, in the cells of the map and beside services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from forum.accounts.models import Person
from forum.core.i18n import _, number, short_month
from forum.insights.map.figures import Figure, Key, Pair, Source, fill
from forum.surveys.models import Purpose
from forum.surveys.results import beside, heat


def install() -> None:
    """Fill the place that the map keeps for it."""
    fill("surveys", Source(_of_cells, heat.mark, _of_services))


def _of_cells(reader: Person, cells: Mapping[Key, Sequence[Pair]]) -> dict[Key, Figure]:
    return {key: Figure(*said) for key, said in heat.cells(reader, cells).items()}


def _of_services(reader: Person, services: Sequence[int]) -> dict[int, Figure]:
    found = beside.newest_told(reader, services)
    return {service_id: _figure(last) for service_id, last in found.items()}


def _figure(last: beside.Last) -> Figure:
    """What is not of the newest regular survey says which month it is of; a survey after a change
    is no regular one, and says that too."""
    sign = number(last.mean, 1)
    words = heat.in_words(sign, last.n)
    if last.purpose == Purpose.AFTER:
        words = _("%(said)s, after a change", said=words)
    elif last.purpose == Purpose.BASELINE:
        words = _("%(said)s, before a change", said=words)
    on = last.ended_on if last.elsewhere else None
    if on is not None:
        words = f"{words}, {short_month(on)}"
    return Figure(sign, words, heat.band(last.mean), on)
