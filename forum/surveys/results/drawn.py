"""Drawing what a wave says of a whole: figures, their parts, and how they were before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from flask import current_app
from markupsafe import Markup

from forum.core.i18n import _, lazy, ngettext, number, percent
from forum.surveys.figures.counts import Counts
from forum.surveys.models import ItemKind
from forum.surveys.results.atoms import ALL, Node
from forum.surveys.results.drawing import SHARES, Bars, Line, Point, bars_of, line_of, scale_of
from forum.surveys.results.told import Overall, Piece, Then
from forum.surveys.wordings import Asked as Item

Part = tuple[str, tuple[Piece, ...]]
"""What kind of parts they are, and each of them."""


class Marker(NamedTuple):
    """A version of a standard that came into force between two waves."""

    on: date
    day: str
    number: str
    title: str
    lang: str
    version: int


class Seen(NamedTuple):
    """All that a drawn whole follows from, besides the reader's language."""

    wave_id: int
    k: int
    figures: tuple[tuple[Item, Counts | None], ...]
    then: tuple[Then, ...]
    markers: tuple[Marker, ...]
    parts: tuple[Part, ...]


def drawn(seen: Seen) -> Markup:
    """Figures with their spread, the parts, and the trends."""
    template = current_app.jinja_env.get_template("surveys/results/_figures.html")
    return Markup(  # noqa: S704 - a template's output
        template.render(
            k=seen.k,
            rows=[row_of(item, counts) for item, counts in seen.figures],
            parts=[
                (str(HEADINGS[scope]), list(_shown(seen.wave_id, scope, pieces)))
                for scope, pieces in seen.parts
            ],
            trends=_trends([item for item, _counts in seen.figures], seen.then, seen.markers),
            markers=seen.markers,
        )
    )


@dataclass(frozen=True, slots=True)
class Row:
    """An item with its figure, None where it may not be told."""

    item: Item
    counts: Counts | None
    mean: str = ""
    within: str = ""
    bars: Bars | None = None

    @property
    def measure(self) -> str:
        """What the figure is."""
        return measure(self.item.kind)


def row_of(item: Item, counts: Counts | None) -> Row:
    """An item as its line of the table."""
    if counts is None:
        return Row(item, None)
    return Row(item, counts, *said(counts), bars_of(counts))


def measure(kind: str) -> str:
    """What the figure of an item is: of those who would recommend it is told how many they are."""
    return _("Share") if kind == ItemKind.RECOMMEND else _("Mean")


def said(counts: Counts) -> tuple[str, str]:
    """A figure in words, and within what the true one lies."""
    figure, within = figured(counts)
    return (_("%(share)s would", share=figure) if counts.tells_share else figure), within


def figured(counts: Counts) -> tuple[str, str]:
    """A figure by itself, and within what the true one lies; nothing where that is not known."""
    ends = counts.within or ()
    if counts.tells_share:
        within = percent(*map(_whole, ends)) if ends else ""
        return percent(_whole(counts.figure)), within
    return number(counts.figure, 1), "–".join(number(end, 1) for end in ends)


def _whole(share: float) -> int:
    return round(100 * share)


class Shown(NamedTuple):
    """A part of a whole, or a whole it is part of, with its figure in a word."""

    name: str
    url: str
    told: str
    note: str = ""


HEADINGS = {
    "provider": lazy("Who serves"),
    "customer": lazy("Who is served"),
    "service": lazy("Services"),
    "tree": lazy("Departments with all below them"),
}


def _shown(wave_id: int, scope: str, pieces: Sequence[Piece]) -> Iterator[Shown]:
    for each in sorted(pieces, key=lambda piece: (piece.name, piece.note, piece.one)):
        url = address(wave_id, (scope, each.one, 0))
        yield Shown(each.name, url, _told(each.overall), each.note)


def _told(overall: Overall | None) -> str:
    if overall is None:
        return _("too few answers")
    n = ngettext("%(num)d answer", "%(num)d answers", overall.n)
    return f"{number(overall.mean, 1)} · {n}"


def address(wave_id: int, node: Node) -> str:
    """Where a whole has its page."""
    base = f"/surveys/{wave_id}/results"
    return base if node == ALL else f"{base}/{node[0]}/{node[1]}"


class Trend(NamedTuple):
    """An item over the waves: the picture, and the table behind it."""

    words: str
    measure: str
    line: Line | None
    rows: list[tuple[Then, str, str, int, int]]


def _trends(items: Sequence[Item], then: Sequence[Then], markers: Sequence[Marker]) -> list[Trend]:
    found = []
    for item in items:
        rows = [(each, *each.figures[item.key]) for each in then if item.key in each.figures]
        if len(rows) > 1:
            lines = [(each, *figured(counts), counts.n, version) for each, version, counts in rows]
            found.append(Trend(item.words, measure(item.kind), _line(rows, markers), lines))
    return found


def _line(rows: Sequence[tuple[Then, int, Counts]], markers: Sequence[Marker]) -> Line | None:
    """The picture of the figure that the table beside it tells."""
    points, before = [], rows[0][1]
    for each, version, counts in rows:
        points.append(Point(each.ended_on, counts.figure, counts.within, version != before))
        before = version
    scale = SHARES if rows[0][2].tells_share else scale_of(rows[0][2].values)
    return line_of(points, scale, [(marker.on, marker.number) for marker in markers])
