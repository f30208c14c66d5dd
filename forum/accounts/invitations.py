"""Letting somebody in for the first time: by a link, or by a code on a printed sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from forum.accounts import actions, facts, letters, passwords, queries, sessions, throttle, tokens
from forum.accounts.models import OneTimeToken, Person, Purpose
from forum.core.access import require
from forum.core.db import transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import record
from forum.core.i18n import _, lazy
from forum.core.mail import can_mail, queue_mail
from forum.core.site import absolute, base_address

WRONG_CODE = lazy("These do not match, or the code was used. Check them and try again.")


class Invitation(NamedTuple):
    """A link made for somebody; `mailed` when it went to them and need not be copied."""

    person: Person
    link: str
    mailed: bool


class LeftOut(NamedTuple):
    """Somebody who was chosen and is not invited, and why in words that follow their name."""

    person: Person
    why: str


class SheetLine(NamedTuple):
    """One person's line of the printed sheet."""

    person: Person
    handle: str
    code: str


def invite(admin: Person | None, people: Sequence[Person]) -> list[Invitation]:
    """A link for each (at most 200), mailed where that is possible; an older link ends."""
    _check(admin, people)
    made = [(person, tokens.new_secret()) for person in people]
    mails = may_mail()
    notes = [
        letters.invitation(person, f"/welcome/{secret}")
        for person, secret in made
        if mails and person.email
    ]
    with transaction():
        for person, secret in made:
            tokens.issue(Purpose.INVITATION, person, secret, by=admin)
            record(facts.INVITED, by=admin, about=("person", person.id))
        for letter in notes:
            queue_mail(*letter)
    return [
        Invitation(person, absolute(f"/welcome/{secret}"), bool(mails and person.email))
        for person, secret in made
    ]


def sign_in_sheet(admin: Person | None, people: Sequence[Person]) -> list[SheetLine]:
    """A code for each (at most 200), to print and cut; it is shown this once."""
    _check(admin, people)
    lines = []
    with transaction():
        for person in people:
            code = tokens.issue_code(person, by=admin)
            record(facts.CODE_MADE, by=admin, about=("person", person.id))
            lines.append(SheetLine(person, person.login or person.email or "", code))
    return lines


def may_mail() -> bool:
    """Whether links can be mailed: there is a server, and we know where links lead."""
    return can_mail() and bool(base_address())


def newcomers(people: Sequence[Person]) -> tuple[list[Person], list[LeftOut]]:
    """Of the people somebody chose, those who cannot come in yet, and why the others are left out.

    Whoever has a password needs no invitation; one by one they may be given a new way in.
    """
    left = [LeftOut(person, why) for person in people if (why := _why_not(person))]
    out = {each.person.id for each in left}
    return [person for person in people if person.id not in out], left


def _why_not(person: Person) -> str:
    if not person.can_sign_in:
        return _("is deactivated")
    if not (person.email or person.login):
        return _("has neither an e-mail nor a staff number")
    return _("has a password already") if person.password_hash else ""


def _check(admin: Person | None, people: Sequence[Person]) -> None:
    require(admin is None or admin.administers)
    if not people or len(people) > 200:
        raise Invalid(_("Choose between 1 and 200 people."))
    for person in people:
        check_may_come(person)


def check_may_come(person: Person) -> None:
    """Refuse to make a way in for somebody who could not use it. Raises Conflict."""
    if not person.can_sign_in:
        raise Conflict(_("%(name)s is deactivated. Let them in again first.", name=person.name))
    if not (person.email or person.login):
        text = _("%(name)s has neither an e-mail nor a staff number.", name=person.name)
        raise Conflict(text)


def accept(
    token: OneTimeToken, person: Person, password: str, *, user_agent: str, shared: bool
) -> sessions.SessionUser:
    """Set the password a link or code lets its holder choose, and sign in; exactly once.

    Raises Invalid for the password, LinkSpent when somebody was faster.
    """
    hashed = passwords.hash_new(person, password)
    with transaction():
        tokens.spend(token)
        actions.set_password(person, hashed, by=person)
        return actions.let_in(person, user_agent=user_agent, shared=shared)


def accept_code(
    handle: str, code: str, password: str, *, address: str, user_agent: str, shared: bool
) -> sessions.SessionUser:
    """Come in with a code from the sheet. Raises Invalid with one sentence, or TooMany."""
    attempt = throttle.count("code", handle, address)
    person = queries.by_handle(handle)
    hashed = tokens.code_digest(person.id if person else 0, tokens.clean_code(code))
    try:
        token, holder = tokens.find_by_digest(hashed, Purpose.SIGN_IN_CODE)
    except tokens.LinkSpent:
        raise Invalid(WRONG_CODE, field="code") from None
    user = accept(token, holder, password, user_agent=user_agent, shared=shared)
    with transaction():
        throttle.forgive(attempt)
    return user
