"""What a service was: a line for each change, with what it changed word by word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, select

from forum.accounts.models import Person
from forum.accounts.names import shown_name
from forum.core.db import db
from forum.core.i18n import _, lazy
from forum.core.richtext.diff import Change as Words
from forum.core.richtext.diff import new_budget, word_diff
from forum.departments.models import Edge, ServiceChange
from forum.departments.visibility import people_visible_to
from forum.insights.map.forms import LEVELS

CHANGES = 40
"""Rows of the history on the page."""
WHAT = {
    "drawn": lazy("put on the map"),
    "imported": lazy("brought by a file"),
    "confirmed": lazy("confirmed"),
    "corrected": lazy("corrected"),
    "denied": lazy("denied"),
    "ended": lazy("taken off the map"),
    "withdrawn": lazy("correction taken back"),
    "owner": lazy("another owner named"),
    "moved": lazy("moved with its department"),
}


class Change(NamedTuple):
    """A line of the history; what it changed, by the name of what was said."""

    kind: str
    what: str
    who: str
    at: datetime
    name: str
    why: str
    said: Sequence[tuple[str, Sequence[Words]]]


def changes_of(reader: Person, service_id: int) -> list[Change]:
    """Newest first; by nobody where it was somebody the reader does not see. One query."""
    seen = and_(Person.id == ServiceChange.by_id, people_visible_to(reader))
    query = (
        select(ServiceChange, Person.name)
        .outerjoin(Person, seen)
        .where(ServiceChange.service_id == service_id)
        .order_by(ServiceChange.at.desc(), ServiceChange.id.desc())
        .limit(CHANGES + 1)
    )
    rows = db.session.execute(query).all()
    before: list[ServiceChange | None] = [*(row for row, _name in rows[1:]), None]
    budget = new_budget()
    return [
        Change(
            row.what,
            str(WHAT.get(row.what, row.what)),
            shown_name(name) if name is not None else "",
            row.at,
            row.name,
            row.why if row.what in ("denied", "ended") else "",
            _compared(earlier, row, budget) if earlier is not None else (),
        )
        for (row, name), earlier in list(zip(rows, before, strict=False))[:CHANGES]
    ]


def _compared(old: Edge, new: Edge, budget: list[int]) -> list[tuple[str, list[Words]]]:
    return [
        (label, word_diff(was, became, budget=budget))
        for (label, was), (_label, became) in zip(_said(old), _said(new), strict=True)
        if was != became
    ]


def _said(edge: Edge) -> list[tuple[str, str]]:
    return [
        (_("Name"), edge.name),
        (_("What is delivered"), edge.delivered),
        (_("Where one turns to"), edge.channel),
        (_("How much hangs on it"), str(LEVELS.get(edge.criticality, edge.criticality))),
    ]
