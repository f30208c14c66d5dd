"""Opening and closing rows of reviews, in the open write."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.core.clock import now
from forum.core.db import db
from forum.standards.models import Standard
from forum.standards.review.models import Care, Outcome, Review


def upsert(model: Any) -> Any:
    """An INSERT that can say what is to happen on a conflict, on either database."""
    on_postgres = db.engine.dialect.name == "postgresql"
    return pg_insert(model) if on_postgres else sqlite_insert(model)


def open_one(standard: Standard, kinds: Sequence[str], *, due_on: date | None) -> int | None:
    """Open a review by these kinds of evidence; its id, None where one is open already."""
    query = (
        upsert(Review)
        .values(
            standard_id=standard.id,
            version=standard.in_force or 1,
            due_on=due_on,
            opened_at=now(),
            evidence={"kinds": sorted(kinds)} if kinds else {},
            outcome="",
            note="",
            due_before=standard.review_on,
        )
        .on_conflict_do_nothing()
        .returning(Review.id)
    )
    found: int | None = db.session.scalar(query)
    return found


def the_open_one(standard: Standard) -> Review:
    """The open review of a standard, opened now where there is none."""
    open_one(standard, [], due_on=standard.review_on)
    query = select(Review).where(Review.standard_id == standard.id, Review.closed_at.is_(None))
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def overtake(standard_id: int) -> None:
    """Close the open review, if any: the standard has another version now, or is retired."""
    db.session.execute(
        update(Review)
        .where(Review.standard_id == standard_id, Review.closed_at.is_(None))
        .values(closed_at=now(), outcome=Outcome.OVERTAKEN)
    )


def drop_open(standard_id: int) -> None:
    """Forget the open review, if any: the one before it is open again. What opened it is looked for
    once more."""
    gone = db.session.execute(
        delete(Review).where(Review.standard_id == standard_id, Review.closed_at.is_(None))
    )
    if gone.rowcount:  # type: ignore[attr-defined]
        set_care(standard_id, looked_on=None)


def set_care(standard_id: int, **values: Any) -> None:
    """Write down how a standard is looked after."""
    db.session.execute(
        upsert(Care)
        .values(standard_id=standard_id, **{"reminded": 0, **values})
        .on_conflict_do_update(index_elements=["standard_id"], set_=values)
    )
