"""The cases that a clause came from, on its page, and those one is to check, on Home."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from forum.accounts.models import Person
from forum.core import slots
from forum.core.db import db
from forum.core.modules import is_on
from forum.standards.why.models import ClauseOrigin, Source
from forum.training import policy
from forum.training.cases.queries import ToCheck, to_check
from forum.training.models import Case, CaseState


def install() -> None:
    """Fill the slots of clauses and of Home."""
    slots.fill("home", slots.Panel("cases", "training/_on_home.html", on_home))
    slots.fill("clause", slots.Panel("training", "training/_on_clause.html", on_clauses))


def on_clauses(reader: Person, clauses: Sequence[Any]) -> dict[int, list[Any]]:
    """Cases that everybody may read, by the clause's id. One query."""
    if not is_on("training") or not policy.may_see(reader):
        return {}
    query = (
        select(ClauseOrigin.clause_id, Case.id, Case.title, Case.lang)
        .join(Case, (ClauseOrigin.kind == Source.CASE) & (Case.id == ClauseOrigin.source_id))
        .where(
            ClauseOrigin.clause_id.in_([clause.id for clause in clauses]),
            ClauseOrigin.taken_away_at.is_(None),
            Case.state == CaseState.OPEN,
        )
        .order_by(ClauseOrigin.at, Case.id)
    )
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.clause_id, []).append(row)
    return found


def on_home(reader: Person, columns: Sequence[Any]) -> dict[int, list[ToCheck]]:
    """Cases that wait for the reader's word. None while the module is off; `to_check` else."""
    if not is_on("training") or not policy.is_staff(reader):
        return {}
    found = {column.id: to_check(reader, column.answering.departments) for column in columns}
    return {number: waiting for number, waiting in found.items() if waiting}
