"""Reading the tree of categories: few rows, so always whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from forum.core.db import db, read_columns
from forum.core.errors import NotFound
from forum.core.i18n import locale_code
from forum.standards.categories.models import Category
from forum.standards.review.models import Care


class Node(NamedTuple):
    """A category in the reader's language, at its depth in the tree."""

    id: int
    parent_id: int | None
    name: str
    depth: int


@dataclass(frozen=True, slots=True)
class Tree:
    """All categories, each after the one above it."""

    nodes: tuple[Node, ...] = ()

    def options(self) -> list[tuple[str, str]]:
        """(value, words) for a list to choose from, set in by their depth."""
        return [(str(node.id), "\u2003" * node.depth + node.name) for node in self.nodes]

    def below(self, category_id: int) -> tuple[int, ...]:
        """A category and all under it; nothing for one that is not there."""
        found: set[int] = set()
        for node in self.nodes:
            if node.id == category_id or node.parent_id in found:
                found.add(node.id)
        return tuple(sorted(found))


NO_TREE = Tree()


_TREE = select(Category.id, Category.parent_id, Category.name_en, Category.name_ru)
_FILED = select(Care.category_id).where(Care.standard_id == bindparam("of_standard"))


def category_tree() -> Tree:
    """The whole tree, siblings by name. One query."""
    russian = locale_code() == "ru"
    under: dict[int | None, list[tuple[str, int]]] = {}
    for number, parent, english, name in read_columns(_TREE):
        under.setdefault(parent, []).append(((name if russian else english), number))
    return Tree(tuple(_branch(under, None, 0)))


def _branch(
    under: dict[int | None, list[tuple[str, int]]], parent: int | None, depth: int
) -> list[Node]:
    found: list[Node] = []
    for name, number in sorted(under.get(parent, ()), key=lambda each: each[0].casefold()):
        found += [Node(number, parent, name, depth), *_branch(under, number, depth + 1)]
    return found


def category_or_404(category_id: int) -> Category:
    """A category. One query."""
    found = db.session.get(Category, category_id)
    if found is None:
        raise NotFound
    return found


def filed_under(category_ids: Sequence[int]) -> dict[int, int]:
    """How many standards are filed directly under each. One query."""
    query = (
        select(Care.category_id, func.count())
        .where(Care.category_id.in_(list(category_ids)))
        .group_by(Care.category_id)
    )
    return dict(db.session.execute(query).all())  # type: ignore[arg-type]


def category_of(standard_id: int) -> int | None:
    """What a standard is filed under. One query."""
    found: int | None = read_columns(_FILED, {"of_standard": standard_id}).scalar()
    return found


def template_of(category_id: int) -> str:
    """How a new standard of a category begins: its own, else that of the one above it."""
    known: set[int] = set()
    next_id: int | None = category_id
    while next_id is not None and next_id not in known:
        known.add(next_id)
        row = db.session.execute(
            select(Category.template, Category.parent_id).where(Category.id == next_id)
        ).first()
        if row is None or row[0].strip():
            return row[0] if row is not None else ""
        next_id = row[1]
    return ""
