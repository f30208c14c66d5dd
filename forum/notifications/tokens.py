"""The address in a mail that stops such mails: signed, for that one purpose, good for ever.

It needs no session, so it must open nothing else; and it must still work when the mail is read a
year later and the password has changed since.
"""

from __future__ import annotations

from typing import NamedTuple

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.errors import NotFound
from forum.core.numbers import id_or_none
from forum.notifications.topics import CELLS, Cell, Channel, Topic

WEEKLY = "weekly"
"""Instead of a topic: the weekly mail as a whole."""


class Unsubscribing(NamedTuple):
    """Who wants to be mailed no more of what."""

    person: Person
    what: str

    @property
    def cells(self) -> frozenset[Cell]:
        """What of the table of preferences that is."""
        if self.what == WEEKLY:
            return frozenset(cell for cell in CELLS if cell[1] == Channel.WEEKLY)
        return frozenset({(Topic(self.what), Channel.MAIL)})


def path_of(person_id: int, what: str) -> str:
    """The address that stops mails of a topic, or the weekly one, for somebody."""
    return f"/unsubscribe/{_signer().dumps([person_id, str(what)])}"


def read(token: str) -> Unsubscribing:
    """Whom and what a token means. Raises NotFound. One query."""
    try:
        number, what = _signer().loads(token)
    except (BadSignature, TypeError, ValueError):
        raise NotFound from None
    person_id = id_or_none(str(number))
    person = db.session.get(Person, person_id) if person_id is not None else None
    if person is None or not person.can_sign_in:
        raise NotFound
    return Unsubscribing(person, str(what))


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="unsubscribe from mails")
