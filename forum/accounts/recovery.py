"""A forgotten password: a link by mail, or one that an administrator hands over."""

from __future__ import annotations

from forum.accounts import facts, letters, queries, throttle, tokens
from forum.accounts.invitations import check_may_come, may_mail
from forum.accounts.models import Person, Purpose
from forum.core.access import require
from forum.core.db import transaction
from forum.core.events import record
from forum.core.mail import queue_mail, queue_nothing
from forum.core.site import absolute


def request_reset(handle: str, *, address: str) -> None:
    """Mail a link if somebody has this address or staff number; the caller cannot tell.

    Nor by the time it takes: where there is nobody to mail, a row is written all the same.
    Raises TooMany.
    """
    throttle.count("reset", handle, address, most=throttle.MAILS_PER_ACCOUNT)
    person = queries.by_handle(handle)
    if not may_mail():
        return
    if person is None or not person.email or not person.can_sign_in:
        with transaction():
            queue_nothing()
        return
    secret = tokens.new_secret()
    letter = letters.password_reset(person, f"/password-reset/{secret}")
    with transaction():
        tokens.issue(Purpose.PASSWORD_RESET, person, secret)
        queue_mail(*letter)


def reset_link(admin: Person | None, person: Person) -> str:
    """A link with which somebody sets a new password; it works once, for a day.

    Raises Conflict for somebody who could not sign in with it.
    """
    require(admin is None or admin.administers)
    check_may_come(person)
    secret = tokens.new_secret()
    with transaction():
        tokens.issue(Purpose.PASSWORD_RESET, person, secret, by=admin)
        record(facts.RESET_LINK_MADE, by=admin, about=("person", person.id))
    return absolute(f"/password-reset/{secret}")
