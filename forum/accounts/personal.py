"""What accounts know of a person, and what is left of them afterwards: a number."""

from __future__ import annotations

from sqlalchemy import delete, or_

from forum.accounts import sessions
from forum.accounts.models import OneTimeToken, Person, PersonSession
from forum.core.clock import now
from forum.core.db import db
from forum.core.events import Event
from forum.core.mail import OutboxMail
from forum.core.personal import Erasure, Holding, Rows, rows


def about(person_id: int) -> dict[str, Rows]:
    """The person, their sessions and links, mails on their way, their actions. Seven queries."""
    person = db.session.get_one(Person, person_id)
    return {
        "person": rows(Person, Person.id == person_id, hide=("password_hash", "name_key")),
        "sessions": rows(PersonSession, PersonSession.person_id == person_id, hide=("token_hash",)),
        "links": rows(OneTimeToken, OneTimeToken.person_id == person_id, hide=("token_hash",)),
        # Whom they let in, without what is said there about somebody else.
        "links_made": rows(
            OneTimeToken, OneTimeToken.created_by_id == person_id, hide=("token_hash", "data")
        ),
        "mails": rows(OutboxMail, OutboxMail.recipient == person.email),
        "actions": rows(
            Event,
            or_(
                Event.actor_id == person_id,
                (Event.object_kind == "person") & (Event.object_id == person_id),
            ),
        ),
    }


def erase(erasure: Erasure) -> None:
    """Name, ways in and mails, in the open write. The row stays, as the number others refer to."""
    person = db.session.get_one(Person, erasure.person_id)
    sessions.end_all(person)
    _forget_mails(erasure)
    db.session.execute(delete(PersonSession).where(PersonSession.person_id == person.id))
    db.session.execute(delete(OneTimeToken).where(OneTimeToken.person_id == person.id))
    person.name, person.job_title = "", ""
    person.email = person.login = person.password_hash = person.locale = None
    person.imported_from = None
    person.signed_in_at = None
    person.deactivated_at = person.deactivated_at or now()
    db.session.flush()


def _forget_mails(erasure: Erasure) -> None:
    """Mails to them, and mails that name them: the notice in the inbox says the same without."""
    named = [OutboxMail.recipient == erasure.email] if erasure.email else []
    for word in (erasure.name, erasure.email):
        if word:
            named.append(OutboxMail.body.contains(word, autoescape=True))
            named.append(OutboxMail.subject.contains(word, autoescape=True))
    if named:
        db.session.execute(delete(OutboxMail).where(or_(*named)))


HOLDING = Holding("accounts", about, erase)
