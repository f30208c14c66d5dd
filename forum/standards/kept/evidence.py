"""Promises that are broken more often than is allowed are a reason to look at their standard."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.i18n import _, lazy
from forum.standards.clauses.known import clauses_of
from forum.standards.kept.queries import counted_after
from forum.standards.review.evidence import Evidence, Kind, Told, register
from forum.standards.review.queries import Standing

ALLOWED = 80
"""Per cent of what people said of a promise that has to be “kept”."""
WITHIN = timedelta(days=90)
"""Nothing older is counted, nor what was said before the standard was last looked at."""


def _load(standings: Sequence[Standing]) -> list[Evidence]:
    """One query."""
    oldest = now() - WITHIN
    found = counted_after({each.id: max(each.since, oldest) for each in standings})
    return [
        Evidence("promises", standard_id, True, clause=key)
        for standard_id, rates in found.items()
        for key, rate in rates.items()
        if rate.may_be_told and rate.kept * 100 < ALLOWED * rate.total
    ]


def _tell(_reader: Person, standing: Standing, found: Sequence[Evidence]) -> list[Told]:
    """Which they are, without figures: beside those of all months they would tell who said what.
    One query."""
    named = {
        clause.key: f"{clause.number} {clause.title}".strip()
        for clause in clauses_of(standing.version_id)
    }
    address = f"/standards/{standing.number}/kept"
    return [
        Told(
            _("The promise “%(clause)s” is broken more often than is allowed.", clause=title),
            ((_("Kept or broken"), address, ""),),
        )
        for each in found
        for title in [named.get(each.clause) or _("a clause that is gone")]
    ]


def install() -> None:
    """Register the kind."""
    register(Kind("promises", lazy("Broken promises"), _load, _tell))
