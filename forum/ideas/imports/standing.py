"""Where imported ideas stand: their stage, how they came to it, the decision and the answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from forum.core.clock import now
from forum.core.db import db
from forum.core.site import site
from forum.ideas import clock, stages
from forum.ideas.imports import beside
from forum.ideas.imports.composing import ComposedIdea
from forum.ideas.imports.desk import Desk
from forum.ideas.imports.outcomes import ACCEPTED, DECIDED, ImportedAnswer
from forum.ideas.models import (
    Answer,
    AnswerKind,
    AnswerRevision,
    Decision,
    Idea,
    StageChange,
    StageKind,
)

Row = dict[str, Any]
NO_CLOCK: Row = dict.fromkeys(("due_on", "allowed_days", "nudge_on", "paused_at")) | {"nudged": 0}
Ids = dict[str, int]
"""Ids of texts by their digest."""


def insert_all(model: Any, rows: list[Row]) -> None:
    """Insert rows of one kind, if there are any."""
    if rows:
        db.session.execute(insert(model.__table__), rows)


def stage_columns(desk: Desk, composed: ComposedIdea, posted_at: datetime, text_ids: Ids) -> Row:
    """Where an idea stands, as its own columns."""
    idea, decision = composed.idea, composed.idea.decision
    decided = _decided_at(composed, posted_at)
    last = idea.steps[-1].at if idea.steps else decided
    accepted = decision is not None and idea.stage in ACCEPTED
    return {
        "stage_id": idea.added or stages.stage_id(idea.stage),
        "stage_kind": str(idea.stage),
        "stage_since": last or decided,
        "settled_at": decided if idea.stage in DECIDED else None,
        "owner_department_id": desk.department(decision.owner) if accepted and decision else None,
        "due_on": decision.due if accepted and decision else None,
        "outcome_id": text_ids[composed.outcome.digest] if composed.outcome else None,
    }


def _decided_at(composed: ComposedIdea, posted_at: datetime) -> datetime:
    idea = composed.idea
    told = idea.decision.at if idea.decision else None
    steps = (step.at for step in idea.steps if step.stage in DECIDED)
    return told or next(steps, None) or posted_at


def stand(desk: Desk, fresh: Sequence[ComposedIdea], rows: Sequence[Row], text_ids: Ids) -> None:
    """Write how ideas came to where they stand; `rows` are the ideas' own, with their ids."""
    pairs = list(zip(fresh, rows, strict=True))
    insert_all(StageChange, [step for c, row in pairs for step in _steps(desk, c, row)])
    insert_all(Decision, [d for c, row in pairs for d in _decisions(desk, c, row, text_ids)])
    beside.watch(pairs)
    lead_to({row["id"]: c.idea.merged_into for c, row in pairs if c.idea.merged_into})


def lead_to(targets: dict[int, str]) -> None:
    """Join merged ideas to those they were merged into, by the source's ids."""
    if not targets:
        return
    query = select(Idea.source_id, Idea.id).where(Idea.source_id.in_(set(targets.values())))
    found = {str(row[0]): row[1] for row in db.session.execute(query)}
    for idea_id, target in targets.items():
        moved = update(Idea).where(Idea.id == idea_id).values(merged_into_id=found.get(target))
        db.session.execute(moved.execution_options(synchronize_session=False))


def _steps(desk: Desk, composed: ComposedIdea, row: Row) -> Iterator[Row]:
    """The steps a line tells, else the one to the stage an idea stands at."""
    before = StageKind.OPEN
    for stage, by, at, added in _told(composed, row):
        yield {
            "idea_id": row["id"],
            "from_kind": str(before),
            "to_kind": str(stage),
            "stage_id": added or stages.stage_id(stage),
            "by_id": desk.authors.of(by).id if by else None,
            "at": at or row["stage_since"],
        }
        before = stage


