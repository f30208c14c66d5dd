"""What people do about their own way in."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, func, select, update

from forum.accounts import facts, passwords, queries, sessions
from forum.accounts.models import Person, SignInFailure
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import Invalid, TooMany
from forum.core.events import record
from forum.core.i18n import lazy

WINDOW = timedelta(minutes=15)
PER_ACCOUNT, PER_ADDRESS = 10, 60
"""Failed sign-ins within the window before the next one has to wait."""

WRONG = lazy("These do not match. Check them and try again.")


def sign_in(
    handle: str, password: str, *, address: str, user_agent: str, shared: bool, throttle: bool
) -> sessions.SessionUser:
    """Sign somebody in. Raises Invalid with one sentence whatever was wrong, or TooMany.

    The attempt is counted before the password is looked at, so that parallel guesses count too.
    """
    keys = _keys(handle, address)
    if throttle:
        _count_attempt(keys)
    person = queries.by_handle(handle)
    fits = passwords.matches(person.password_hash if person else None, password)
    if person is None or not fits or not person.can_sign_in:
        raise Invalid(WRONG)
    with transaction():
        db.session.execute(delete(SignInFailure).where(SignInFailure.key == keys[0]))
        return _let_in(person, user_agent=user_agent, shared=shared)


def let_in(person: Person, *, user_agent: str, shared: bool = False) -> sessions.SessionUser:
    """Start a session for somebody whose right to it was just proven, in the open write."""
    return _let_in(person, user_agent=user_agent, shared=shared)


def _let_in(person: Person, *, user_agent: str, shared: bool) -> sessions.SessionUser:
    user = sessions.begin(person, user_agent=user_agent, shared=shared)
    db.session.execute(update(Person).where(Person.id == person.id).values(signed_in_at=now()))
    record(facts.SIGNED_IN, by=person, about=("person", person.id))
    return user


def _keys(handle: str, address: str) -> tuple[str, str]:
    account = sessions.digest("account:" + handle.strip().lower())[:40]
    return account, sessions.digest("address:" + address)[:40]


def _count_attempt(keys: tuple[str, str]) -> None:
    with transaction():
        db.session.execute(delete(SignInFailure).where(SignInFailure.at < now() - WINDOW))
        db.session.add_all(SignInFailure(key=key) for key in keys)
        db.session.flush()
        counts = dict(
            db.session.execute(
                select(SignInFailure.key, func.count())
                .where(SignInFailure.key.in_(keys))
                .group_by(SignInFailure.key)
            ).all()
        )
    if counts[keys[0]] > PER_ACCOUNT or counts[keys[1]] > PER_ADDRESS:
        raise TooMany(retry_after=int(WINDOW.total_seconds()))


def sign_out(person: Person, session_id: int) -> None:
    """End this browser's session."""
    with transaction():
        sessions.end(session_id, person.id)


def set_password(person: Person, password_hash: str, *, by: Person | None) -> None:
    """Set a password and end every session of that person, in one write."""
    with transaction():
        db.session.execute(
            update(Person).where(Person.id == person.id).values(password_hash=password_hash)
        )
        sessions.end_all(person)
        record(facts.PASSWORD_CHANGED, by=by, about=("person", person.id))
