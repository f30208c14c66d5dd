"""The queue of those who answer for departments, by the last day of each answer."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, or_, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.paging import Page, decode_cursor, page_of
from forum.departments.queries import CARD, DepartmentCard
from forum.home.queries import card_or_none, last_day, waiting_slots
from forum.ideas.models import Answer, Idea

QUEUE = 20
"""Answers on a page."""


class Due(NamedTuple):
    """An answer that waits, with what its idea says."""

    idea_id: int
    title: str
    lang: str
    excerpt: str
    asked_at: datetime
    due_on: date | None
    last_day: date
    slot_id: int
    revision: int
    department: DepartmentCard


def queue(reader: Person, answering: frozenset[int], *, after: str = "") -> Page[Due]:
    """A page of answers the reader's departments owe, by their last day. One query."""
    due_by = last_day()
    columns: tuple[Any, ...] = (
        Idea.id,
        Idea.title,
        Idea.lang,
        Idea.excerpt,
        Answer.asked_at,
        Answer.due_on,
        due_by,
        Answer.id,
        Idea.revision,
        *CARD,
    )
    query = waiting_slots(select(*columns), reader, answering)
    position = _place(after)
    if position is not None:
        on, slot_id = position
        query = query.where(or_(due_by > on, and_(due_by == on, Answer.id > slot_id)))
    rows = db.session.execute(query.order_by(due_by, Answer.id).limit(QUEUE + 1))
    shown = [Due._make((*row[:9], card_or_none(row[9:]))) for row in rows]
    return page_of(shown, QUEUE, lambda due: (due.last_day.isoformat(), due.slot_id))


def _place(after: str) -> tuple[date, int] | None:
    """The place a cursor names, None for none or a damaged one."""
    found = decode_cursor(after, (str, int))
    with suppress(ValueError):
        return (date.fromisoformat(found[0]), found[1]) if found is not None else None
    return None
