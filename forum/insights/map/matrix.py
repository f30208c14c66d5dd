"""The matrix: who provides in rows, who gets it in columns, how many services in each cell."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import current_app
from markupsafe import Markup
from sqlalchemy import func, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.i18n import _, company_zone, locale_code, ngettext
from forum.core.numbers import number_or_none
from forum.departments.models import ServiceState
from forum.departments.queries import DepartmentCard
from forum.insights.map.days import source
from forum.insights.map.figures import Figure, figures_of, mark_of
from forum.insights.map.kept import kept, mark
from forum.insights.map.tree import NOWHERE, Group, Tree

MOST = 40
"""Rows and columns on one page: those with the most services, else a block of them by name."""
Pair = tuple[int, int]


class Head(NamedTuple):
    """A row's or column's heading."""

    id: int
    name: str
    code: str
    hue: int
    slug: str
    url: str


class Cell(NamedTuple):
    """How many services, and how many of them both sides do not agree on."""

    url: str
    total: int
    proposed: int
    disputed: int

    def words(self, figure: Figure | None, *, measured: bool) -> str:
        """The same in words, for those who listen, and how satisfied customers are where the map
        tells of that."""
        said = [ngettext("%(num)d service", "%(num)d services", self.total)]
        if self.proposed:
            said.append(_("%(num)d not confirmed yet", num=self.proposed))
        if self.disputed:
            said.append(_("%(num)d disputed", num=self.disputed))
        if measured:
            said.append(figure.words if figure is not None else _("no figure yet"))
        return ", ".join(said)


class Block(NamedTuple):
    """Rows or columns of one page, by the first and the last name; the busiest have no number."""

    number: int
    first: str
    last: str
    current: bool


class Asked(NamedTuple):
    """Which part of the map is asked for: a branch, a day, blocks of rows and of columns."""

    branch: str = ""
    as_of: date | None = None
    rows: int = 0
    columns: int = 0

    @classmethod
    def read(cls, asked: Mapping[str, str], as_of: date | None) -> Asked:
        """From an address; what is not known is left out."""
        rows, columns = (number_or_none(asked.get(name)) or 0 for name in ("rows", "columns"))
        return cls(asked.get("branch", ""), as_of, rows, columns)

    def url(self, **other: Any) -> str:
        """The address of this part, with something else."""
        part = self._replace(**other)
        day = part.as_of.isoformat() if part.as_of is not None else ""
        values = {"branch": part.branch, "as-of": day, "rows": part.rows, "columns": part.columns}
        said = {name: value for name, value in values.items() if value}
        return f"/map?{urlencode(said)}" if said else "/map"


@dataclass(frozen=True, slots=True)
class Matrix:
    """What the page shows; blocks are there where not all rows or columns have room. `pairs` are
    the departments of each cell."""

    rows: Sequence[Head]
    columns: Sequence[Head]
    row_blocks: Sequence[Block]
    column_blocks: Sequence[Block]
    cells: Mapping[Pair, Cell]
    pairs: Mapping[Pair, Sequence[Pair]]
    total: int
    grouped: bool
    branches: Sequence[DepartmentCard]
    branch: DepartmentCard | None
    trail: Sequence[DepartmentCard]


class Drawn(NamedTuple):
    """The matrix with its table as a page shows it, whether a cell says how satisfied customers
    are, and whether one says it of an earlier survey than the others."""

    matrix: Matrix
    table: Markup
    measured: bool
    earlier: bool


def drawn(reader: Person, asked: Asked) -> Drawn:
    """The map, or the part of it that a branch of the tree has to do with. Two queries, four more
    after a change."""
    figures = mark_of(reader) if asked.as_of is None else ()
    key = (mark(), figures, asked, locale_code(), company_zone())
    return kept(key, lambda: _drawn(reader, asked))


def _drawn(reader: Person, asked: Asked) -> Drawn:
    found = _matrix(Tree(all_of_it=asked.as_of is not None), asked)
    figures = figures_of(reader, found.pairs) if asked.as_of is None else {}
    measured = any(figure.sign for figure in figures.values())
    table = _table(found, figures, asked.as_of, measured=measured)
    earlier = any(figure.on is not None for figure in figures.values())
    return Drawn(found, table, measured, earlier)


def _table(
    shown: Matrix, figures: Mapping[Pair, Figure], as_of: date | None, *, measured: bool
) -> Markup:
    template = current_app.jinja_env.get_template("insights/map/_table.html")
    html = template.render(map=shown, figures=figures, measured=measured, as_of=as_of)
    return Markup(html)  # noqa: S704 - a template's output


def _matrix(tree: Tree, asked: Asked) -> Matrix:
    """One query."""
    as_of = asked.as_of
    branch = tree.by_slug.get(asked.branch)
    counts = _counts(tree, as_of)
    if branch is not None:
        inside = tree.below(branch.id)
        counts = {k: v for k, v in counts.items() if k[0] in inside or k[1] in inside}
    used = {each for pair in counts for each in pair if each != NOWHERE}
    groups = tree.groups(used, branch.id if branch is not None else None)
    groups[NOWHERE] = Group(NOWHERE, alone=True)
    pairs = _together(counts, groups)
    alone = {group.id: group.alone for group in groups.values()}
    rows, row_blocks = _room(_heads(tree, pairs, 0, alone), asked.rows)
    columns, column_blocks = _room(_heads(tree, pairs, 1, alone), asked.columns)
    across, down = {head.id for head in rows}, {head.id for head in columns}
    shown = {key: of for key, of in pairs.items() if key[0] in across and key[1] in down}
    return Matrix(
        rows=rows,
        columns=columns,
        row_blocks=row_blocks,
        column_blocks=column_blocks,
        cells=_cells(shown, counts, tree, alone, as_of),
        pairs=shown,
        total=sum(sum(by_state.values()) for by_state in counts.values()),
        grouped=not all(alone.values()),
        branches=[card for card in tree.cards.values() if card.id in tree.with_children],
        branch=branch,
        trail=[tree.cards[each] for each in tree.line(branch.id)[::-1]] if branch else [],
    )


def _counts(tree: Tree, as_of: date | None) -> dict[Pair, Counter[str]]:
    """Services between each two departments, by state; without archived ones. One query."""
    model, _number, where = source(as_of)
    columns = (model.provider_id, model.customer_id, model.state)
    query = select(*columns, func.count()).where(*where).group_by(*columns)
    found: dict[Pair, Counter[str]] = defaultdict(Counter)
    for provider_id, customer_id, state, number in db.session.execute(query):
        sides = (provider_id or NOWHERE, customer_id or NOWHERE)
        if all(each == NOWHERE or each in tree.cards for each in sides):
            found[sides][state] += number
    return found


def _together(counts: Iterable[Pair], groups: Mapping[int, Group]) -> dict[Pair, list[Pair]]:
    """The pairs of departments in each cell."""
    cells: dict[Pair, list[Pair]] = defaultdict(list)
    for provider_id, customer_id in counts:
        cells[groups[provider_id].id, groups[customer_id].id].append((provider_id, customer_id))
    return cells


def _room(heads: Sequence[tuple[Head, int]], number: int) -> tuple[list[Head], list[Block]]:
    """The heads of a page, and all the pages where there is more than one: the busiest heads, or
    those of a block."""
    names = [head for head, _weight in heads]
    if len(names) <= MOST:
        return names, []
    parts = [names[start : start + MOST] for start in range(0, len(names), MOST)]
    number = number if number <= len(parts) else 0
    busiest = {head for head, _weight in sorted(heads, key=lambda each: -each[1])[:MOST]}
    shown = parts[number - 1] if number else [head for head in names if head in busiest]
    blocks = [Block(0, "", "", not number)]
    for place, part in enumerate(parts, 1):
        blocks.append(Block(place, part[0].name, part[-1].name, place == number))
    return shown, blocks


def _cells(
    shown: Mapping[Pair, Sequence[Pair]],
    counts: Mapping[Pair, Counter[str]],
    tree: Tree,
    alone: Mapping[int, bool],
    as_of: date | None,
) -> dict[Pair, Cell]:
    part = {each: _address_part(tree, each, alone) for key in shown for each in key}
    cells = {}
    for key, inside in shown.items():
        by_state: Counter[str] = Counter()
        for pair in inside:
            by_state.update(counts[pair])
        asked = {f"provider{k}": v for k, v in part[key[0]].items()}
        asked |= {f"customer{k}": v for k, v in part[key[1]].items()}
        asked |= {"as-of": as_of.isoformat()} if as_of is not None else {}
        cells[key] = Cell(
            f"/map/services?{urlencode(asked)}",
            sum(by_state.values()),
            by_state[ServiceState.PROPOSED],
            by_state[ServiceState.DISPUTED],
        )
    return cells


def _address_part(tree: Tree, group_id: int, alone: Mapping[int, bool]) -> dict[str, str]:
    if group_id == NOWHERE:
        return {"": "-"}
    own = {"-alone": "1"} if alone[group_id] and group_id in tree.with_children else {}
    return {"": tree.cards[group_id].slug, **own}


def _heads(
    tree: Tree, pairs: Mapping[Pair, Sequence[Pair]], side: int, alone: Mapping[int, bool]
) -> list[tuple[Head, int]]:
    """By name, with how much they have to do; who belongs nowhere comes last."""
    weight: Counter[int] = Counter()
    for key, inside in pairs.items():
        weight[key[side]] += len(inside)
    cards = (card for card in tree.cards.values() if card.id in weight)
    heads = [(_head(card, alone[card.id]), weight[card.id]) for card in cards]
    if NOWHERE in weight:
        nowhere = Head(NOWHERE, _("Without a department"), "", 0, "", "")
        heads.append((nowhere, weight[NOWHERE]))
    return heads


def _head(card: DepartmentCard, alone: Any) -> Head:
    url = f"/map/{card.slug}" if alone else f"/map?branch={card.slug}"
    return Head(card.id, card.name, card.code, card.hue, card.slug, url)
