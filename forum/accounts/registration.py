"""Registering by oneself, for addresses of the company's domains; the mail proves the address.

The link carries what was typed, signed; no row exists before it is opened, so nobody can fill the
directory with names. It works once because an address has one account.
"""

from __future__ import annotations

from typing import NamedTuple

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.exc import IntegrityError

from forum.accounts import actions, facts, letters, passwords, queries, sessions, throttle
from forum.accounts.addresses import clean_email
from forum.accounts.invitations import may_mail
from forum.accounts.models import Person
from forum.accounts.reserved import refuse_reserved
from forum.accounts.tokens import LinkSpent
from forum.core.db import db, transaction
from forum.core.errors import Invalid
from forum.core.events import record
from forum.core.i18n import _
from forum.core.mail import queue_mail
from forum.core.site import site

LIFETIME_S = 24 * 3600


class Registration(NamedTuple):
    """Somebody who showed that an address is theirs."""

    name: str
    email: str
    locale: str


def is_open() -> bool:
    """Whether people of listed domains may register; it takes mail to prove an address."""
    settings = site()
    listed = settings.registration == "domain" and settings.registration_domains
    return bool(listed) and may_mail()


def is_listed(email: str) -> bool:
    """Whether an address belongs to one of the company's domains."""
    return email.rpartition("@")[2] in site().registration_domains


def request_registration(name: str, wanted: str, *, locale: str, address: str) -> None:
    """Mail a link to an address of the company; the caller cannot tell whether it is known.

    Raises Invalid naming the field, or TooMany.
    """
    refuse_reserved(name)
    email = clean_email(wanted)
    if email is None:
        raise Invalid(_("Check this address; it is not complete."), field="email")
    if not is_listed(email):
        domains = ", ".join(site().registration_domains)
        raise Invalid(_("Use your address at %(domains)s.", domains=domains), field="email")
    if "+" in email:
        # One mailbox is one person; with such addresses it could be any number of voters.
        raise Invalid(_("Use your address without what follows the plus."), field="email")
    throttle.count("register", email, address, most=throttle.MAILS_PER_ACCOUNT)
    known = queries.by_handle(email)
    secret = _signer().dumps([name, email, locale])
    letter = letters.registration(email, f"/register/{secret}", locale)
    if known is not None:
        letter = letters.known_already(known)
    with transaction():
        queue_mail(*letter)


def find(secret: str) -> Registration:
    """What a link carries. Raises LinkSpent when it is forged, old, or its address is known."""
    try:
        name, email, locale = _signer().loads(secret, max_age=LIFETIME_S)
    except (BadSignature, ValueError):
        raise LinkSpent from None
    if not is_listed(email) or queries.by_handle(email) is not None:
        raise LinkSpent
    return Registration(name, email, locale)


def register(
    wanted: Registration, password: str, *, user_agent: str, shared: bool
) -> sessions.SessionUser:
    """Add the person and sign them in; of two at once only one does. Raises Invalid, LinkSpent."""
    person = Person(name=wanted.name, email=wanted.email, locale=wanted.locale)
    person.password_hash = passwords.hash_new(person, password)
    try:
        with transaction():
            db.session.add(person)
            db.session.flush()
            record(facts.CREATED, by=person, about=("person", person.id))
            return actions.let_in(person, user_agent=user_agent, shared=shared)
    except IntegrityError:
        raise LinkSpent from None


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="registration")
