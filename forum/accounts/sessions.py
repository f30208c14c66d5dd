"""Sessions: one row a browser, so that each can be listed and ended."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from datetime import timedelta
from functools import cache
from typing import Any, NamedTuple

from flask import session as cookie
from flask_login import UserMixin, login_user, logout_user
from sqlalchemy import ColumnElement, bindparam, select, update

from forum.accounts.models import Person, PersonSession
from forum.core.clock import now
from forum.core.db import db
from forum.core.numbers import id_or_none
from forum.core.site import revision_query
from forum.core.textcheck import clean_line

LIFETIME, SHARED_LIFETIME = timedelta(days=30), timedelta(hours=12)


class Loaded(NamedTuple):
    """Who asks, through which session, and the site's settings revision."""

    person: Person
    session: PersonSession
    site_revision: int
    along: dict[str, Any]


class SessionUser(UserMixin):  # type: ignore[misc]
    """What flask-login keeps in the cookie: the session's id and secret, not the person's."""

    def __init__(self, key: str, person: Person | None = None) -> None:
        self.id = key
        self.person = person


def digest(token: str) -> str:
    """How tokens are stored: who reads the database still cannot sign in."""
    return hashlib.sha256(token.encode()).hexdigest()


ALONG: dict[str, ColumnElement[Any]] = {}
"""What features above want to know of every reader without asking for it apart: a column each."""


def bring_along(name: str, column: ColumnElement[Any]) -> None:
    """Load something of the reader with every session; the same name again replaces it."""
    ALONG[name] = column
    _loading.cache_clear()


@cache
def _loading() -> Any:
    return (
        select(Person, PersonSession, revision_query, *ALONG.values())
        .join(PersonSession, PersonSession.person_id == Person.id)
        .where(PersonSession.id == bindparam("session_id"))
    )


def load(key: str) -> Loaded | None:
    """The session behind a cookie, unless ended, expired or of an older epoch. One query."""
    sent, _, token = key.partition(".")
    session_id = id_or_none(sent)
    if session_id is None:
        return None
    row = db.session.execute(_loading(), {"session_id": session_id}).one_or_none()
    if row is None:
        return None
    found = Loaded(row[0], row[1], row[2], dict(zip(ALONG, row[3:], strict=True)))
    return found if _holds(found, token) else None


def _holds(found: Loaded, token: str) -> bool:
    person, session = found.person, found.session
    return (
        hmac.compare_digest(session.token_hash, digest(token))
        and session.revoked_at is None
        and session.expires_at > now()
        and session.epoch == person.epoch
        and person.can_sign_in
    )


def begin(person: Person, *, user_agent: str, shared: bool) -> SessionUser:
    """Write a new session, in the open write."""
    token = secrets.token_urlsafe(32)
    row = PersonSession(
        token_hash=digest(token),
        person_id=person.id,
        epoch=person.epoch,
        expires_at=now() + (SHARED_LIFETIME if shared else LIFETIME),
        user_agent=clean_line(user_agent[:200]),
        shared=shared,
    )
    db.session.add(row)
    db.session.flush()
    return SessionUser(f"{row.id}.{token}", person)


def put_in_cookie(user: SessionUser, *, locale: str | None, shared: bool = False) -> None:
    """Start a fresh cookie (and CSRF token) for a new session; a shared one dies with the window.

    Its idle time begins here.
    """
    cookie.clear()
    cookie.permanent = not shared
    if shared:
        cookie["seen"] = int(time.time())
    if locale:
        cookie["locale"] = locale
    login_user(user)


def forget_cookie() -> None:
    """Sign this browser out and empty its cookie."""
    logout_user()
    empty_cookie()


def empty_cookie() -> None:
    """Keep nothing in the browser but its language."""
    locale = cookie.get("locale")
    cookie.clear()
    if locale:
        cookie["locale"] = locale


def end(session_id: int, person_id: int) -> None:
    """End one session of a person, in the open write."""
    db.session.execute(
        update(PersonSession)
        .where(PersonSession.id == session_id, PersonSession.person_id == person_id)
        .where(PersonSession.revoked_at.is_(None))
        .values(revoked_at=now())
    )


def end_others(person_id: int, *, keep: int) -> None:
    """End all but one session of a person, in the open write."""
    db.session.execute(
        update(PersonSession)
        .where(PersonSession.person_id == person_id, PersonSession.id != keep)
        .where(PersonSession.revoked_at.is_(None))
        .values(revoked_at=now())
    )


def end_all(person: Person) -> None:
    """End every session of a person at once by moving their epoch on, in the open write."""
    db.session.execute(update(Person).where(Person.id == person.id).values(epoch=Person.epoch + 1))
    db.session.refresh(person, ["epoch"])
    db.session.execute(
        update(PersonSession)
        .where(PersonSession.person_id == person.id, PersonSession.revoked_at.is_(None))
        .values(revoked_at=now())
    )
