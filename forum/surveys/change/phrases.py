"""Before and after in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from forum.core.calendar import company_day
from forum.core.i18n import _, day, lazy
from forum.departments.services_asked import Edge
from forum.surveys.change.queries import After, Change, Promise
from forum.surveys.figures.counts import Counts
from forum.surveys.figures.verdicts import Verdict
from forum.surveys.models import WaveState
from forum.surveys.results.pages import said
from forum.surveys.waves import last_day_before

WORDS = {
    Verdict.BETTER: lazy("better"),
    Verdict.WORSE: lazy("worse"),
    Verdict.UNCLEAR: lazy("no clear change"),
    Verdict.TOO_FEW: lazy("too few answers"),
}
SIGNS = {
    Verdict.BETTER: "↑",
    Verdict.WORSE: "↓",
    Verdict.UNCLEAR: "=",
    Verdict.TOO_FEW: "–",
}


class Side(NamedTuple):
    """A figure before or after, in words; empty where it may not be told."""

    figure: str = ""
    within: str = ""
    n: int = 0


class Line(NamedTuple):
    """A promise with both sides and its verdict, None while nobody was asked again."""

    service: str
    provider: str
    item: str
    before: Side
    after: Side
    verdict: str
    word: str


class Shown(NamedTuple):
    """A change as pages show it."""

    change: Change
    verdict: str
    word: str
    lines: list[Line]
    coming: list[str]
    asked_on: str


def shown(change: Change) -> Shown:
    """What is told of an idea: its promises by the last wave, and which waves come still."""
    told = [wave for wave in change.waves if wave.verdict is not None]
    last = told[-1] if told else None
    verdict = change.verdict
    return Shown(
        change,
        str(verdict or ""),
        word_of(verdict) if verdict is not None else "",
        [_line(promise, last) for promise in change.promises],
        [_coming(wave) for wave in change.waves if wave.verdict is None],
        day(last_day_before(last.closes_at)) if last is not None else "",
    )


def word_of(verdict: Verdict) -> str:
    """A verdict with its sign."""
    return f"{SIGNS[verdict]} {WORDS[verdict]}"


def _line(promise: Promise, last: After | None) -> Line:
    after, verdict = promise.after[last.id] if last is not None else (None, None)
    return Line(
        *(promise.service, promise.provider, promise.item.words),
        before=_side(promise.item.kind, promise.before),
        after=_side(promise.item.kind, after),
        verdict=str(verdict or ""),
        word=word_of(verdict) if verdict is not None else "",
    )


def _side(kind: str, counts: Counts | None) -> Side:
    return Side(*said(kind, counts), counts.n) if counts is not None else Side()


def _coming(wave: After) -> str:
    if wave.state == WaveState.PLANNED:
        return _("asked again from %(day)s", day=day(company_day(wave.opens_at)))
    return _("asked again until %(day)s", day=day(last_day_before(wave.closes_at)))


def options(edges: Sequence[Edge]) -> list[tuple[str, str]]:
    """Services to choose from."""
    return [
        (str(edge.id), f"{edge.name}: {edge.provider_name} → {edge.customer_name}")
        for edge in edges
    ]
