"""Support by department, shown so that nobody's vote follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select

from forum.core.db import read_columns
from forum.departments.models import Department
from forum.ideas import support
from forum.ideas.models import Vote
from forum.ideas.support import SupportFigures

ENOUGH = 5
"""Active people a group needs before its support is shown."""
NOWHERE = 0
"""Stands for those without a department; they are never shown alone."""


class Size(NamedTuple):
    """A department's supporters on the day they voted, and its active people now."""

    supporters: int
    people: int


class Group(NamedTuple):
    """A department whose support is shown."""

    name: str
    slug: str
    code: str
    hue: int
    supporters: int

    @property
    def url(self) -> str:
        """Its page."""
        return f"/departments/{self.slug}"


@dataclass(frozen=True, slots=True)
class SupportShown:
    """What a page may say: some departments, and everybody else as one number.

    `tells_figure` is False where the balanced figure itself would give a small department away.
    `earlier` is how many supported an earlier wording, or 0 where only `some_earlier` may be told:
    a handful on either side of an edit could be named by those who watched.
    """

    groups: list[Group]
    others: int
    tells_figure: bool
    earlier: int = 0
    some_earlier: bool = False


def folded(sizes: Mapping[int, Size]) -> frozenset[int]:
    """The departments that go into one number.

    Every one with fewer than five active people, and then the next smallest until there are two
    of them with five people: otherwise the total less what is shown would tell about the one.
    """
    by_size = sorted(sizes, key=lambda d: (sizes[d].people, d))
    small = [d for d in by_size if d == NOWHERE or sizes[d].people < ENOUGH]
    rest = [d for d in by_size if d not in small]
    while small and rest and (len(small) < 2 or sum(sizes[d].people for d in small) < ENOUGH):
        small.append(rest.pop(0))
    return frozenset(small)


def support_by_department(
    idea_id: int, affected: Sequence[int] = (), *, revision: int = 1
) -> SupportShown:
    """Supporters by the department they had when they voted. One query.

    `revision` is the wording of today; who supported an earlier one is counted apart.
    """
    values = {"idea_id": idea_id, "wording": revision}
    votes = read_columns(VOTES, values).all()
    people: dict[str, int] = votes[0].people or {} if votes else {}
    sizes = {int(d): Size(0, n) for d, n in people.items()}
    for row in votes:
        sizes[row.department] = Size(row.supporters, people.get(str(row.department), 0))
    hidden = folded(sizes)
    shown = [
        Group(row.name, row.slug, row.code, row.hue, row.supporters)
        for row in votes
        if row.department not in hidden
    ]
    shown.sort(key=lambda group: (-group.supporters, group.name))
    small = [d for d in affected if people.get(str(d), 0) < ENOUGH]
    return SupportShown(
        groups=shown,
        others=sum(size.supporters for d, size in sizes.items() if d in hidden),
        tells_figure=not votes or not small,
        **_earlier(sum(row.supporters for row in votes), sum(row.early for row in votes)),
    )


def _earlier(supporters: int, early: int) -> dict[str, Any]:
    since = supporters - early
    told = early >= ENOUGH and (since == 0 or since >= ENOUGH)
    return {"earlier": early if told else 0, "some_earlier": early > 0}


def _votes() -> Any:
    department = func.coalesce(Vote.department_id, support.NOWHERE)
    counted = (
        select(
            department.label("department"),
            func.count().label("supporters"),
            func.count().filter(Vote.revision < bindparam("wording")).label("early"),
        )
        .where(Vote.idea_id == bindparam("idea_id"))
        .group_by(department)
        .subquery()
    )
    return select(
        counted.c.department,
        counted.c.supporters,
        counted.c.early,
        Department.name,
        Department.slug,
        Department.code,
        Department.hue,
        select(SupportFigures.people)
        .where(SupportFigures.id == 1)
        .scalar_subquery()
        .label("people"),
    ).outerjoin(Department, Department.id == counted.c.department)


VOTES = _votes()
