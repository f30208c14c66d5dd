"""By what a page of results that was drawn is known again: all that it follows from, as one row.

A wave that was reported on stays as it is, with its services and the tree it asked by; departments
are called otherwise at times, later waves are told, and standards come into force.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, bindparam, false, literal, or_, select, true, union

from forum.core.db import read_columns
from forum.core.kept import lines
from forum.core.site import site
from forum.departments.models import Department
from forum.standards.models import Standard, Version, VersionState
from forum.surveys.models import ItemVersion, WaveItem, WaveService
from forum.surveys.results.atoms import Node
from forum.surveys.results.models import WaveOverall, WaveReport, WaveResult
from forum.surveys.results.told import ENOUGH, NEWEST, THIS, Told, asked_of, at

WAS_IN_FORCE = (VersionState.IN_FORCE, VersionState.SUPERSEDED, VersionState.RETIRED)
ONE = bindparam("one", type_=BigInteger)
SIDES = {
    "service": WaveService.service_id,
    "provider": WaveService.provider_id,
    "customer": WaveService.customer_id,
}
"""By what the services of a whole are found."""
OF_ONE = ("service", "provider")
"""Of these one department serves."""

_ITEMS = (
    select(lines(ItemVersion.id, ItemVersion.number, ItemVersion.en, ItemVersion.ru))
    .join(WaveItem, WaveItem.version_id == ItemVersion.id)
    .where(WaveItem.wave_id == THIS)
    .scalar_subquery()
)
_FIGURES = (
    select(lines(WaveResult.wave_id, WaveResult.version_id, WaveResult.counts))
    .join(WaveReport, WaveReport.wave_id == WaveResult.wave_id)
    .where(
        at(WaveResult),
        WaveResult.people >= ENOUGH,
        WaveReport.ready,
        or_(WaveResult.wave_id == THIS, WaveResult.wave_id.in_(NEWEST)),
    )
    .scalar_subquery()
)


def _mark(scope: str) -> Any:
    """The statement for a kind of wholes."""
    side = SIDES.get(scope)
    which = (WaveService.wave_id == THIS, true() if side is None else side == ONE)
    parts = WaveOverall.wave_id == THIS, WaveOverall.people >= ENOUGH, _parts(scope, which)
    overall = select(lines(WaveOverall.scope, WaveOverall.one, WaveOverall.mean, WaveOverall.n))
    names = select(lines(Department.id, Department.name))
    if side is not None:
        sides = [select(SIDES[each]).where(*which) for each in ("provider", "customer")]
        names = names.where(Department.id.in_(union(*sides, select(ONE))))
    return select(
        *(_ITEMS, _FIGURES, overall.where(*parts).scalar_subquery(), names.scalar_subquery()),
        _standards(which).scalar_subquery() if scope in OF_ONE else literal(""),
    )


def _parts(scope: str, which: Any) -> Any:
    """The wholes that stand on the page as parts of it, or as what it is part of."""
    if scope in ("all", "tree"):
        return WaveOverall.scope.in_(("provider", "customer", "tree"))
    wanted = ("provider", "customer") if scope == "service" else ("service",)
    found = [
        (WaveOverall.scope == each) & WaveOverall.one.in_(select(SIDES[each]).where(*which))
        for each in wanted
    ]
    return or_(false(), *found)


def _standards(which: Any) -> Any:
    """What the department that serves has put in force."""
    owners = select(WaveService.provider_id).where(*which)
    return (
        select(
            lines(
                *(Version.id, Version.published_at, Standard.number, Version.title),
                *(Version.lang, Version.number),
            )
        )
        .join(Standard, Standard.id == Version.standard_id)
        .where(
            Version.state.in_(WAS_IN_FORCE),
            or_(
                Version.owner_department_id.in_(owners),
                Standard.owner_department_id.in_(owners),
            ),
        )
    )


MARKS = {scope: _mark(scope) for scope in ("all", "tree", *SIDES)}


def mark(told: Told, node: Node) -> tuple[Any, ...]:
    """What is another whenever anything on the page of a whole is, but its texts and what is said
    beside them. One query."""
    values = asked_of(node, site().survey_k, wave=told.wave.id)
    return (told.wave.id, told.k, node, *read_columns(MARKS[node[0]], values).one())
