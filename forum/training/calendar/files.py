"""Sessions as calendar files: for one reader, for a mail, for a feed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import NamedTuple

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import or_, select

from forum.accounts.models import Person
from forum.accounts.names import shown_name
from forum.core.clock import now
from forum.core.db import db
from forum.core.errors import NotFound
from forum.core.i18n import _
from forum.core.mail import sender_address
from forum.core.site import absolute, site
from forum.core.texts import Text
from forum.training import policy
from forum.training.calendar import ics
from forum.training.calendar.ics import Meeting
from forum.training.models import Seat, Session

KEPT = timedelta(days=90)
"""How long past sessions stay in a feed."""
ABOUT = 1_000
"""Characters of what a session is about that a calendar shows."""


class Known(NamedTuple):
    """A session with what it is about and its host's name."""

    session: Session
    about: str | None
    host: str


def known(session_ids: Collection[int]) -> dict[int, Known]:
    """Sessions by id, with what calendars tell of them. One query, none for none."""
    if not session_ids:
        return {}
    rows = db.session.execute(_KNOWN.where(Session.id.in_(list(session_ids))))
    return {row[0].id: Known(*row) for row in rows}


_KNOWN = (
    select(Session, Text.plain, Person.name)
    .outerjoin(Text, Text.id == Session.about_id)
    .join(Person, Person.id == Session.host_id)
)


def meeting_of(found: Known) -> Meeting:
    """What a calendar keeps of a session."""
    session, about, host = found
    return Meeting(
        uid=f"{session.uid}@counterpart",
        serial=session.serial,
        title=session.title,
        starts_at=session.starts_at,
        minutes=session.minutes,
        changed_at=session.changed_at,
        cancelled=session.cancelled_at is not None,
        place=session.place,
        about=(about or "")[:ABOUT],
        url=absolute(f"/training/{session.id}"),
        host=shown_name(host),
    )


def invitation(person: Person, found: Known) -> str:
    """A session as somebody's invitation, or that it was called off."""
    off = found.session.cancelled_at is not None
    address = person.email or sender_address()
    return ics.write(
        [meeting_of(found)],
        method=ics.CANCEL if off else ics.REQUEST,
        organizer=sender_address(),
        attendee=(shown_name(person.name), address),
    )


def feed(person: Person) -> str:
    """All sessions somebody has a seat in or hosts. One query."""
    mine = select(Seat.session_id).where(Seat.person_id == person.id, Seat.waiting.is_(False))
    query = _KNOWN.where(
        or_(Session.id.in_(mine), Session.host_id == person.id), Session.starts_at > now() - KEPT
    )
    rows = db.session.execute(query.order_by(Session.starts_at, Session.id).limit(500))
    return ics.write(
        [meeting_of(Known(*row)) for row in rows],
        method=ics.PUBLISH,
        organizer=sender_address(),
        name=f"{_('Training')} · {site().name}",
    )


def feed_path(person: Person) -> str:
    """The feed's address: it holds until the person is signed out everywhere."""
    token = _signer().dumps([person.id, person.epoch])
    return f"/feeds/{token}/training.ics"


def feed_owner(secret: str) -> Person:
    """Whose feed a secret opens. Raises NotFound. One query."""
    try:
        number, epoch = _signer().loads(secret)
    except (BadSignature, TypeError, ValueError):
        raise NotFound from None
    person = db.session.get(Person, number)
    if person is None or person.epoch != epoch or not policy.may_see(person):
        raise NotFound
    return person


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="calendar of training")
