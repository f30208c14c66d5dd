"""What the page of insights, its files and the monthly report are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from flask import current_app
from markupsafe import Markup

from forum.core.calendar import company_day
from forum.core.i18n import _, company_zone, locale_code, number
from forum.core.kept import Keeper
from forum.core.site import site
from forum.insights.figures.drawing import draw, draw_loop
from forum.insights.figures.periods import MONTHS, Period
from forum.insights.figures.queries import Place, Places
from forum.insights.figures.registry import (
    NONE,
    Asked,
    Bars,
    Figure,
    Still,
    Told,
    Written,
    figures,
    stations,
)


class Shown(NamedTuple):
    """A figure as a page shows it."""

    name: str
    title: str
    station: str
    told: Told
    file_url: str


class Line(NamedTuple):
    """A station of the loop as a row of its table."""

    name: str
    label: str
    headline: str
    state: str
    url: str
    still: Still | None = None


def shown_figures(asked: Asked) -> list[Shown]:
    """Every figure that has something to say."""
    loaded = ((figure, _told(asked, figure)) for figure in figures())
    return [_shown(asked, figure, told) for figure, told in loaded if told is not None]


kept_figures = Keeper("insights-figures", most=1024)


def _told(asked: Asked, figure: Figure) -> Told | None:
    """What a figure tells; made only once of the same counts, on one day, by the same settings."""
    if figure.asks or asked.mark is None:
        return figure.load(asked)
    counted = (asked.mark, asked.period, asked.branch, asked.members, asked.few)
    here = (locale_code(), company_zone(), company_day(), site().revision)
    return kept_figures((figure.name, counted, here), lambda: figure.load(asked))


def _shown(asked: Asked, figure: Figure, told: Told) -> Shown:
    """Where a figure tells nothing, no rows are behind it."""
    file_url = f"/insights/figures/{figure.name}.csv?{asked.narrowed}"
    if told.headline == NONE:
        told = replace(told, link="")
    return Shown(figure.name, str(figure.title), figure.station, told, file_url)


def section_of(shown: Shown) -> Markup:
    """A figure's part of the page."""
    told = shown.told
    kept = [place for place, (_name, words) in enumerate(told.columns) if words]
    return _section(
        *(shown.name, shown.title, shown.file_url, told.link),
        (told.headline, told.said, *told.notes),
        tuple((bars.title, tuple(bars.points)) for bars in told.bars),
        tuple(str(told.columns[place][1]) for place in kept),
        tuple(tuple(row[place] for place in kept) for row in told.rows),
        locale_code(),
    )


@lru_cache(512)
def _section(
    name: str,
    title: str,
    file_url: str,
    link: str,
    words: tuple[str, ...],
    bars: tuple[tuple[str, tuple[tuple[str, float], ...]], ...],
    columns: tuple[str, ...],
    rows: tuple[tuple[Any, ...], ...],
    locale: str,
) -> Markup:
    """The same one is drawn only once."""
    template = current_app.jinja_env.get_template("insights/_figure.html")
    html = template.render(
        name=name,
        title=title,
        file_url=file_url,
        link=link,
        headline=words[0],
        said=words[1],
        notes=words[2:],
        charts=[_drawn(each, points, locale) for each, points in bars],
        table=_table(title, columns, rows, locale),
    )
    return Markup(html)  # noqa: S704 - a template's output


@lru_cache(1024)
def _drawn(title: str, points: tuple[tuple[str, float], ...], _locale: str) -> Markup:
    """Bars as a picture; the same ones are drawn only once."""
    component = current_app.jinja_env.get_template("insights/charts.html").module
    return Markup(component.bars(draw(Bars(title, points))))  # type: ignore[attr-defined]  # noqa: S704


@lru_cache(512)
def _table(
    title: str, columns: tuple[str, ...], rows: tuple[tuple[Any, ...], ...], _locale: str
) -> Markup:
    """The table behind a figure; empty without rows. The same one is drawn only once."""
    if not rows:
        return Markup()
    cells = [[_cell(value) for value in row] for row in rows]
    component = current_app.jinja_env.get_template("insights/charts.html").module
    return Markup(component.table(columns, cells, title))  # type: ignore[attr-defined]  # noqa: S704


def _cell(value: Any) -> str:
    """A value as a page shows it."""
    if isinstance(value, Written):
        return value.shown
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return Period("month", value).label
    if isinstance(value, int | float):
        return number(round(value, 1))
    return "–" if value is None else str(value)


def file_rows(told: Told) -> tuple[list[str], list[list[Any]]]:
    """A figure's table as a file has it: names of columns that are the same in every language."""
    kept = [place for place, (name, _words) in enumerate(told.columns) if name != "words"
            or told.columns[0][1]]  # fmt: skip
    names = [told.columns[place][0] for place in kept]
    return names, [[_plain(row[place]) for place in kept] for row in told.rows]


