"""What stands beside the results: chips that take a filter away, facets, orders. All are links.

Text and address are two views of one query: what was typed goes out of the text, what was chosen
out of the address.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from forum.core.i18n import _
from forum.search import language
from forum.search.asked import Asked
from forum.search.facets import FACETS, Facet
from forum.search.filters.readers import Value
from forum.search.filters.understood import Condition
from forum.search.language.operators import BY_NAME
from forum.search.queries import Results


class Chip(NamedTuple):
    """A filter that is on, and the search without it."""

    label: str
    without: str


@dataclass(frozen=True, slots=True)
class Link:
    """A value to choose, or one that is chosen and can be left."""

    label: str
    url: str
    count: int | None
    chosen: bool


class Choice(NamedTuple):
    """A facet or the order: a name, a label, and what there is to choose."""

    name: str
    label: str
    links: list[Link]

    @property
    def options(self) -> list[dict[str, Any]]:
        """The same as `components/chip_filter` shows it."""
        return [
            {"label": link.label, "url": link.url, "selected": link.chosen} for link in self.links
        ]

    @property
    def chosen(self) -> str:
        """The labels of what is chosen."""
        return ", ".join(link.label for link in self.links if link.chosen)


class Bar(NamedTuple):
    """All of it; `words` are the text without its filters, `unfiltered` the search for them."""

    chips: list[Chip]
    facets: list[Choice]
    order: Choice
    words: str
    unfiltered: str


def bar_of(wish: Asked, found: Results) -> Bar:
    """The bar of a page of results."""
    words = language.parse(wish.q).bare
    return Bar(
        list(_chips(wish, found.conditions)),
        [_facet(wish, found, name) for name in FACETS if _is_shown(found.facets.get(name, []))],
        _order(wish, found),
        words,
        wish.query(q=words, filters=replace(wish.filters, values=())),
    )


def _is_shown(facets: Sequence[Facet]) -> bool:
    """Whether there is anything to choose: one value that all have is none."""
    return len(facets) > 1 or any(facet.chosen for facet in facets)


def _chips(wish: Asked, conditions: Sequence[Condition]) -> Iterator[Chip]:
    for condition in conditions:
        operator = BY_NAME[condition.name]
        for value in condition.values:
            words = {"filter": str(operator.label), "value": value.label}
            label = (
                _("%(filter)s: not %(value)s", **words)
                if condition.negated
                else _("%(filter)s: %(value)s", **words)
            )
            yield Chip(label, _without(wish, condition, value))


def _without(wish: Asked, condition: Condition, value: Value) -> str:
    """The search without one value, wherever it stands."""
    text, filters = wish.q, wish.filters
    if condition.typed is not None and value.written in condition.typed.values:
        text = language.parse(wish.q).less(condition.typed, value.written)
    if value.written in condition.chosen:
        filters = wish.without(condition.name, value.written)
    return wish.query(q=text, filters=filters)


def _facet(wish: Asked, found: Results, name: str) -> Choice:
    choosing = wish.choosing(name)
    links = [
        Link(
            facet.label,
            _leaving(wish, found, name, facet) if facet.chosen else choosing(facet.value),
            facet.count,
            facet.chosen,
        )
        for facet in found.facets[name]
    ]
    return Choice(name, str(BY_NAME[name].label), links)


def _leaving(wish: Asked, found: Results, name: str, facet: Facet) -> str:
    """The search without a value of a facet that is chosen."""
    leaving = (
        _without(wish, condition, value)
        for condition in found.conditions
        if condition.name == name and not condition.negated
        for value in condition.values
        if facet.value in value.names
    )
    return next(leaving, "")


def _order(wish: Asked, found: Results) -> Choice:
    text = wish.q
    for typed in language.parse(wish.q).filters:
        if typed.name == "sort":
            text = language.parse(wish.q).less(typed)
    links = [
        Link(label, _ordered(wish, text, sort), None, sort == (found.sort or "relevance"))
        for sort, label in (
            ("relevance", _("Best match")),
            ("new", _("Newest")),
            ("votes", _("Most votes")),
            ("active", _("Last active")),
        )
    ]
    return Choice("sort", str(BY_NAME["sort"].label), links)


def _ordered(wish: Asked, text: str, sort: str) -> str:
    filters = replace(wish.filters, sort="" if sort == "relevance" else sort)
    return wish.query(q=text, filters=filters)
