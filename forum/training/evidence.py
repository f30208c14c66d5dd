"""A session that found a clause unclear is a reason to look at its standard."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, or_, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.i18n import _, lazy
from forum.core.modules import is_on
from forum.standards.clauses.known import clauses_of
from forum.standards.clauses.models import Clause
from forum.standards.review.evidence import Evidence, Kind, Told, register
from forum.standards.review.queries import Standing
from forum.standards.why.models import ClauseOrigin, Source
from forum.training.models import AgendaItem, Outcome


def _load(standings: Sequence[Standing]) -> list[Evidence]:
    """Outcomes since each was last looked at, of which no draft was begun. One query."""
    if not is_on("training"):
        return []
    after = [(Clause.standard_id == each.id) & (AgendaItem.at > each.since) for each in standings]
    begun = exists().where(
        ClauseOrigin.clause_id == AgendaItem.clause_id,
        ClauseOrigin.kind == Source.CASE,
        ClauseOrigin.source_id == AgendaItem.case_id,
    )
    query = (
        select(Clause.standard_id, Clause.key, AgendaItem.case_id)
        .join(Clause, Clause.id == AgendaItem.clause_id)
        .where(AgendaItem.outcome == Outcome.CLARIFY, or_(*after), ~begun)
        .order_by(AgendaItem.id)
    )
    return [
        Evidence("cases", row[0], True, clause=row[1], things=(("case", row[2]),))
        for row in db.session.execute(query)
    ]


def _tell(_reader: Person, standing: Standing, found: Sequence[Evidence]) -> list[Told]:
    """Which clauses, and the cases behind. One query."""
    named = {
        clause.key: f"{clause.number} {clause.title}".strip()
        for clause in clauses_of(standing.version_id)
    }
    return [
        Told(
            _("A session found that the clause “%(clause)s” is not clear.", clause=title),
            tuple(
                (_("Case %(number)d", number=number), f"/training/cases/{number}", "")
                for _kind, number in each.things
            ),
        )
        for each in found
        for title in [named.get(each.clause) or _("a clause that is gone")]
    ]


def install() -> None:
    """Register the kind."""
    register(Kind("cases", lazy("Clauses that training found unclear"), _load, _tell))
