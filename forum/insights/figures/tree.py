"""The company's tree as the count needs it: who lies below whom."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from forum.core.db import db
from forum.departments.models import Department
from forum.insights.figures.models import WHOLE


class Tree:
    """Departments with what is above each; the whole company is above all of them."""

    def __init__(self, parents: Mapping[int, int | None]) -> None:
        self.parents = {child: above or WHOLE for child, above in parents.items()}
        self._lines: dict[int, tuple[int, ...]] = {}

    def line(self, department_id: int | None) -> tuple[int, ...]:
        """The branches that a department lies in: itself, those above it, the whole company."""
        here = department_id or WHOLE
        if here not in self._lines:
            self._lines[here] = self._climb(here)
        return self._lines[here]

    def _climb(self, here: int) -> tuple[int, ...]:
        found: list[int] = []
        while here != WHOLE and here in self.parents and here not in found:
            found.append(here)
            here = self.parents[here]
        return (*found, WHOLE)

    def children(self) -> dict[int, list[int]]:
        """What lies directly below each."""
        found: dict[int, list[int]] = {}
        for child, above in self.parents.items():
            found.setdefault(above, []).append(child)
        return found


def read_tree() -> Tree:
    """The tree of today. One query."""
    rows = db.session.execute(select(Department.id, Department.parent_id))
    return Tree({row.id: row.parent_id for row in rows})
