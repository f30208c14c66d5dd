"""The departments of the map, and which of them stand together in one row of the matrix."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import select

from forum.core.db import db
from forum.departments.models import Department
from forum.departments.queries import CARD, DepartmentCard

FEW = 24
"""So many departments with services stand each by itself; more stand together by the tree."""
NOWHERE = 0
"""The row of people who belong to no department: boards, consultants."""


class Group(NamedTuple):
    """Departments that share a row: one and what is below it, or one alone."""

    id: int
    alone: bool


class Tree:
    """The company's tree, archived departments too where `all_of_it`. One query."""

    def __init__(self, *, all_of_it: bool = False) -> None:
        query = select(*CARD, Department.parent_id)
        if not all_of_it:
            query = query.where(Department.archived_at.is_(None))
        rows = db.session.execute(query.order_by(Department.name, Department.id)).all()
        self.cards = {row.id: DepartmentCard._make(row[:5]) for row in rows}
        self._parents = {row.id: row.parent_id for row in rows}
        self.with_children = {row.parent_id for row in rows if row.parent_id is not None}
        self.by_slug = {card.slug: card for card in self.cards.values()}

    def line(self, department_id: int | None) -> list[int]:
        """A department and those above it, from below."""
        found: list[int] = []
        while department_id is not None and department_id not in found:
            if department_id not in self._parents:
                break
            found.append(department_id)
            department_id = self._parents[department_id]
        return found

    def below(self, department_id: int) -> frozenset[int]:
        """A department and everything below it."""
        return frozenset(each for each in self._parents if department_id in self.line(each))

    def groups(self, used: Iterable[int], branch: int | None) -> dict[int, Group]:
        """The row of each of these departments: its own where there are few, else that of the
        topmost department above it that the chosen branch is not part of."""
        ids = set(used)
        if branch is None and len(ids) <= FEW:
            return {each: Group(each, alone=True) for each in ids}
        path = set(self.line(branch))
        return {each: self._group(each, path) for each in ids}

    def _group(self, department_id: int, path: set[int]) -> Group:
        if department_id in path:
            return Group(department_id, alone=True)
        above = [None, *path]
        line = self.line(department_id)
        top = next((each for each in line if self._parents[each] in above), line[-1])
        return Group(top, alone=top not in self.with_children)