def _told(
    composed: ComposedIdea, row: Row
) -> list[tuple[StageKind, str, datetime | None, int | None]]:
    idea, decision = composed.idea, composed.idea.decision
    if idea.steps:
        return [(step.stage, step.by, step.at, step.added) for step in idea.steps]
    if idea.stage in (StageKind.OPEN, StageKind.DRAFT) and idea.added is None:
        return []
    return [(idea.stage, decision.by if decision else "", row["stage_since"], idea.added)]


def _decisions(desk: Desk, composed: ComposedIdea, row: Row, text_ids: Ids) -> Iterator[Row]:
    """The decision a line tells, if its stage comes after one."""
    given = composed.idea.decision
    if given is None or row["settled_at"] is None:
        return
    reason, revisit = composed.reason, composed.revisit
    yield {
        "idea_id": row["id"],
        "decision": "decline" if row["stage_kind"] == StageKind.DECLINED else "accept",
        "by_id": desk.authors.of(given.by).id,
        "at": row["settled_at"],
        "reason_id": text_ids[reason.digest] if reason else None,
        "revisit_id": text_ids[revisit.digest] if revisit else None,
        "reason_code": given.code,
        "owner_department_id": row["owner_department_id"],
        "due_on": row["due_on"],
        "override": given.override,
        "confirmed_at": given.confirmed_at,
    }


def answer_rows(
    desk: Desk, composed: ComposedIdea, posted_at: datetime, text_ids: Ids
) -> dict[int, Row]:
    """What each department a line names has answered, as columns, by the department's id."""
    rows: dict[int, Row] = {
        number: _waiting(posted_at) for number in desk.departments_of(composed.idea.departments)
    }
    for given, reason in zip(composed.idea.answers, composed.answers, strict=True):
        asked = {"asked_at": given.asked_at or posted_at}
        row = rows[desk.known_department(given.department)]
        row.update(asked)
        if given.answer != AnswerKind.WAITING:
            row |= {
                "answer": str(given.answer),
                "reason_id": text_ids[reason.digest] if reason else None,
                "by_id": desk.authors.of(given.by).id,
                "answered_at": given.at or row["asked_at"],
            }
        row |= _clock(given, row["asked_at"])
    return rows


def _waiting(asked_at: datetime) -> Row:
    answer: Row = {"answer": str(AnswerKind.WAITING), "reason_id": None}
    return {**answer, "by_id": None, "asked_at": asked_at, "answered_at": None, **NO_CLOCK}


def _clock(given: ImportedAnswer, asked_at: datetime) -> Row:
    """The last day a line tells: nobody is reminded of what was due before it came here."""
    if given.due is None:
        return {}
    runs = clock.caught_up(asked_at, given.due, given.days or site().answer_days)
    if given.answer != AnswerKind.WAITING:
        return {**runs, "nudge_on": None}
    return {**runs, "paused_at": given.rests_since, "nudge_on": None} if given.rests_since else runs


def ask(slots: Iterable[Row]) -> None:
    """Insert slots of departments, with the answers that were given in them."""
    rows = list(slots)
    if not rows:
        return
    table: Any = Answer.__table__
    query = insert(table).returning(table.c.id, table.c.idea_id, table.c.department_id)
    ids = {(row.idea_id, row.department_id): row.id for row in db.session.execute(query, rows)}
    keep_given((ids[row["idea_id"], row["department_id"]], row) for row in rows)


def keep_given(slots: Iterable[tuple[int, Row]]) -> None:
    """Remember answers that were given in the history of their slots."""
    given = [(slot, row) for slot, row in slots if row["answer"] != AnswerKind.WAITING]
    insert_all(
        AnswerRevision,
        [
            {
                "answer_id": slot,
                "answer": row["answer"],
                "reason_id": row["reason_id"],
                "by_id": row["by_id"],
                "at": row["answered_at"],
            }
            for slot, row in given
        ],
    )


def hidden_at(composed: ComposedIdea) -> datetime | None:
    """Since when only moderators see it."""
    return now() if composed.idea.hidden else None
