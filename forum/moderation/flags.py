"""Flagging a thing: quiet, with a reason; all flags of a thing are one matter."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Table, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.accounts.models import Person
from forum.core import richtext, texts
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Invalid
from forum.core.events import record
from forum.core.i18n import lazy
from forum.moderation import facts, policy
from forum.moderation.models import FLAGS, Flag, Matter, Reason, State
from forum.moderation.things import Thing, authors_for

REASONS = {
    Reason.RUDE: lazy("It is rude or attacks somebody"),
    Reason.PRIVATE: lazy("It says something private or secret"),
    Reason.SPAM: lazy("It is spam or advertising"),
    Reason.WRONG_PLACE: lazy("It does not belong here"),
    Reason.OTHER: lazy("Something else"),
}
CHOOSE = lazy("Choose a reason.")


def flag(person: Person, thing: Thing, *, reason: str, note: str = "") -> int:
    """Tell moderators that something is wrong; twice by one person is the same as once.

    Returns the matter's id.
    """
    require(policy.may_flag(person, authors_for(person, thing)) and not thing.hidden)
    if reason not in [each.value for each in Reason]:
        raise Invalid(CHOOSE, field="reason")
    composed = richtext.compose(note, "text") if note.strip() else None
    with transaction():
        matter_id = open_matter(FLAGS, thing)
        said = texts.store_if_any(composed)
        new = db.session.execute(
            _insert(Flag)
            .values(
                matter_id=matter_id,
                person_id=person.id,
                reason=reason,
                note_id=said.id if said else None,
                at=now(),
            )
            .on_conflict_do_nothing()
            .returning(cast(Table, Flag.__table__).c.id)
        ).first()
        if new is not None:
            more = update(Matter).where(Matter.id == matter_id)
            db.session.execute(more.values(flag_count=Matter.flag_count + 1))
            record(facts.FLAGGED, by=person, about=("matter", matter_id), reason=reason)
    return matter_id


def open_matter(kind: str, thing: Thing) -> int:
    """The open matter of a kind about a thing, begun if there is none, in the open write."""
    values = {
        "kind": kind,
        "thing_kind": thing.kind,
        "thing_id": thing.id,
        "idea_id": thing.idea_id,
        "author_id": thing.author_id,
        **FRESH,
        "opened_at": now(),
        "moved_at": now(),
    }
    begun = (
        _insert(Matter)
        .values(values)
        .on_conflict_do_nothing()
        .returning(cast(Table, Matter.__table__).c.id)
    )
    row = db.session.execute(begun).first()
    if row is not None:
        return int(row[0])
    known = select(Matter.id).where(
        Matter.kind == kind,
        Matter.thing_kind == thing.kind,
        Matter.thing_id == thing.id,
        Matter.state != State.CLOSED,
    )
    return db.session.scalars(known).one()


FRESH = {"state": State.WAITING, "outcome": "", "before": "", "serial": 0, "flag_count": 0}


def _insert(model: Any) -> Any:
    """An insert into the bare table, which both databases let say `on conflict`."""
    insert = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    return insert(cast(Table, model.__table__))
