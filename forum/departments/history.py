"""A department's history in words."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from forum.core.db import db
from forum.core.i18n import _
from forum.departments.models import DepartmentChange
from forum.departments.pages import names_of_people
from forum.departments.queries import cards_by_id

SHOWN = 50
PLAIN = ("created", "renamed", "changed", "archived", "restored")
"""Changes that name nobody and no other department: all that a consultant is told."""


class Line(NamedTuple):
    """One change: what, when, and by whom where that may be told."""

    text: str
    at: datetime
    by: str


def history_of(department_id: int, *, limited: bool) -> list[Line]:
    """The latest changes, newest first, in the reader's language. Up to three queries."""
    query = select(DepartmentChange).where(DepartmentChange.department_id == department_id)
    if limited:
        query = query.where(DepartmentChange.what.in_(PLAIN))
    rows = list(db.session.scalars(query.order_by(DepartmentChange.id.desc()).limit(SHOWN)))
    words = _Words(rows, limited=limited)
    return [Line(words.say(row), row.at, words.by(row)) for row in rows]


class _Words:
    """Looks up every name the changes need at once."""

    def __init__(self, rows: list[DepartmentChange], *, limited: bool) -> None:
        people: set[int] = set()
        departments: set[int] = set()
        for row in rows:
            ids = {int(i) for i in f"{row.old} {row.new}".split() if i.isdigit()}
            if row.what in ("head-set", "representatives-set"):
                people |= ids
            elif row.what in ("moved", "merged"):
                departments |= ids
            if row.by_id is not None and not limited:
                people.add(row.by_id)
        self.people = names_of_people(people)
        found = cards_by_id(departments) if departments else {}
        self.departments = {key: each.name for key, each in found.items()}

    def by(self, row: DepartmentChange) -> str:
        return self.people.get(row.by_id or 0, "")

    def say(self, row: DepartmentChange) -> str:
        say: Any = getattr(self, "_" + row.what.replace("-", "_"), None)
        return say(row) if say is not None else row.what

    def _created(self, _row: DepartmentChange) -> str:
        return _("Created")

    def _renamed(self, row: DepartmentChange) -> str:
        return _("Renamed from “%(old)s” to “%(new)s”", old=row.old, new=row.new)

    def _changed(self, row: DepartmentChange) -> str:
        if row.old == row.new:
            return _("Description or colour changed")
        return _("Changed from %(old)s to %(new)s", old=row.old, new=row.new)

    def _archived(self, _row: DepartmentChange) -> str:
        return _("Archived")

    def _restored(self, _row: DepartmentChange) -> str:
        return _("Opened again")

    def _moved(self, row: DepartmentChange) -> str:
        if not row.new:
            return _("Moved to the top of the tree")
        return _("Moved under %(name)s", name=self._department(row.new))

    def _merged(self, row: DepartmentChange) -> str:
        if row.new:
            return _("Became part of %(name)s", name=self._department(row.new))
        return _("%(name)s became part of it", name=self._department(row.old))

    def _head_set(self, row: DepartmentChange) -> str:
        if not row.new:
            return _("No head any more")
        return _("Head: %(name)s", name=self._names(row.new))

    def _representatives_set(self, row: DepartmentChange) -> str:
        if not row.new:
            return _("Nobody answers for it any more")
        return _("Answering for it: %(names)s", names=self._names(row.new))

    def _department(self, number: str) -> str:
        return self.departments.get(int(number), "")

    def _names(self, numbers: str) -> str:
        return ", ".join(self.people.get(int(number), "") for number in numbers.split())
