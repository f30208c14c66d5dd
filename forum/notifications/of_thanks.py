"""News of thanks: gathered by what they are for, so that many for one result are one notice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.events import Event
from forum.core.i18n import _
from forum.core.modules import is_on
from forum.notifications.elsewhere import Called, Given, name
from forum.notifications.gathering import Pair
from forum.notifications.keeping import take_back
from forum.notifications.kinds import Kind
from forum.notifications.models import Notification
from forum.thanks import facts, queries
from forum.thanks.queries import Line
from forum.thanks.subjects import SUBJECTS
from forum.thanks.telling import Told

ENDING = (facts.WITHDRAWN.name, facts.HIDDEN.name)


def install() -> None:
    """Say how these news are called: of one thank-you, and of those for things of each kind."""
    for kind in ("thanks", "thanks-none", *(f"thanks-{kind}" for kind in SUBJECTS)):
        name(kind, called, module="thanks")


def _given(event: Event, scene: Any) -> Iterator[tuple[int, Kind]]:
    """Those thanked, while it stands; an author without a name in the inbox alone."""
    told: Told | None = scene.thanked.get(event.object_id)
    if told is None or not is_on("thanks"):
        return
    yield from ((person_id, Kind.THANKED) for person_id in sorted(told.people))
    if told.unsigned is not None and told.unsigned not in told.people:
        yield told.unsigned, Kind.THANKED_UNSIGNED


def _hidden(event: Event, scene: Any) -> Iterator[tuple[int, Kind]]:
    """Its author, while it is hidden."""
    author = scene.thanks_hidden.get(event.object_id)
    if author is not None and event.payload.get("hidden") and is_on("thanks"):
        yield author, Kind.MODERATED


RULES = {facts.GIVEN.name: _given, facts.HIDDEN.name: _hidden}


def called(reader: Person, rows: Sequence[Given]) -> dict[int, Called]:
    """News of thanks that the reader may still read, of those that were hidden while they are. As
    many queries as a page of thanks."""
    ids = {row.id: row.payload.get("thanks") or row.object_id for row in rows}
    lines = queries.lines_of(reader, set(ids.values()))
    return {
        row.id: _hidden_called(line) if row.kind == Kind.MODERATED else _called(line)
        for row in rows
        if (line := lines.get(ids[row.id])) is not None
        and (line.hidden or row.kind != Kind.MODERATED)
    }


def _called(line: Line) -> Called:
    title = line.subject.title if line.subject is not None else _("A thank-you")
    who = _("%(who)s says thank you", who=line.author.name)
    return Called(title, f"{who}: {line.why}" if line.why else who, f"/thanks/{line.id}")


def _hidden_called(line: Line) -> Called:
    said = _("A moderator has hidden your thank-you")
    why = f"{said}: {line.hidden_why}" if line.hidden_why else said
    return Called(_("A thank-you"), why, f"/thanks/{line.id}")


class Forgotten(NamedTuple):
    """How many unread notices each person has less, and whose news are to be gathered anew."""

    counts: Counter[int]
    since: dict[Pair, datetime]


def forget_ended(batch: Sequence[Event]) -> Forgotten:
    """Take news of thanks that were taken back or hidden out of inboxes, and of hiding those that
    are shown again, in the open write. Two statements for each of them."""
    counts: Counter[int] = Counter()
    since: dict[Pair, datetime] = {}
    for event in batch:
        if event.type not in ENDING:
            continue
        if event.payload.get("hidden") is False:
            counts.update(take_back(event, Kind.MODERATED))
        else:
            for row in _forget(event.object_id):
                pair = (row.person_id, row.object_kind, row.object_id)
                since[pair] = min(row.at, since.get(pair, row.at))
                counts[row.person_id] += row.read_at is None and row.behind_id is None
    return Forgotten(counts, since)


def _forget(thanks_id: int) -> Sequence[Any]:
    given = select(Event.id).where(
        Event.object_kind == "thanks",
        Event.object_id == thanks_id,
        Event.type == facts.GIVEN.name,
    )
    columns = ("person_id", "object_kind", "object_id", "at", "read_at", "behind_id")
    query = (
        delete(Notification)
        .where(Notification.event_id.in_(given), Notification.concealed.is_(False))
        .returning(*(getattr(Notification, column) for column in columns))
        .execution_options(synchronize_session=False)
    )
    return db.session.execute(query).all()