def _plain(value: Any) -> Any:
    if isinstance(value, Written):
        return value.plain
    if isinstance(value, bool):
        return int(value)
    return f"{value:%Y-%m}" if isinstance(value, date) else value


def loop_of(shown: Sequence[Shown]) -> tuple[Markup, list[Line]]:
    """The loop in one picture, and the same as a table. Each station has the first figure that
    says whether it flows."""
    told = {each.station: each for each in reversed(shown) if each.told.flows is not None}
    stops, lines = [], []
    for name, label in stations():
        each = told.get(name)
        headline = each.told.headline if each is not None else "–"
        flows = each.told.flows if each is not None else None
        stops.append((label, headline, flows))
        url = f"#{each.name}" if each is not None else ""
        still = _still(each) if each is not None and flows is False else None
        lines.append(Line(name, label, headline, state_name(flows), url, still))
    return _circle(tuple(stops), locale_code()), lines


def _still(shown: Shown) -> Still:
    """Why a station stands still."""
    return shown.told.still or Still(_("Nothing in this period."))


@lru_cache(256)
def _circle(stops: tuple[tuple[str, str, bool | None], ...], _locale: str) -> Markup:
    """The loop as a picture; the same one is drawn only once."""
    title = _(
        "The loop: %(count)s stations, each with its figure and whether it flows",
        count=len(stops),
    )
    component = current_app.jinja_env.get_template("insights/charts.html").module
    return Markup(component.circle(draw_loop(stops), title))  # type: ignore[attr-defined]  # noqa: S704


def state_name(flows: bool | None) -> str:
    """Whether a station flows, in words."""
    if flows is None:
        return _("nothing measured")
    return _("flows") if flows else _("stands still")


def size_tabs(asked: Asked) -> list[dict[str, Any]]:
    """Month, quarter, year: the same end in another size."""
    words = {"month": _("Month"), "quarter": _("Quarter"), "year": _("Year")}
    place = asked.narrowed.removeprefix(f"period={asked.period.name}")
    return [
        {
            "label": words[size],
            "url": f"/insights?period={asked.period.sized(size).name}{place}",
            "current": size == asked.period.size,
        }
        for size in MONTHS
    ]


kept_chips = Keeper("insights-chips", most=64)


def branch_chip(asked: Asked, places: Places) -> Markup:
    """The chooser of a branch: the tree, each department below the one it belongs to. The same one
    is drawn only once."""
    chosen = asked.branch.id if asked.branch is not None else None
    key = (places.mark, asked.period.name, chosen, locale_code())
    return kept_chips(key, lambda: _chip(asked, places.rows))


def _chip(asked: Asked, places: Sequence[Place]) -> Markup:
    at = f"/insights?period={asked.period.name}"
    chosen = asked.branch
    options = [{"label": _("The whole company"), "url": at, "selected": chosen is None}]
    for place, depth in _in_order(places):
        card = place.card
        options.append(
            {
                "label": f"{'– ' * depth}{card.name}",
                "url": f"{at}&department={card.slug}",
                "selected": chosen is not None and card.id == chosen.id,
            }
        )
    component: Any = current_app.jinja_env.get_template("components/chip_filter.html").module
    return Markup(  # noqa: S704 - a template's output
        component.chip_filter(
            *("department", _("Department"), options),
            chosen.name if chosen is not None else "",
            at if chosen is not None else "",
        )
    )


def _in_order(places: Sequence[Place]) -> list[tuple[Place, int]]:
    """The tree from the top, each with its depth; what hangs on an archived one stands at the
    top."""
    known = {place.card.id for place in places}
    children: dict[int | None, list[Place]] = {}
    for place in places:
        above = place.parent_id if place.parent_id in known else None
        children.setdefault(above, []).append(place)
    found: list[tuple[Place, int]] = []
    ahead = [(place, 0) for place in reversed(children.get(None, []))]
    while ahead:
        place, depth = ahead.pop()
        found.append((place, depth))
        ahead += [(each, depth + 1) for each in reversed(children.get(place.card.id, []))]
    return found


def around(asked: Asked) -> tuple[str, str]:
    """Where the period before and the next one are; no next one that has not begun."""
    from forum.insights.figures.periods import read_period

    place = asked.narrowed.removeprefix(f"period={asked.period.name}")
    found = []
    for step in (-1, 1):
        other = asked.period.moved(step)
        known = read_period(other.name) is not None
        found.append(f"/insights?period={other.name}{place}" if known else "")
    return found[0], found[1]
