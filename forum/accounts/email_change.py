"""A new e-mail address: both the old and the new one have to agree."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from forum.accounts import actions, facts, letters, queries, tokens
from forum.accounts.addresses import clean_email
from forum.accounts.invitations import may_mail
from forum.accounts.models import OneTimeToken, Person, Purpose
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import record
from forum.core.i18n import _, lazy
from forum.core.mail import queue_mail

BOTH = (Purpose.EMAIL_OLD, Purpose.EMAIL_NEW)
TAKEN = lazy("Somebody else uses this address.")


def request_change(person: Person, wanted: str, password: str, *, address: str) -> None:
    """Mail a link to the new address, and to the old one if there is one.

    Raises Invalid naming the field, Conflict when nothing can be mailed, TooMany.
    """
    if not may_mail():
        raise Conflict(_("The forum cannot send mail. Ask an administrator to change it."))
    actions.check_password(person, password, address=address)
    email = _free_address(wanted)
    old, new = tokens.new_secret(), tokens.new_secret()
    mails = [letters.email_change_new(person, email, f"/confirm-email/{new}")]
    if person.email:
        mails.append(letters.email_change_old(person, email, f"/confirm-email/{old}"))
    with transaction():
        tokens.revoke(person.id, BOTH)
        tokens.issue(Purpose.EMAIL_NEW, person, new, email=email)
        if person.email:
            tokens.issue(Purpose.EMAIL_OLD, person, old, email=email)
        for letter in mails:
            queue_mail(*letter)


def _free_address(wanted: str) -> str:
    email = clean_email(wanted)
    if email is None:
        raise Invalid(_("Check this address; it is not complete."), field="email")
    if queries.by_handle(email) is not None:
        raise Invalid(TAKEN, field="email")
    return email


def confirm(secret: str) -> bool:
    """Agree from one of the two addresses; True once the change is made.

    Raises LinkSpent, or Conflict when the address was taken meanwhile.
    """
    token, person = tokens.find(secret, *BOTH)
    try:
        with transaction():
            # Both links opened at once must not each wait for the other.
            db.session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
            tokens.spend(token)
            agreed = person.email is None or _other_agreed(token)
            if agreed:
                _change(person, token.data["email"])
    except IntegrityError as taken:
        raise Conflict(TAKEN) from taken
    return agreed


def _other_agreed(token: OneTimeToken) -> bool:
    other = next(purpose for purpose in BOTH if purpose != token.purpose)
    query = (
        select(OneTimeToken)
        .where(OneTimeToken.person_id == token.person_id, OneTimeToken.purpose == other.value)
        .order_by(OneTimeToken.id.desc())
        .limit(1)
    )
    found = db.session.scalars(query.execution_options(populate_existing=True)).first()
    return found is not None and found.used_at is not None and found.data == token.data


def _change(person: Person, email: str) -> None:
    db.session.execute(update(Person).where(Person.id == person.id).values(email=email))
    tokens.revoke(person.id, tokens.MAILED)
    record(facts.EMAIL_CHANGED, by=person, about=("person", person.id))
