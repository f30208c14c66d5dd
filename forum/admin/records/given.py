"""Rows that need more than being added: earlier answers, and why ideas lie in the trash."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, delete, insert, select

from forum.core.db import db
from forum.ideas.models import Answer, AnswerRevision, Idea


def put_present_last(rows: list[dict[str, Any]]) -> None:
    """The history of a slot is read in the order of its rows: the answer that stands is the last.

    In the open write; two statements and a query for any number of slots.
    """
    table: Any = AnswerRevision.__table__
    stands = and_(
        Answer.id == AnswerRevision.answer_id,
        Answer.answer == AnswerRevision.answer,
        Answer.answered_at == AnswerRevision.at,
    )
    query = (
        select(*table.columns)
        .join(Answer, stands)
        .where(AnswerRevision.answer_id.in_({row["answer_id"] for row in rows}))
        .order_by(AnswerRevision.id)
    )
    present = [dict(row) for row in db.session.execute(query).mappings()]
    if present:
        ids = [row.pop("id") for row in present]
        db.session.execute(delete(table).where(table.c.id.in_(ids)))
        db.session.execute(insert(table), present)


def only_in_trash(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of what came out of the trash here nothing is told. One query."""
    ids = [row["idea_id"] for row in rows]
    query = select(Idea.id).where(Idea.id.in_(ids), Idea.trashed_at.is_not(None))
    there = set(db.session.scalars(query))
    return [row for row in rows if row["idea_id"] in there]
