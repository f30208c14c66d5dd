"""Searches that found nothing: words that at least five different people looked for."""

from __future__ import annotations

from sqlalchemy import select

from forum.core.db import read_columns
from forum.core.i18n import _, ngettext, number
from forum.insights.figures.registry import Asked, Told
from forum.search.missed.models import MissedSearch

SHOWN = 10
MISSED = (
    select(MissedSearch.words, MissedSearch.times)
    .where(MissedSearch.by_many.is_(True), MissedSearch.dismissed_at.is_(None))
    .order_by(MissedSearch.times.desc(), MissedSearch.id.desc())
    .limit(SHOWN)
)


def searches(asked: Asked) -> Told | None:
    """The words asked for most often in ninety days; of the whole company only, since who asked is
    not kept. One query, none for a branch."""
    if asked.branch is not None:
        return None
    rows = [[row.words, row.times] for row in read_columns(MISSED, {})]
    return Told(
        headline=number(len(rows)),
        said=ngettext(
            "%(num)d thing was looked for by at least five people and not found.",
            "%(num)d things were looked for by at least five people and not found.",
            len(rows),
        ),
        columns=[("words", _("Words")), ("times", _("Times"))],
        rows=rows,
        notes=[_("In the last 90 days, whatever the period.")],
    )
