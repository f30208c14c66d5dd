"""Whether a search asks for versions of standards that are not in force any more."""

from __future__ import annotations

from forum.search.filters import values
from forum.search.filters.wanted import Filters
from forum.search.language import All, Either, Filter, Node, Query

NAME = "version"


def asks_for_older(query: Query, filters: Filters) -> bool:
    """By a value of `version:` that means something, chosen or typed, but for behind a minus."""
    chosen = filters.of(NAME)
    return any(map(_means, chosen)) or any(map(_asks, query.parts))


def _asks(node: Node) -> bool:
    if isinstance(node, Filter):
        return node.name == NAME and not node.negated and any(map(_means, node.values))
    return isinstance(node, All | Either) and any(map(_asks, node.parts))


def _means(text: str) -> bool:
    return values.VERSIONS.value(text) is not None or values.number_span(text) is not None
