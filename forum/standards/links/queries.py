"""Asking what refers to a standard, and which links lead nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, case, or_, select
from sqlalchemy.orm import aliased

from forum.accounts.models import Person
from forum.accounts.standin import run
from forum.core.db import db
from forum.standards.clauses.models import Clause, VersionClause
from forum.standards.links.models import StandardLink
from forum.standards.models import Standard, Version, VersionState
from forum.standards.visibility import visible_to

SHOWN = 20
"""Standards shown as referring to one."""
MOST = 200
"""Broken links in the list."""


class Backlink(NamedTuple):
    """A standard in force that refers to another."""

    number: str
    title: str
    lang: str


def backlinks(reader: Person, standards: Sequence[Standard]) -> dict[int, list[Backlink]]:
    """The standards in force that refer to each, as far as the reader sees them. One query."""
    numbers = {standard.number: standard.id for standard in standards}
    found: dict[int, list[Backlink]] = {}
    for to, *link in run(_referring, reader, to_numbers=list(numbers)):
        found.setdefault(numbers[to], []).append(Backlink(*link))
    return {each: links[:SHOWN] for each, links in found.items()}


def _referring(reader: Any) -> Any:
    return (
        select(StandardLink.number, Standard.number, Standard.title, Standard.lang)
        .join(Version, and_(StandardLink.source == "version", Version.id == StandardLink.source_id))
        .join(Standard, Standard.id == Version.standard_id)
        .where(
            StandardLink.number.in_(bindparam("to_numbers", expanding=True)),
            Version.state == VersionState.IN_FORCE,
            Standard.number != StandardLink.number,
            visible_to(reader),
        )
        .distinct()
        .order_by(Standard.number)
    )


class Broken(NamedTuple):
    """A link in a text in force that leads nowhere: `why` is missing, draft, retired or clause."""

    number: str
    title: str
    lang: str
    place: int
    to: str
    clause: int
    why: str


def broken_links() -> list[Broken]:
    """Links of texts in force to what is not there, is not in force or has lost the clause; for
    moderators. One query."""
    target, now_in_force = aliased(Standard), aliased(Version)
    standing = (
        select(VersionClause.version_id)
        .join(Clause, Clause.id == VersionClause.clause_id)
        .where(VersionClause.version_id == now_in_force.id, Clause.key == StandardLink.clause)
        .exists()
    )
    lost = and_(StandardLink.clause > 0, now_in_force.clauses.is_not(None), ~standing)
    why = case(
        (target.id.is_(None), "missing"),
        (target.state == VersionState.RETIRED, "retired"),
        (target.state == VersionState.DRAFT, "draft"),
        else_="clause",
    )
    nowhere = or_(target.id.is_(None), target.state != VersionState.IN_FORCE, lost)
    query = (
        select(Standard.number, Standard.title, Standard.lang, StandardLink.place)
        .add_columns(StandardLink.number, StandardLink.clause, why)
        .join(Version, Version.standard_id == Standard.id)
        .join(
            StandardLink,
            and_(StandardLink.source == "version", StandardLink.source_id == Version.id),
        )
        .outerjoin(target, target.number == StandardLink.number)
        .outerjoin(
            now_in_force,
            and_(now_in_force.standard_id == target.id, now_in_force.number == target.in_force),
        )
        .where(
            Version.state == VersionState.IN_FORCE,
            or_(StandardLink.linked, target.id.is_not(None)),
            nowhere,
        )
        .order_by(Standard.sequence, StandardLink.place, StandardLink.number)
        .limit(MOST)
    )
    return [Broken(*row) for row in db.session.execute(query)]
