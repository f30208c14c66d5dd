"""The stages: which there are, and moving an idea from one to the next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, select, update

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db
from forum.core.errors import Conflict
from forum.core.events import record
from forum.core.i18n import lazy
from forum.ideas import facts
from forum.ideas.models import Idea, Stage, StageChange, StageKind

MOVED_ON = lazy("This idea has moved on in the meantime. Look at it again.")
TRASHED = lazy("This idea is in the trash. Nothing can happen to it there.")
GONE = lazy("This stage has just been removed. Choose another one.")
NAMES = {
    StageKind.DRAFT: lazy("Draft"),
    StageKind.OPEN: lazy("Open"),
    StageKind.REVIEW: lazy("In review"),
    StageKind.ACCEPTED: lazy("Accepted"),
    StageKind.STANDARDISED: lazy("Became a standard"),
    StageKind.DONE: lazy("Done"),
    StageKind.DECLINED: lazy("Declined"),
    StageKind.MERGED: lazy("Merged"),
    StageKind.WITHDRAWN: lazy("Withdrawn"),
}


NOT_TRASHED = Idea.trashed_at.is_(None)


def name_of(kind: str) -> str:
    """A stage kind in the reader's words."""
    return str(NAMES[StageKind(kind)])


def stage_id(kind: str) -> int:
    """The default stage of a kind. Its query runs once a process."""
    known: dict[str, int] = current_app.extensions.setdefault("forum.stages", {})
    if kind not in known:
        rows = db.session.execute(select(Stage.kind, Stage.id).where(Stage.slug == Stage.kind))
        known.update({row.kind: row.id for row in rows})
    return known[kind]


def hold(
    idea: Idea,
    *,
    allowed: Iterable[StageKind],
    conflict: object = None,
    still: Iterable[ColumnElement[bool]] = (),
    **values: Any,
) -> None:
    """Lock an idea in the open write and change it; Conflict when it is no longer in `allowed`.

    `still` is what else must hold, such as the owner that was seen.
    """
    held = db.session.execute(
        update(Idea)
        .where(Idea.id == idea.id, Idea.stage_kind.in_(list(allowed)), NOT_TRASHED, *still)
        .values(**{"active_at": Idea.active_at, **values})
    )
    if not held.rowcount:  # type: ignore[attr-defined]
        raise Conflict(why_not(idea, conflict))


def why_not(idea: Idea, conflict: object) -> object:
    """What to say where an idea did not move. One query."""
    trashed = db.session.scalar(select(Idea.trashed_at).where(Idea.id == idea.id))
    return TRASHED if trashed else conflict or MOVED_ON


def move(
    idea: Idea,
    to: StageKind,
    *,
    by: Person | None,
    allowed: Iterable[StageKind],
    conflict: object = None,
    still: Iterable[ColumnElement[bool]] = (),
    into: int | None = None,
    at: datetime | None = None,
    **values: Any,
) -> None:
    """Move an idea in the open write, exactly once; Conflict when it is no longer in `allowed`.

    `into` is a stage of that kind, instead of the first one; Conflict when it has been removed.
    `at` is another moment than now, for what may not be known to the minute.
    """
    old, at = idea.stage_kind, at or now()
    target = stage_id(to) if into is None else _kept(into)
    moved = db.session.execute(
        update(Idea)
        .where(
            Idea.id == idea.id,
            Idea.stage_kind.in_(list(allowed)),
            Idea.stage_kind == old,
            NOT_TRASHED,
            *still,
        )
        .values(stage_id=target, stage_kind=to, stage_since=at, active_at=at, **values)
    )
    if not moved.rowcount:  # type: ignore[attr-defined]
        raise Conflict(why_not(idea, conflict))
    db.session.refresh(idea)
    db.session.add(
        StageChange(
            idea_id=idea.id,
            from_kind=old,
            to_kind=to,
            stage_id=target,
            by_id=by.id if by is not None else None,
            at=at,
        )
    )
    about = ("idea", idea.id)
    if old == to:
        record(facts.RESTAGED, by=by, about=about, at=at, stage=target)
    else:
        told = {"before": old, "after": str(to), "stage": target}
        record(facts.STAGE_CHANGED, by=by, about=about, at=at, **told)


def _kept(stage_id: int) -> int:
    """A stage that nobody has removed, kept so until the open write ends."""
    query = select(Stage.id).where(Stage.id == stage_id, Stage.removed_at.is_(None))
    found = db.session.scalar(query.with_for_update(read=True))
    if found is None:
        raise Conflict(GONE)
    return found


def same_owner(idea: Idea) -> ColumnElement[bool]:
    """Whether the department that carries it out is still the one that was seen."""
    return Idea.owner_department_id.is_not_distinct_from(idea.owner_department_id)
