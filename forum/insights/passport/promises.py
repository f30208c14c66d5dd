"""How often the promises of a department's standards were kept, hidden as those pages hide it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, exists, select, true

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import read_columns
from forum.core.i18n import _, ngettext, number, percent
from forum.departments.models import Department
from forum.insights.passport.marks import SINCE, THIS, read_by
from forum.insights.passport.registry import Headline
from forum.standards.clauses.models import Clause, VersionClause
from forum.standards.kept.models import PromiseMark
from forum.standards.kept.queries import RATED, counted_after
from forum.standards.kept.rates import Rate
from forum.standards.kept.shown import COUNTED, told
from forum.standards.models import Standard, Version, VersionState
from forum.standards.visibility import visible_to

CLAUSES = 200
"""Clauses looked at, by the standard's number."""
SHOWN = 12


class Promise(NamedTuple):
    """A clause and how often it was kept."""

    number: str
    standard: str
    key: int
    clause: str
    title: str
    lang: str
    rate: str


class Promises(NamedTuple):
    """The first of them, and what was said of all that are told."""

    rows: list[Promise]
    said: Rate


def promises_of(reader: Person, department: Department) -> Promises | None:
    """Clauses in force of standards it owns, of which enough was said in a year. Two queries."""
    clauses = read_columns(_clauses(department.id, visible_to(reader))).all()
    if not clauses:
        return None
    rates = counted_after(dict.fromkeys({row.standard_id for row in clauses}, now() - COUNTED))
    found, kept, total = [], 0, 0
    for standard_id, of, standard, key, clause, title, lang in clauses:
        rate = rates.get(standard_id, {}).get(key)
        if rate is not None and rate.may_be_told:
            found.append(Promise(of, standard, key, clause, title, lang, told(rate)))
            kept, total = kept + rate.kept, total + rate.total
    return Promises(found[:SHOWN], Rate(kept, total)) if found else None


def heads(found: Promises) -> Sequence[Headline]:
    """How many of the marks of a year say kept."""
    kept, total = found.said.kept, found.said.total
    share = percent(round(100 * kept / total))
    note = ngettext(
        "%(kept)s of %(num)d mark in a year",
        "%(kept)s of %(num)d marks in a year",
        total,
        kept=number(kept),
    )
    return [Headline(_("Promises kept"), share, note, "#promises")]


def of_promises(_moderates: bool) -> Sequence[Any]:
    """What they follow from: the clauses, and how often each was kept."""
    said = (
        select(PromiseMark.clause_id, *RATED)
        .join(Standard, Standard.id == PromiseMark.standard_id)
        .where(Standard.owner_department_id == THIS, PromiseMark.at > SINCE)
        .group_by(PromiseMark.clause_id)
    )
    return read_by(_clauses(THIS, true())), read_by(said)


def _clauses(department_id: Any, seen: ColumnElement[bool]) -> Any:
    columns = (Standard.id.label("standard_id"), Standard.number, Standard.title.label("standard"))
    return (
        select(*columns, Clause.key, VersionClause.number.label("clause"), VersionClause.title)
        .add_columns(Standard.lang)
        .join(Version, Version.standard_id == Standard.id)
        .join(VersionClause, VersionClause.version_id == Version.id)
        .join(Clause, Clause.id == VersionClause.clause_id)
        .where(
            Standard.owner_department_id == department_id,
            Version.state == VersionState.IN_FORCE,
            exists().where(PromiseMark.clause_id == Clause.id),
            seen,
        )
        .order_by(Standard.sequence, VersionClause.place)
        .limit(CLAUSES)
    )
