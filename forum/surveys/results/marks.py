"""By what a page of results that was drawn is known again: all that it follows from, as one row.

A wave that was reported on stays as it is, with its services and the tree it asked by; departments
are called otherwise at times, later waves are told, and standards come into force.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, and_, bindparam, literal, or_, select, union

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
    select(lines(WaveResult.wave_id, WaveResult.version_id, WaveResult.counts, WaveResult.worth))
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
    overall = select(lines(WaveOverall.scope, WaveOverall.one, WaveOverall.mean, WaveOverall.n))
    overall = overall.where(WaveOverall.wave_id == THIS, WaveOverall.people >= ENOUGH)
    names = select(lines(Department.id, Department.name))
    standards: Any = literal("")
    if scope in SIDES:
        asked = _asked(scope)
        overall = overall.where(_parts(scope, asked))
        sides = select(asked.c.provider), select(asked.c.customer), select(ONE)
        names = names.where(Department.id.in_(union(*sides)))
        standards = _standards(asked).scalar_subquery() if scope in OF_ONE else standards
    else:
        overall = overall.where(WaveOverall.scope.in_(("provider", "customer", "tree")))
    parts = overall.scalar_subquery(), names.scalar_subquery(), standards
    return select(_ITEMS, _FIGURES, *parts)


def _asked(scope: str) -> Any:
    """The services of a whole, looked up once for all that follows from them."""
    sides = (side.label(name) for name, side in SIDES.items())
    return select(*sides).where(WaveService.wave_id == THIS, SIDES[scope] == ONE).cte("asked")


def _parts(scope: str, asked: Any) -> Any:
    """The wholes that stand on the page as parts of it, or as what it is part of."""
    wanted = ("provider", "customer") if scope == "service" else ("service",)
    return or_(
        *(
            and_(WaveOverall.scope == each, WaveOverall.one.in_(select(asked.c[each])))
            for each in wanted
        )
    )


def _standards(asked: Any) -> Any:
    """What the department that serves has put in force."""
    owners = select(asked.c.provider)
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
