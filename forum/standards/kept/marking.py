"""Saying that a promise was kept or broken, and taking it back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.accounts.models import Person
from forum.core import limits, richtext, texts
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid, TooMany
from forum.core.events import Event, record
from forum.core.i18n import _, lazy, local_day
from forum.standards.holding import hold_in_force
from forum.standards.kept import counting, facts
from forum.standards.kept.models import PromiseMark
from forum.standards.kept.sides import Sides, may_mark
from forum.standards.models import Standard, VersionState
from forum.standards.review.opening import look_again

PER_HOUR = 60
"""Marks somebody may make in an hour: a shift's worth of promises, not a script's."""
HOUR = timedelta(hours=1)
NOT_IN_FORCE = lazy("Only promises of a standard in force can be kept or broken.")


def mark(
    person: Person, standard: Standard, clause_id: int, sides: Sides, *, kept: bool, note: str = ""
) -> None:
    """Say of a promise that it was kept or broken today, in place of what one said before.

    Raises Conflict when the standard is not in force, Invalid for a note that is too long, TooMany
    beyond what anybody can have seen in an hour.
    """
    if standard.state != VersionState.IN_FORCE:
        raise Conflict(NOT_IN_FORCE)
    require(may_mark(person, standard, sides))
    if not limits.NOTE.allows(note):
        raise Invalid(_("Say it in one line."), field="note")
    _check_hour(person)
    composed, day = richtext.compose(note.strip()), local_day(now())
    key = {"clause_id": clause_id, "person_id": person.id, "on_day": day}
    values = {"side": sides.of(person.department_id), "department_id": person.department_id}
    with transaction():
        # Before the standard's row is held: the sweep of reviews takes the two in this order.
        look_again([standard.number])
        hold_in_force(standard, NOT_IN_FORCE)
        text = texts.store_if_any(composed)
        said = {"kept": kept, "note_id": text.id if text is not None else None, "at": now()}
        _write({**key, "standard_id": standard.id}, {**values, **said}, list(key))
        counting.note(standard.id, [clause_id])
        told: dict[str, Any] = {"clause": clause_id, "kept": int(kept), "day": day.isoformat()}
        record(facts.MARKED, by=person, about=("standard", standard.id), **told)
        if not kept and person.id != standard.owner_id and not _is_told(standard, day):
            about = ("standard", standard.id)
            record(facts.BROKEN, by=None, about=about, day=day.isoformat())


def _is_told(standard: Standard, day: date) -> bool:
    """Whether the day's first breach was written down already: its owner hears of a day once. One
    query, which nobody else can answer otherwise while the standard's row is held."""
    query = (
        select(Event.payload)
        .where(
            Event.object_kind == "standard",
            Event.object_id == standard.id,
            Event.type == facts.BROKEN.name,
        )
        .order_by(Event.id.desc())
        .limit(1)
    )
    last = db.session.scalar(query)
    return last is not None and last["day"] == day.isoformat()


def _write(key: dict[str, Any], values: dict[str, Any], unique: list[str]) -> None:
    """Today's row, new or in place of the one there is."""
    insert = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    new = insert(PromiseMark).values(**key, **values)
    db.session.execute(new.on_conflict_do_update(index_elements=unique, set_=values))


def _check_hour(person: Person) -> None:
    """How many marks somebody may make. One query, on what the log says of them."""
    if not current_app.config["RATE_LIMITS"]:
        return
    hour_ago = now() - HOUR
    made = (
        select(Event.at)
        .where(Event.actor_id == person.id, Event.type == facts.MARKED.name, Event.at > hour_ago)
        .order_by(Event.at.desc())
    )
    full = db.session.scalar(made.offset(PER_HOUR - 1).limit(1))
    if full is not None:
        wait = int((full - hour_ago).total_seconds()) + 1
        raise TooMany(_("That is a lot for one hour. Go on later."), retry_after=wait)


def take_back(person: Person, standard: Standard, clause_id: int) -> bool:
    """Forget what one said of a promise today; False where one said nothing."""
    day = local_day(now())
    with transaction():
        gone = db.session.execute(
            delete(PromiseMark)
            .where(
                PromiseMark.clause_id == clause_id,
                PromiseMark.standard_id == standard.id,
                PromiseMark.person_id == person.id,
                PromiseMark.on_day == day,
            )
            .execution_options(synchronize_session=False)
        )
        if not gone.rowcount:  # type: ignore[attr-defined]
            return False
        counting.note(standard.id, [clause_id])
        look_again([standard.number])
        about = ("standard", standard.id)
        record(facts.UNMARKED, by=person, about=about, clause=clause_id, day=day.isoformat())
        return True
