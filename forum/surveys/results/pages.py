"""What pages of results show; each has a number of queries that does not grow with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple

from markupsafe import Markup
from sqlalchemy import ColumnElement, or_, select, true

from forum.core.db import db
from forum.core.errors import NotFound
from forum.core.i18n import _, company_zone, day, lazy, local_day, locale_code
from forum.core.kept import Keeper
from forum.departments.models import Department
from forum.standards.models import Standard, Version
from forum.surveys.models import WaveService
from forum.surveys.results import marks, own
from forum.surveys.results import told as told_of
from forum.surveys.results.atoms import ALL, Node
from forum.surveys.results.drawn import Marker, Part, Seen, drawn
from forum.surveys.results.marks import OF_ONE, SIDES, WAS_IN_FORCE
from forum.surveys.results.models import WaveFrame
from forum.surveys.results.told import Asked, Overall, Piece, Then, Told

SHOWN = ("service", "provider", "customer", "tree")
"""Kinds of wholes with a page; the map shows pairs."""
MARKERS = 12


class Drawn(NamedTuple):
    """A whole as its page shows it, whoever reads; `provider_id` where it is of one department."""

    name: str
    provider_id: int | None
    figures: Markup


kept = Keeper("results", most=256)
"""Drawn wholes, of some ten to a hundred kilobytes each."""


def results_page(told: Told, node: Node) -> dict[str, Any]:
    """What a page shows of one whole of a wave. Two queries, two more where it asked for one idea,
    nine more at most where it was not drawn before."""
    of_change = own.trend_of(told) if own.asks_for_a_change(told, node) else None
    key = (marks.mark(told, node), of_change, locale_code(), company_zone())
    return {
        "wave": told.wave,
        "told": told,
        "node": node,
        "drawn": kept(key, lambda: _drawn(told, node, of_change)),
        "voices": told_of.voices_of(told, node),
    }


def _drawn(told: Told, node: Node, of_change: Sequence[Then] | None) -> Drawn:
    whole = _wide(told, node) if node[0] in WIDE else _narrow(told, node)
    items, figures = told_of.items_of(told.wave.id), told_of.figures_of(told, node)
    then = told_of.trend_of(node) if of_change is None else of_change
    seen = Seen(
        told.wave.id,
        told.k,
        tuple((item, figures.get(item.version_id)) for item in items),
        tuple(then),
        tuple(_markers(node, whole.owners, then)),
        whole.parts,
    )
    provider = next(iter(whole.owners), None) if node[0] in OF_ONE else None
    return Drawn(whole.name, provider, drawn(seen))


class _Whole(NamedTuple):
    """What a whole is called, who serves in it, and what it consists of."""

    name: str
    owners: frozenset[int]
    parts: tuple[Part, ...]


WIDE = {"all": ("provider", "customer"), "tree": ("provider",)}
"""Wholes of any number of services, and the kinds of parts they are shown in."""


def _wide(told: Told, node: Node) -> _Whole:
    """Everything, or a department with all below it. Two queries."""
    which = true() if node == ALL else _below(told.wave.id, node[1])
    parts = told_of.sides_of(told, which, WIDE[node[0]])
    if node == ALL:
        parts["tree"] = told_of.levels_of(told)
    elif not parts["provider"]:
        raise NotFound
    name = _("All services together") if node == ALL else _titled(node, _departments({node[1]}))
    return _Whole(name, frozenset(), tuple((scope, tuple(parts[scope])) for scope in parts))


def _narrow(told: Told, node: Node) -> _Whole:
    """A service, or those of a department. Three queries. NotFound where the wave asked about none
    of it."""
    asked = told_of.services_of(told.wave.id, SIDES[node[0]] == node[1])
    if not asked:
        raise NotFound
    sides = {side for each in asked for side in (each.provider_id, each.customer_id)}
    names = _departments(sides | ({node[1]} if node[0] != "service" else set()))
    wanted = ("provider", "customer") if node[0] == "service" else ("service",)
    which = {one for each in asked for scope in wanted if (one := _number(each, scope)) is not None}
    overall = told_of.overall_of(told, wanted, which)
    parts = tuple((scope, tuple(_pieces(scope, asked, names, overall))) for scope in wanted)
    owners = frozenset(each.provider_id for each in asked if each.provider_id is not None)
    name = asked[0].name if node[0] == "service" else _titled(node, names)
    return _Whole(name, owners, parts)


def _number(each: Asked, scope: str) -> int | None:
    numbers = {"service": each.service_id, "provider": each.provider_id}
    return numbers.get(scope, each.customer_id)


def _pieces(
    scope: str, asked: Iterable[Asked], names: Names, overall: Mapping[Any, Overall]
) -> list[Piece]:
    found: dict[int, Piece] = {}
    for each in asked:
        one = _number(each, scope)
        if one is not None:
            told = overall.get((scope, one))
            sides = f"{each.provider_name} → {each.customer_name}"
            called = (each.name, sides) if scope == "service" else (names.get(one, "–"), "")
            found[one] = Piece(one, *called, told)
    return list(found.values())


def _below(wave_id: int, department_id: int) -> ColumnElement[bool]:
    """Services of a department and all that were below it on the day it opened."""
    frame = select(WaveFrame.department_id, WaveFrame.parent_id).where(WaveFrame.wave_id == wave_id)
    tree = frame.subquery()
    below = select(tree.c.department_id).where(tree.c.department_id == department_id)
    found = below.cte("below", recursive=True)
    children = select(tree.c.department_id).join(found, tree.c.parent_id == found.c.department_id)
    return WaveService.provider_id.in_(select(found.union(children).c.department_id))


Names = Mapping[int, str]


def _departments(ids: AbstractSet[int | None]) -> Names:
    """How departments are called today. One query."""
    query = select(Department.id, Department.name).where(Department.id.in_(ids - {None}))
    return {row[0]: row[1] for row in db.session.execute(query)}


TITLES = {
    "provider": lazy("What %(name)s provides"),
    "customer": lazy("What %(name)s gets"),
    "tree": lazy("%(name)s and the departments below it"),
}


def _titled(node: Node, departments: Names) -> str:
    return str(TITLES[node[0]]) % {"name": departments.get(node[1], "–")}


def _markers(node: Node, owners: Collection[int], then: Sequence[Then]) -> list[Marker]:
    """What the department that serves put in force while the trend runs. One query, or none."""
    if len(then) < 2 or node[0] not in OF_ONE:
        return []
    query = (
        select(Version.published_at, Standard.number, Version.title, Version.lang, Version.number)
        .join(Standard, Standard.id == Version.standard_id)
        .where(
            Version.state.in_(WAS_IN_FORCE),
            or_(Version.owner_department_id.in_(owners), Standard.owner_department_id.in_(owners)),
            Version.published_at.between(then[0].closed_at, then[-1].closed_at),
        )
        .order_by(Version.published_at.desc())
        .limit(MARKERS)
    )
    rows: list[Any] = [*db.session.execute(query)][::-1]
    return [Marker(local_day(row[0]), day(row[0]), *row[1:]) for row in rows]
