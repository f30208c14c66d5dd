"""What a file of records would do, without a write: rows that it would add are imagined, so that
later lines may refer to them.

What the database alone could refuse is asked of it beforehand where a rule looks at one row.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import CheckConstraint, literal, select

from forum.admin.records.kinds import Kind, kind_of
from forum.admin.records.part import Part, Row
from forum.core.db import db

Known = dict[tuple[Any, ...], Row]
"""Rows by their key."""
TOLD_TWICE = {"department": "archived", "standard-review": "standard-review-batch"}
"""Parts whose rows another part completes."""


class Broken(Exception):
    """A row that the database would not take."""


class Trial:
    """What the file has added and changed so far, in mind only."""

    def __init__(self) -> None:
        self._called: dict[str, dict[Any, int]] = defaultdict(dict)
        self._added: dict[str, Known] = defaultdict(dict)
        self._trashed: set[int] = set()
        self._last = 0

    def known(self, part: Part, rows: Sequence[Row]) -> Known:
        """Those of some lines' rows that earlier lines would have added."""
        added = self._added[part.name]
        return {key: added[key] for row in rows if (key := part.key_of(row)) in added}

    def admit(self, part: Part, rows: list[Row]) -> list[Row]:
        """Those of missing rows that may be added, as an idea may lie in the trash by then."""
        there = part.admit(rows)
        return [row for row in rows if row in there or row.get("idea_id") in self._trashed]

    def add(self, part: Part, rows: Sequence[Row]) -> None:
        """Imagine rows, with numbers below zero. Raises Broken before any of them."""
        if any(_breaks_a_rule(part, row) for row in rows):
            raise Broken
        for row in rows:
            self._last -= 1
            row.update({column.name: row.get(column.name) for column in part.table.columns})
            row["id"] = self._last
            for name in {part.name, TOLD_TWICE.get(part.name, part.name)}:
                self._added[name][part.key_of(row)] = row
            if part.named is not None:
                self._called[part.table.name][part.named(row)] = row["id"]

    def called(self, kind: Kind) -> dict[Any, int]:
        """Imagined rows of a kind by what they are called."""
        return next((found for name, found in self._called.items() if kind_of(name) is kind), {})

    def change(self, part: Part, known: Row, values: Row) -> None:
        """Remember what would be changed, as far as later lines depend on it."""
        known.update(values)
        if part.name == "idea" and values.get("trashed_at") is not None:
            self._trashed.add(known["id"])


def _breaks_a_rule(part: Part, row: Row) -> bool:
    """Whether a check of the table fails. One query where it has any."""
    checks = [each for each in part.table.constraints if isinstance(each, CheckConstraint)]
    looked_at = {each: _columns_in(part, str(each.sqltext)) for each in checks}
    asked = [each for each in checks if all(row.get(c.name) is not None for c in looked_at[each])]
    if not asked:
        return False
    columns = {column for each in asked for column in looked_at[each]}
    told = select(*(literal(row[c.name], c.type).label(c.name) for c in columns)).subquery()
    rules = select(*(each.sqltext for each in asked)).select_from(told)
    return not all(db.session.execute(rules).one())


def _columns_in(part: Part, rule: str) -> set[Any]:
    """The columns that a rule looks at."""
    words = set(re.findall(r"\w+", rule))
    return {column for column in part.table.columns if column.name in words}
