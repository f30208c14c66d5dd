"""How satisfied customers are, as surveys say it, in the cells of the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from forum.accounts.models import Person
from forum.insights.map.figures import Figure, Key, Pair, fill
from forum.surveys.results import heat


def install() -> None:
    """Fill the place that the map keeps for it."""
    fill("surveys", _of_cells, heat.mark)


def _of_cells(reader: Person, cells: Mapping[Key, Sequence[Pair]]) -> dict[Key, Figure]:
    return {key: Figure(*said) for key, said in heat.cells(reader, cells).items()}
