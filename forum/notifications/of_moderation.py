"""News of what moderators did about somebody's posts, and of what waits for moderators."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import select

from forum.accounts.models import Person
from forum.accounts.trust import Suspension
from forum.core.db import db
from forum.core.events import Event
from forum.core.i18n import _, lazy, moment
from forum.core.texts import Text
from forum.ideas.models import Idea
from forum.moderation import facts, policy
from forum.moderation.models import Matter
from forum.notifications.elsewhere import Called, Given
from forum.notifications.keeping import take_back
from forum.notifications.kinds import Kind

SENTENCES = {
    ("idea", "hidden"): lazy("A moderator has hidden your idea"),
    ("idea", "deleted"): lazy("A moderator put your idea in the trash"),
    ("idea", "approved"): lazy("Your idea is there for everybody to see"),
    ("comment", "hidden"): lazy("A moderator has hidden your comment"),
    ("comment", "deleted"): lazy("A moderator has deleted your comment"),
    ("comment", "approved"): lazy("Your comment is there for everybody to see"),
}
WAITS = lazy("This has waited for a moderator for two days")


def _decided(event: Event, _scene: object) -> Iterator[tuple[int, Kind]]:
    told = event.payload.get("told") or []
    people = [told] if isinstance(told, int) else told  # one person, where nobody else may be
    yield from ((person_id, Kind.MODERATED) for person_id in people)


def _reminded(event: Event, _scene: object) -> Iterator[tuple[int, Kind]]:
    yield from ((person_id, Kind.TO_MODERATE) for person_id in event.payload.get("people") or ())


RULES: dict[str, Callable[[Event, Any], Iterator[tuple[int, Kind]]]] = {
    facts.DECIDED.name: _decided,
    facts.REMINDED.name: _reminded,
    facts.SUSPENDED.name: _decided,
}


def forget_undone(batch: Sequence[Event]) -> Counter[int]:
    """Take news of decisions that were undone out of inboxes, in the open write; how many unread
    ones each person had. One statement for each that was undone."""
    gone: Counter[int] = Counter()
    for event in batch:
        if event.type == facts.UNDONE.name:
            gone.update(take_back(event, Kind.MODERATED))
    return gone


def matters_called(reader: Person, rows: Sequence[Given]) -> dict[int, Called]:
    """News of matters: what became of the reader's post and why, or what waits. One query."""
    query = (
        select(Matter, Idea.title, Text.plain)
        .outerjoin(Idea, Idea.id == Matter.idea_id)
        .outerjoin(Text, Text.id == Matter.why_id)
        .where(
            Matter.id.in_({row.object_id for row in rows}),
            Matter.thing_kind.not_in(policy.gone()),
        )
    )
    known = {row[0].id: row for row in db.session.execute(query)}
    found = {}
    for row in rows:
        if row.object_id not in known or (row.kind == Kind.TO_MODERATE and not reader.moderates):
            continue
        matter, title, words = known[row.object_id]
        under = _("A comment under a standard")
        heading = title or (_("A thank-you") if matter.thing_kind == "thanks" else under)
        if row.kind == Kind.TO_MODERATE:
            found[row.id] = Called(heading, str(WAITS), f"/moderation/matters/{matter.id}")
        else:
            found[row.id] = Called(heading, _sentence(matter, row.payload, words), _url(matter))
    return found


def _sentence(matter: Matter, payload: dict[str, Any], why: str | None) -> str:
    """What happened, and why as long as that decision is the last one."""
    said = str(SENTENCES[matter.thing_kind, payload.get("outcome", "hidden")])
    stands = payload.get("serial") == matter.serial
    return f"{said}: {why}" if why and stands else said


def _url(matter: Matter) -> str:
    return (
        f"/ideas/{matter.thing_id}"
        if matter.thing_kind == "idea"
        else f"/comments/{matter.thing_id}"
    )


def suspensions_called(reader: Person, rows: Sequence[Given]) -> dict[int, Called]:
    """News of suspensions: until when, and why. One query."""
    query = (
        select(Suspension.id, Suspension.until, Text.plain)
        .outerjoin(Text, Text.id == Suspension.why_id)
        .where(
            Suspension.id.in_([row.object_id for row in rows]), Suspension.person_id == reader.id
        )
    )
    known = {row[0]: row for row in db.session.execute(query)}
    found = {}
    for row in rows:
        if (said := known.get(row.object_id)) is not None:
            until = _("Until %(until)s you can read but not write.", until=moment(said[1]))
            heading = _("You are suspended")
            found[row.id] = Called(heading, f"{until} {said[2] or ''}".strip(), "/ideas")
    return found
