"""Whose turn it is, asked both ways, in tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.calendar import company_day
from forum.core.db import db
from forum.ideas.asked import slots_of
from forum.ideas.badges import badges_of
from forum.ideas.models import AnswerKind, Idea, StageKind
from forum.ideas.together.queries import authors_by_idea
from forum.ideas.turn import Holder, department_in_turn, holder, whose_turn

FINAL = (
    StageKind.DONE,
    StageKind.STANDARDISED,
    StageKind.DECLINED,
    StageKind.WITHDRAWN,
    StageKind.MERGED,
)


def turn_of(app: Flask, idea: int) -> tuple[str | None, int | None]:
    """Who holds the ball of an idea, and which department; by the function and by SQL."""
    with app.app_context():
        row = db.session.get_one(Idea, idea)
        slots = slots_of(db.session.get_one(Person, row.author_id), idea)
        asked = select(holder(company_day()), department_in_turn()).where(Idea.id == idea)
        by_sql, department = db.session.execute(asked).one()
        written = {"rewritable": not row.anonymous or bool(authors_by_idea([idea]))}
        held = whose_turn(row, slots, company_day(), **written)
        assert by_sql == (held.holder if held else None)
        badges = badges_of([idea]).get(idea, [])
        assert held == whose_turn(row, badges, company_day(), **written) or held.slot
        if held is None or held.slot is None:
            return by_sql, None
        assert held.slot.department_id == department
        return by_sql, department


def all_turns() -> list[tuple[Idea, str | None]]:
    """Every idea with who holds its ball, in the open context; by the function, by SQL, and as it
    was promised."""
    today, found = company_day(), []
    rows = db.session.execute(select(Idea, holder(today), department_in_turn())).all()
    badges = badges_of([row[0].id for row in rows])
    shared = authors_by_idea([row[0].id for row in rows])
    for idea, by_sql, department in rows:
        slots = badges.get(idea.id, [])
        written = not idea.anonymous or idea.id in shared
        held = whose_turn(idea, slots, today, rewritable=written)
        assert by_sql == (held.holder if held else None)
        if held is not None and held.slot is not None:
            assert department == held.slot.id  # type: ignore[attr-defined]
        assert by_sql == promised(idea, slots, today, written=written), (idea.stage_kind, slots)
        found.append((idea, by_sql))
    return found


def promised(idea: Idea, slots: Sequence[Any], today: Any, *, written: bool) -> str | None:
    """Who is to hold the ball, said once more in other words."""
    if idea.stage_kind in FINAL:
        return None
    if idea.stage_kind == StageKind.ACCEPTED:
        return Holder.OWNER
    silent = [slot for slot in slots if slot.answer == AnswerKind.WAITING]
    asks = [slot for slot in silent if slot.paused_at]
    if idea.stage_kind == StageKind.OPEN and written:
        asks += [
            slot
            for slot in slots
            if slot.answer == AnswerKind.NEEDS_CHANGE and slot.revision >= idea.revision
        ]
    if asks or idea.stage_kind == StageKind.DRAFT:
        return Holder.AUTHOR
    late = [slot for slot in silent if slot.due_on and slot.due_on < today]
    if late:
        return Holder.DEPARTMENT
    return Holder.DEPARTMENT if silent and idea.stage_kind == StageKind.OPEN else Holder.MODERATORS
