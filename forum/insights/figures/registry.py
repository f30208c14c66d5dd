"""Which figures there are, and the stations of the loop they belong to; modules add their own.

A figure is registered once at start: `register(Figure(…))`. Its loader gets what is asked for and
tells, or tells nothing where there is nothing to say. It asks at most the queries it names.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from forum.accounts.models import Person
from forum.core.i18n import lazy
from forum.core.modules import is_on
from forum.departments.queries import DepartmentCard
from forum.insights.figures.periods import Period

Counts = Mapping[str, Mapping[str, int]]
NONE = "–"
"""What a figure says where it tells nothing."""


class Share(NamedTuple):
    """How many people of a branch took part in a quarter."""

    quarter: date
    took_part: int
    people: int
    with_votes: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page asks of every figure: a period, a branch (None for the whole company), and what
    was counted of it."""

    reader: Person
    period: Period
    branch: DepartmentCard | None
    below: frozenset[int]
    """The departments of the branch."""
    months: Mapping[date, Counts]
    shares: Sequence[Share] = ()
    members: int = 0
    mark: Hashable = None
    """Another whenever what was counted is; None where nothing of it was read."""
    few: bool = False
    """Whether what the branch's people wrote would tell of fewer than five of them."""

    @property
    def narrowed(self) -> str:
        """What an address says of it."""
        place = f"&department={self.branch.slug}" if self.branch is not None else ""
        return f"period={self.period.name}{place}"


class Bars(NamedTuple):
    """A picture: a bar for each of some points in a row."""

    title: str
    points: Sequence[tuple[str, float]]


class Still(NamedTuple):
    """Why a station stands still: the figures and the rule, and where what waits is."""

    why: str
    waits: str = ""
    url: str = ""


class Written(NamedTuple):
    """A value as its reader writes it on a page, and plain in a file."""

    shown: str
    plain: Any


@dataclass(frozen=True, slots=True)
class Told:
    """What a figure tells: one large value, a sentence, and the table that both are made of.

    `columns` are names for a file and words for a page. `flows` is whether its station of the loop
    flows, None where it belongs to none, and `still` why it does not. `link` leads to the rows it
    counts, as many as it says.
    """

    headline: str
    said: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[Any]]
    bars: Sequence[Bars] = ()
    flows: bool | None = None
    link: str = ""
    notes: Sequence[str] = field(default_factory=tuple)
    still: Still | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: its name in addresses, its title, the loop's station, and who loads it.

    `module` is the one it belongs to; while that is off it does not exist. `asks` where it asks
    queries of its own; of all others the same counts tell the same.
    """

    name: str
    title: Any
    load: Callable[[Asked], Told | None]
    station: str = ""
    module: str = ""
    asks: bool = False


class Station(NamedTuple):
    """A place on the loop; `module` is the one it needs."""

    label: Any
    module: str = ""


STATIONS: dict[str, Station] = {
    "serves": Station(lazy("Services"), "map"),
    "measured": Station(lazy("Measured"), "surveys"),
    "idea": Station(lazy("Ideas")),
    "answers": Station(lazy("Answers")),
    "decision": Station(lazy("Decisions")),
    "standard": Station(lazy("Standards")),
    "acknowledged": Station(lazy("Confirmed reading")),
    "training": Station(lazy("Training"), "training"),
    "thanks": Station(lazy("Thanks"), "thanks"),
}
"""The loop in its order."""
FIGURES: dict[str, Figure] = {}


def register(figure: Figure) -> None:
    """Add a figure; the same name again replaces it."""
    FIGURES[figure.name] = figure


def figures() -> list[Figure]:
    """Those of the forum and of the modules that are on."""
    return [each for each in FIGURES.values() if not each.module or is_on(each.module)]


def stations() -> list[tuple[str, str]]:
    """The stations of the loop that this company has, with their words."""
    return [
        (name, str(station.label))
        for name, station in STATIONS.items()
        if not station.module or is_on(station.module)
    ]
