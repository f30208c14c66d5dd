"""What people do about their own way in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from forum.accounts import facts, passwords, queries, sessions, throttle, tokens
from forum.accounts.models import Person, Purpose
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Conflict, Invalid
from forum.core.events import record
from forum.core.i18n import LOCALES, _, lazy

WRONG = lazy("These do not match. Check them and try again.")
THEMES = ("auto", "light", "dark")


def sign_in(
    handle: str, password: str, *, address: str, user_agent: str, shared: bool
) -> sessions.SessionUser:
    """Sign somebody in. Raises Invalid with one sentence whatever was wrong, or TooMany."""
    attempt = throttle.count("account", handle, address)
    person = queries.by_handle(handle)
    fits = passwords.matches(person.password_hash if person else None, password)
    if person is None or not fits or not person.can_sign_in:
        raise Invalid(WRONG)
    with transaction():
        throttle.forgive(attempt)
        return let_in(person, user_agent=user_agent, shared=shared)


def let_in(person: Person, *, user_agent: str, shared: bool) -> sessions.SessionUser:
    """Start a session for somebody whose right to it was just proven, in the open write."""
    user = sessions.begin(person, user_agent=user_agent, shared=shared)
    db.session.execute(update(Person).where(Person.id == person.id).values(signed_in_at=now()))
    record(facts.SIGNED_IN, by=person, about=("person", person.id))
    return user


def sign_out(person: Person, session_id: int) -> None:
    """End one of somebody's sessions."""
    with transaction():
        sessions.end(session_id, person.id)


def sign_out_elsewhere(person: Person, session_id: int) -> None:
    """End every session of somebody but this one."""
    with transaction():
        sessions.end_others(person.id, keep=session_id)


def set_password(person: Person, password_hash: str, *, by: Person | None) -> None:
    """Set a password, end every session and open link of that person, in one write.

    Links to another address too: who asked for them may be why the password is a new one.
    """
    with transaction():
        db.session.execute(
            update(Person).where(Person.id == person.id).values(password_hash=password_hash)
        )
        sessions.end_all(person)
        tokens.revoke(person.id, list(Purpose))
        throttle.forget(person)
        record(facts.PASSWORD_CHANGED, by=by, about=("person", person.id))


def change_password(
    person: Person, current: str, wanted: str, *, address: str, user_agent: str, shared: bool
) -> sessions.SessionUser:
    """Choose a new password, knowing the old one; only this browser stays signed in.

    Raises Invalid naming the field, TooMany, or Conflict when another password, or an end of all
    sessions, came between the check and the write.
    """
    check_password(person, current, address=address)
    hashed = passwords.hash_new(person, wanted)
    with transaction():
        _hold(person)
        set_password(person, hashed, by=person)
        return let_in(person, user_agent=user_agent, shared=shared)


def _hold(person: Person) -> None:
    """Lock somebody as they were when their password was checked, in the open write."""
    held = db.session.execute(
        update(Person)
        .where(
            Person.id == person.id,
            Person.epoch == person.epoch,
            Person.password_hash == person.password_hash,
        )
        .values(epoch=Person.epoch)
        .execution_options(synchronize_session=False)
    )
    if not held.rowcount:  # type: ignore[attr-defined]
        raise Conflict


def check_password(person: Person, current: str, *, address: str) -> None:
    """Make sure that it is still the same person at the browser. Raises Invalid or TooMany."""
    attempt = throttle.count("account", person.email or person.login or "", address)
    if not passwords.matches(person.password_hash, current):
        raise Invalid(_("This is not your current password."), field="current_password")
    with transaction():
        throttle.forgive(attempt)


def choose(person: Person, **choices: Any) -> None:
    """Remember somebody's language, theme and shortcuts. Raises Invalid for unknown values."""
    if choices.get("locale", "en") not in LOCALES:
        raise Invalid(_("Choose English or Russian."))
    if choices.get("theme", "auto") not in THEMES:
        raise Invalid(_("Choose light, dark or automatic."))
    with transaction():
        db.session.execute(update(Person).where(Person.id == person.id).values(**choices))
