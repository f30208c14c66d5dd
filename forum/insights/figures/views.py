"""Pages of figures: the company's or a branch's, their files, the rows behind them, a report."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.guard import me
from forum.accounts.models import Person
from forum.core.csvfiles import write_sheet
from forum.core.errors import NotFound
from forum.core.modules import is_on
from forum.departments.queries import DepartmentCard
from forum.insights.figures import lists, pages, policy, queries, report
from forum.insights.figures.periods import Period, read_period, this_period
from forum.insights.figures.queries import Place, Places
from forum.insights.figures.registry import FIGURES, Asked, figures

bp = Blueprint("insights", __name__)


@bp.before_request
def staff_only() -> None:
    """Figures of the company are for those who see all of it."""
    if not policy.may_see(me()):
        raise NotFound


Load = Callable[[Person, Period, DepartmentCard | None, Sequence[Place]], Asked]


def _asked(load: Load = queries.ask) -> tuple[Asked, Places, list[str]]:
    """What an address asks for, and which parts of it mean nothing. One query, and `load`'s."""
    places, ignored = queries.places(), []
    typed, slug = (request.args.get(name, "").strip() for name in ("period", "department"))
    period = read_period(typed)
    if typed and period is None:
        ignored.append("period")
    branch = _branch(slug, places.rows)
    if slug and branch is None:
        ignored.append("department")
    return load(me(), period or this_period(), branch, places.rows), places, ignored


def _branch(slug: str, places: Sequence[Place]) -> DepartmentCard | None:
    return next((place.card for place in places if place.card.slug == slug), None)


@bp.get("/insights")
def index() -> ResponseReturnValue:
    """Every figure of a period and a branch. Five queries."""
    asked, places, ignored = _asked()
    shown = pages.shown_figures(asked)
    loop, lines = pages.loop_of(shown)
    before, after = pages.around(asked)
    return render_template(
        "insights/index.html",
        asked=asked,
        ignored=ignored,
        figures=[pages.section_of(each) for each in shown],
        drawn_loop=loop,
        lines=lines,
        sizes=pages.size_tabs(asked),
        chip=pages.branch_chip(asked, places),
        before=before,
        after=after,
        counted_on=queries.counted_on(),
        changes_url="/surveys/changes" if is_on("surveys") else "",
        report_url=f"/insights/report/{queries.last_month(asked.period):%Y-%m}",
    )


@bp.get("/insights/figures/<string:name>.csv")
def download(name: str) -> ResponseReturnValue:
    """A figure's table as a file."""
    figure = FIGURES.get(name)
    if figure is None or figure not in figures():
        raise NotFound
    told = figure.load(_asked()[0])
    if told is None:
        raise NotFound
    text = write_sheet(*pages.file_rows(told))
    response = Response(text, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


@bp.get("/insights/rows/<string:name>")
def behind(name: str) -> ResponseReturnValue:
    """The ideas, standards or other things that a figure counts. Two queries, three of a
    branch or of sessions or thanks."""
    if not lists.is_known(name):
        raise NotFound
    asked, _places, ignored = _asked(queries.listed)
    after = request.args.get("after", "")
    title, page = lists.behind(asked, name, after)
    at = f"/insights/rows/{name}?{asked.narrowed}"
    return render_template(
        "insights/rows.html",
        asked=asked,
        ignored=ignored,
        title=title,
        narrower=lists.narrower(asked, name),
        few=asked.few and name in lists.WRITTEN,
        lines=page.rows,
        next_url=f"{at}&after={page.next}" if page.next else "",
        first_url=at if after else "",
    )


def _month(written: str) -> Period:
    period = read_period(written)
    if period is None or period.size != "month":
        raise NotFound
    return period


@bp.get("/insights/report/<string:month>")
def monthly(month: str) -> ResponseReturnValue:
    """A month on one page. Five queries."""
    period = _month(month)
    asked = queries.ask(me(), period, None, queries.places().rows)
    return render_template("insights/report.html", **report.facts_of(asked))


@bp.get("/insights/report/<string:month>.pdf")
def monthly_pdf(month: str) -> ResponseReturnValue:
    """The same on paper, in the reader's language."""
    period = _month(month)
    asked = queries.ask(me(), period, None, queries.places().rows)
    made = report.paper_of(asked)
    response = Response(made, mimetype="application/pdf")
    name = f'inline; filename="insights-{period.name}.pdf"'
    response.headers["Content-Disposition"] = name
    return response
