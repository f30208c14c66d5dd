"""Lists of services: what stands in a cell, what is not confirmed, what is disputed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, literal, select

from forum.accounts.models import Person
from forum.core.db import read_columns
from forum.core.numbers import number_or_none
from forum.departments.models import OPEN_STATES, ServiceState
from forum.departments.services.phrases import STATES
from forum.departments.services.queries import visible_to
from forum.insights.map.days import source
from forum.insights.map.figures import Figure, figures_of_services
from forum.insights.map.names import Called, Names
from forum.insights.map.tree import Tree
from forum.standards.serving.queries import own_number

PAGE = 50
SIGNS = {
    ServiceState.PROPOSED: "?",
    ServiceState.CONFIRMED: "✓",
    ServiceState.DISPUTED: "!",
    ServiceState.ENDED: "×",
}
"""The sign of each state, which always stands beside its word or in a legend."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked for; unknown values are ignored. `-` is whoever has no department."""

    state: str = ""
    provider: str = ""
    customer: str = ""
    provider_alone: bool = False
    customer_alone: bool = False
    as_of: date | None = None
    after: int = 0

    @classmethod
    def read(cls, asked: Mapping[str, str], as_of: date | None) -> Wanted:
        """From an address."""
        state = asked.get("state", "")
        return cls(
            state if state in (*OPEN_STATES, ServiceState.CONFIRMED) else "",
            asked.get("provider", ""),
            asked.get("customer", ""),
            asked.get("provider-alone") == "1",
            asked.get("customer-alone") == "1",
            as_of,
            number_or_none(asked.get("after")) or 0,
        )

    def url(self, **other: Any) -> str:
        """The address of this list, with something else."""
        values = {
            "state": self.state,
            "provider": self.provider,
            "customer": self.customer,
            "provider-alone": "1" if self.provider_alone else "",
            "customer-alone": "1" if self.customer_alone else "",
            "as-of": self.as_of.isoformat() if self.as_of is not None else "",
        } | other
        asked = {name: value for name, value in values.items() if value}
        return f"/map/services?{urlencode(asked)}" if asked else "/map/services"


class Row(NamedTuple):
    """What a list reads of a service."""

    id: int
    name: str
    provider_id: int | None
    customer_id: int | None
    provider_side_id: int | None
    customer_side_id: int | None
    provider_owner_id: int | None
    customer_owner_id: int | None
    state: str
    criticality: str
    standard: str | None


class Line(NamedTuple):
    """A service in a list."""

    id: int
    name: str
    provider: Called
    customer: Called
    state: str
    sign: str
    state_name: str
    criticality: str
    figure: Figure | None = None
    standard: str = ""


class Lines(NamedTuple):
    """A page of a list, the heads of the cell it shows if it does, and where the next begins."""

    rows: Sequence[Line]
    provider: Any
    customer: Any
    after: int


def lines(reader: Person, wanted: Wanted) -> Lines:
    """A page of services. At most five queries; one more for a cell, and one for a consultant."""
    tree = Tree(all_of_it=wanted.as_of is not None) if wanted.provider or wanted.customer else None
    model, number, _where = source(wanted.as_of)
    query = rows_of(reader, wanted.as_of).where(number > wanted.after)
    if wanted.as_of is None:
        query = query.where(visible_to(reader))
    if wanted.state:
        query = query.where(model.state == wanted.state)
    for column, slug, alone in (
        (model.provider_id, wanted.provider, wanted.provider_alone),
        (model.customer_id, wanted.customer, wanted.customer_alone),
    ):
        side = _side(tree, column, slug, alone) if tree is not None else None
        query = query if side is None else query.where(side)
    rows = read_rows(query.order_by(number).limit(PAGE + 1))
    shown = rows[:PAGE]
    last = shown[-1].id if len(rows) > PAGE else 0
    known = tree.by_slug if tree is not None else {}
    heads = (known.get(wanted.provider), known.get(wanted.customer))
    return Lines(scored(reader, shown, wanted.as_of), *heads, last)


def _side(tree: Tree, column: Any, slug: str, alone: bool) -> ColumnElement[bool] | None:
    """Those of a side; None where the address names none that there is."""
    if slug == "-":
        found: ColumnElement[bool] = column.is_(None)
        return found
    card = tree.by_slug.get(slug)
    if card is None:
        return None
    within: ColumnElement[bool] = column.in_(tree.below(card.id))
    own: ColumnElement[bool] = column == card.id
    return own if alone else within


def rows_of(reader: Person, as_of: date | None) -> Any:
    """The statement for services, each with the number of its standard where it is of today."""
    model, number, where = source(as_of)
    standard = own_number(reader, number) if as_of is None else literal(None)
    fields = (getattr(model, name) for name in Row._fields[1:-1])
    return select(number, *fields, standard).where(*where)


def read_rows(query: Any) -> list[Row]:
    """What a statement of `rows_of` reads. One query."""
    return [Row._make(row) for row in read_columns(query)]


def scored(reader: Person, rows: Sequence[Row], as_of: date | None) -> list[Line]:
    """Rows as lists show them, with how satisfied customers are today. At most four queries."""
    figures = figures_of_services(reader, [row.id for row in rows]) if as_of is None else {}
    return [
        line._replace(figure=figures.get(line.id), standard=row.standard or "")
        for line, row in zip(said(reader, rows), rows, strict=True)
    ]


def said(reader: Person, edges: Sequence[Any]) -> list[Line]:
    """Services, or rows of them, as lists show them. At most three queries."""
    names = Names(reader, edges)
    words = {state.value: (SIGNS[state], str(called)) for state, called in STATES.items()}
    return [
        Line(
            edge.id,
            edge.name,
            *names.both(edge),
            edge.state,
            *words[edge.state],
            edge.criticality,
        )
        for edge in edges
    ]
