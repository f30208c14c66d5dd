"""Before and after in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import current_app
from markupsafe import Markup

from forum.core.calendar import company_day
from forum.core.i18n import _, company_zone, day, lazy, locale_code
from forum.core.kept import Keeper
from forum.core.modules import is_on
from forum.departments.services.asked import Edge
from forum.surveys.change import marks, queries
from forum.surveys.change.queries import After, Before, Change, Promise, Said
from forum.surveys.figures.verdicts import Verdict
from forum.surveys.models import WaveState
from forum.surveys.results.drawn import said
from forum.surveys.waves import first_of, last_day_before, last_of

WORDS = {
    Verdict.BETTER: lazy("better"),
    Verdict.WORSE: lazy("worse"),
    Verdict.UNCLEAR: lazy("no clear change"),
    Verdict.TOO_FEW: lazy("too few answers"),
}
TOO_FEW = Verdict.TOO_FEW
SIGNS = {
    Verdict.BETTER: "↑",
    Verdict.WORSE: "↓",
    Verdict.UNCLEAR: "=",
    Verdict.TOO_FEW: "–",
}


OTHER_WORDS = lazy("asked in other words, not compared")
"""Why two figures have no verdict though both are told; it is kept as too few answers."""


class Survey(NamedTuple):
    """The survey that a figure is of, and when it ended."""

    url: str
    title: str
    lang: str
    ended: str


class Side(NamedTuple):
    """A figure before or after, in words; where there is none, why. `words` is the question where
    the other side answered another."""

    figure: str = ""
    within: str = ""
    n: int = 0
    why: str = ""
    words: str = ""
    survey: Survey | None = None


class Line(NamedTuple):
    """A promise with both sides and its verdict, None while nobody was asked again."""

    service: str
    url: str
    provider: str
    item: str
    before: Side
    after: Side
    verdict: str
    word: str
    other_words: bool


class Shown(NamedTuple):
    """A change as pages show it."""

    change: Change
    verdict: str
    word: str
    table: Markup
    coming: list[str]
    asked_on: str
    cancelled: Sequence[Any] = ()
    """Surveys for it that were cancelled, where somebody looked for them."""

    @property
    def not_yet(self) -> str:
        """What is said while there is no verdict."""
        return _("not asked again yet") if self.coming else _("nobody is asked again")


kept = Keeper("changes", most=256)


def shown(ideas: Sequence[int], *, named: bool = False) -> dict[int, Shown]:
    """What is told of ideas that promised something: their promises by the last wave, and which
    waves come still. `named` where several stand on a page. One query, five more where it was not
    drawn before."""
    mark = marks.mark(ideas) if ideas else None
    if mark is None:
        return {}
    key = (mark, named, is_on("map"), locale_code(), company_zone(), company_day())
    return kept(key, lambda: {n: _shown(c, named) for n, c in queries.changes_of(ideas).items()})


def _shown(change: Change, named: bool) -> Shown:
    told = [wave for wave in change.waves if wave.verdict is not None]
    last = told[-1] if told else None
    lines = [_line(change, promise, last) for promise in change.promises]
    return Shown(
        change,
        str(change.verdict or ""),
        _word(change.verdict, other_words=all(line.other_words for line in lines)),
        _table(lines, change.title if named else ""),
        [_coming(wave) for wave in change.waves if wave.verdict is None],
        day(last_day_before(last.closes_at)) if last is not None else "",
    )


def summary(rows: Sequence[Shown]) -> list[str]:
    """How many changes came out how, in words; those nobody was asked about again last."""
    said = Counter(row.word or row.not_yet for row in rows)
    words = [*map(word_of, WORDS), _word(TOO_FEW, other_words=True)]
    words += [_("not asked again yet"), _("nobody is asked again")]
    return [f"{word}: {said[word]}" for word in words if said[word]]


def _table(lines: list[Line], title: str) -> Markup:
    drawing: Any = current_app.jinja_env.get_template("surveys/change/_table.html").module
    label = _("Before and after")
    return Markup(drawing.table(lines, f"{label}: {title}" if title else label))  # noqa: S704


def word_of(verdict: Verdict) -> str:
    """A verdict with its sign."""
    return f"{SIGNS[verdict]} {WORDS[verdict]}"


def _word(verdict: Verdict | None, *, other_words: bool) -> str:
    """What is said of a verdict, empty for none."""
    if verdict is None:
        return ""
    if verdict == TOO_FEW and other_words:
        return f"{SIGNS[TOO_FEW]} {OTHER_WORDS}"
    return word_of(verdict)


def _line(change: Change, promise: Promise, last: After | None) -> Line:
    before = promise.before
    after, verdict = promise.after[last.id] if last is not None else (None, None)
    other_words = queries.in_other_words(before, after)
    told = after or before
    item = told.item if told is not None else promise.item
    return Line(
        promise.service,
        f"/map/services/{promise.cell[0]}" if is_on("map") else "",
        promise.provider,
        "" if other_words else item.words,
        before=_side(before, _why(change, promise), other_words=other_words)._replace(
            survey=_survey(promise.asked)
        ),
        after=_side(after, str(WORDS[TOO_FEW]), other_words=other_words),
        verdict=str(verdict or ""),
        word=_word(verdict, other_words=other_words),
        other_words=other_words,
    )


def _side(told: Said | None, why: str, *, other_words: bool) -> Side:
    if told is None:
        return Side(why=why)
    return Side(*said(told.counts), told.counts.n, words=told.item.words if other_words else "")


def _why(change: Change, promise: Promise) -> str:
    """Why nothing is told of how something was before."""
    if change.since is None:
        return _("taken once its standard is in force")
    if promise.asked is None:
        return _("nothing measured in the year before")
    if _has_not_begun(promise.asked):
        on = first_of(promise.asked.opens_at)
        return _("to be asked from %(day)s, which has not begun", day=on)
    if promise.asked.state != WaveState.CLOSED:
        return _("asked until %(day)s", day=last_of(promise.asked.closes_at))
    return str(WORDS[TOO_FEW] if promise.asked.counted else _("not counted yet"))


def _survey(asked: Before | None) -> Survey | None:
    if asked is None:
        return None
    ended = asked.state == WaveState.CLOSED
    return Survey(
        f"/surveys/{asked.id}/results" if ended else f"/surveys/{asked.id}",
        *(asked.title, asked.lang),
        _("ended %(day)s", day=day(last_day_before(asked.closes_at))) if ended else "",
    )


def _has_not_begun(wave: Before | After) -> bool:
    return wave.state == WaveState.PLANNED and company_day(wave.opens_at) < company_day()


def _coming(wave: After) -> str:
    if _has_not_begun(wave):
        on = first_of(wave.opens_at)
        return _("to be asked again from %(day)s, which has not begun", day=on)
    if wave.state == WaveState.PLANNED:
        return _("asked again from %(day)s", day=first_of(wave.opens_at))
    if wave.state == WaveState.CLOSED:
        on = day(last_day_before(wave.closes_at))
        return _("asked again until %(day)s, not counted yet", day=on)
    return _("asked again until %(day)s", day=last_of(wave.closes_at))


def options(edges: Sequence[Edge]) -> list[tuple[str, str]]:
    """Services to choose from."""
    return [
        (str(edge.id), f"{edge.name}: {edge.provider_name} → {edge.customer_name}")
        for edge in edges
    ]
