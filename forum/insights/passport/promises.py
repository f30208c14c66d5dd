"""How often the promises of a department's standards were kept, hidden as those pages hide it."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import exists, select

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import read_columns
from forum.departments.models import Department
from forum.standards.clauses.models import Clause, VersionClause
from forum.standards.kept.models import PromiseMark
from forum.standards.kept.queries import counted_after
from forum.standards.kept.shown import COUNTED, told
from forum.standards.models import Standard, Version, VersionState
from forum.standards.visibility import visible_to

CLAUSES = 200
"""Clauses looked at, by the standard's number."""
SHOWN = 12


class Promise(NamedTuple):
    """A clause and how often it was kept."""

    number: str
    key: int
    clause: str
    title: str
    lang: str
    rate: str


def promises_of(reader: Person, department: Department) -> list[Promise]:
    """Clauses in force of standards it owns, of which enough was said in a year. Two queries."""
    clauses = read_columns(_clauses(reader, department)).all()
    if not clauses:
        return []
    rates = counted_after(dict.fromkeys({row.standard_id for row in clauses}, now() - COUNTED))
    found = []
    for standard_id, number, lang, key, clause, title in clauses:
        rate = rates.get(standard_id, {}).get(key)
        if rate is not None and rate.may_be_told:
            found.append(Promise(number, key, clause, title, lang, told(rate)))
    return found[:SHOWN]


def _clauses(reader: Person, department: Department) -> Any:
    columns = (Standard.id.label("standard_id"), Standard.number, Standard.lang)
    return (
        select(*columns, Clause.key, VersionClause.number, VersionClause.title)
        .join(Version, Version.standard_id == Standard.id)
        .join(VersionClause, VersionClause.version_id == Version.id)
        .join(Clause, Clause.id == VersionClause.clause_id)
        .where(
            Standard.owner_department_id == department.id,
            Version.state == VersionState.IN_FORCE,
            exists().where(PromiseMark.clause_id == Clause.id),
            visible_to(reader),
        )
        .order_by(Standard.sequence, VersionClause.place)
        .limit(CLAUSES)
    )
