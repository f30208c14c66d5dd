"""What accounts know of a person, and what is left of them afterwards: a number."""

from __future__ import annotations

import re

from markupsafe import escape
from sqlalchemy import Select, delete, false, or_, select

from forum.accounts import sessions
from forum.accounts.models import OneTimeToken, Person, PersonSession
from forum.core.audit import EventAddress
from forum.core.clock import now
from forum.core.db import db
from forum.core.events import Event
from forum.core.mail import OutboxMail
from forum.core.personal import Erasure, Holding, Rows, rows
from forum.core.unlinked import unlinked


def about(person_id: int) -> dict[str, Rows]:
    """The person, their sessions and links, mails on their way, their actions. Eight queries."""
    person = db.session.get_one(Person, person_id)
    return {
        "person": rows(Person, Person.id == person_id, hide=("password_hash", "name_key")),
        "sessions": rows(PersonSession, PersonSession.person_id == person_id, hide=("token_hash",)),
        "links": rows(OneTimeToken, OneTimeToken.person_id == person_id, hide=("token_hash",)),
        # Whom they let in, without what is said there about somebody else.
        "links_made": rows(
            OneTimeToken, OneTimeToken.created_by_id == person_id, hide=("token_hash", "data")
        ),
        # Without their texts: the link in one lets in whoever reads it here.
        "mails": rows(
            OutboxMail, OutboxMail.recipient == person.email, hide=("body", "html", "unsubscribe")
        ),
        "addresses": rows(EventAddress, EventAddress.event_id.in_(_acts_of(person_id))),
        "actions": rows(
            Event,
            or_(
                Event.actor_id == person_id,
                (Event.object_kind == "person") & (Event.object_id == person_id),
            ),
        ),
    }


def _acts_of(person_id: int) -> Select[int]:
    return select(Event.id).where(Event.actor_id == person_id)


def erase(erasure: Erasure) -> None:
    """Name, ways in and mails, in the open write. The row stays, as the number others refer to."""
    person = db.session.get_one(Person, erasure.person_id)
    sessions.end_all(person)
    _forget_mails(erasure)
    acts = EventAddress.event_id.in_(_acts_of(person.id))
    db.session.execute(delete(EventAddress).where(acts))
    db.session.execute(delete(PersonSession).where(PersonSession.person_id == person.id))
    db.session.execute(delete(OneTimeToken).where(OneTimeToken.person_id == person.id))
    person.name, person.job_title = "", ""
    person.email = person.login = person.password_hash = person.locale = None
    person.imported_from = None
    person.signed_in_at = None
    person.deactivated_at = person.deactivated_at or now()
    db.session.flush()


def _forget_mails(erasure: Erasure) -> None:
    """Mails to them go; from those that still wait to go to others, the name does."""
    links = select(OneTimeToken.data).where(OneTimeToken.person_id == erasure.person_id)
    addresses = {data.get("email") for data in db.session.scalars(links)} | {erasure.email}
    theirs = OutboxMail.recipient.in_([address for address in addresses if address])
    db.session.execute(delete(OutboxMail).where(theirs))
    known = [word for word in (erasure.name, erasure.email) if word]
    words = list(dict.fromkeys(form for word in known for form in _forms(word)))
    naming = [
        column.contains(word, autoescape=True)
        for word in words
        for column in (OutboxMail.subject, OutboxMail.body, OutboxMail.html)
    ]
    waiting = select(OutboxMail).where(OutboxMail.sent_at.is_(None), or_(false(), *naming))
    whole = re.compile("|".join(_whole(word) for word in words))
    for mail in db.session.scalars(waiting):
        instead = erasure.said(mail.body)
        mail.subject = whole.sub(instead, mail.subject)
        mail.body = whole.sub(instead, mail.body)
        mail.html = whole.sub(str(escape(instead)), mail.html)


def _forms(word: str) -> tuple[str, ...]:
    """A name as rows have it, and as mails show it in text and in HTML."""
    return word, unlinked(word), str(escape(unlinked(word)))


def _whole(word: str) -> str:
    """A pattern of a name or an address that is not a part of somebody else's."""
    before, after = (
        (r"(?<![\w.+@-])", r"(?!\.?[\w@-])") if "@" in word else (r"(?<![\w-])", r"(?![\w-])")
    )
    return before + re.escape(word) + after


HOLDING = Holding("accounts", about, erase)
