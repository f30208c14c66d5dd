"""A forgotten password: a link by mail, or one that an administrator hands over."""

from __future__ import annotations

from forum.accounts import facts, letters, queries, throttle, tokens
from forum.accounts.invitations import may_mail
from forum.accounts.models import Person, Purpose
from forum.core.access import require
from forum.core.db import transaction
from forum.core.events import record
from forum.core.mail import queue_mail
from forum.core.site import absolute


def request_reset(handle: str, *, address: str) -> None:
    """Mail a link if somebody has this address or staff number; the caller cannot tell.

    Raises TooMany.
    """
    throttle.count("reset", handle, address)
    person = queries.by_handle(handle)
    if person is None or not person.email or not person.can_sign_in or not may_mail():
        return
    secret = tokens.new_secret()
    letter = letters.password_reset(person, f"/password-reset/{secret}")
    with transaction():
        tokens.issue(Purpose.PASSWORD_RESET, person, secret)
        queue_mail(*letter)


def reset_link(admin: Person | None, person: Person) -> str:
    """A link with which somebody sets a new password; it works once, for a day."""
    require(admin is None or admin.administers)
    secret = tokens.new_secret()
    with transaction():
        tokens.issue(Purpose.PASSWORD_RESET, person, secret, by=admin)
        record(facts.RESET_LINK_MADE, by=admin, about=("person", person.id))
    return absolute(f"/password-reset/{secret}")
