"""A month on one page: every figure with its sentence, the loop, and the standards that changed."""

from __future__ import annotations

from typing import Any

from forum.core.calendar import company_day
from forum.core.i18n import day
from forum.insights.figures import pages, rows
from forum.insights.figures.periods import Period, read_period
from forum.insights.figures.registry import Asked
from forum.insights.paper import print_page

STANDARDS = 6
"""Standards named on the page; more are a link."""


def facts_of(asked: Asked) -> dict[str, Any]:
    """What the page and the paper say. Two queries."""
    shown = pages.shown_figures(asked)
    _loop, lines = pages.loop_of(shown)
    changed = rows.standards_behind(asked, "")
    return {
        "asked": asked,
        "figures": shown,
        "lines": lines,
        "changed": changed.rows[:STANDARDS],
        "more": len(changed.rows) > STANDARDS,
        "printed": day(company_day()),
        "before": _at(asked.period.moved(-1)),
        "after": _at(asked.period.moved(1)),
    }


def _at(month: Period) -> str:
    """Where another month's report is; nowhere for one that has not begun."""
    return f"/insights/report/{month.name}" if read_period(month.name) is not None else ""


def paper_of(asked: Asked) -> bytes:
    """The report as PDF. Raises NotInstalled."""
    return print_page("insights/paper_report.html", **facts_of(asked))
