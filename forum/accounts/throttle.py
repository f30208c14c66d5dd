"""How often one may guess: counted in the database, so that it holds across workers.

An attempt is counted before the password is looked at, under a lock, so parallel guesses count too.
Only failures stay: a right password takes its own row back, or a busy office would lock itself out.
"""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, func, or_, select, text

from forum.accounts.addresses import clean_handle
from forum.accounts.models import Person, SignInFailure
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import TooMany

WINDOW = timedelta(minutes=15)
PER_ACCOUNT, PER_ADDRESS = 10, 60
"""Failed attempts within the window before the next one has to wait."""
MAILS_PER_ACCOUNT = 3
"""Mails that strangers may have sent to one account within the window."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One counted attempt: the key of its account, and its rows."""

    account: str = ""
    rows: tuple[int, ...] = ()


def count(kind: str, handle: str, address: str, *, most: int = PER_ACCOUNT) -> Attempt:
    """Count an attempt of a kind. Raises TooMany with the seconds to wait.

    Kinds are counted apart, so that an office whose people all register one morning can sign in.
    """
    if not current_app.config["RATE_LIMITS"]:
        return Attempt()
    account = _key(kind, clean_handle(handle))
    limits = {account: most, _key(f"{kind} from", _network(address)): PER_ADDRESS}
    _refuse_full(limits)
    with transaction():
        _hold(limits)
        db.session.execute(delete(SignInFailure).where(SignInFailure.at < now() - WINDOW))
        _refuse_full(limits)
        rows = [SignInFailure(key=key) for key in limits]
        db.session.add_all(rows)
        db.session.flush()
    return Attempt(account, tuple(row.id for row in rows))


def forgive(attempt: Attempt) -> None:
    """Take an attempt back that was right, and the account's failures before it; in the open
    write."""
    if attempt.rows:
        gone = or_(SignInFailure.key == attempt.account, SignInFailure.id.in_(attempt.rows))
        db.session.execute(delete(SignInFailure).where(gone))


def forget(person: Person) -> None:
    """Forget somebody's failures: they have shown in another way who they are; in the open
    write."""
    handles = [handle for handle in (person.email, person.login) if handle]
    keys = [_key(kind, clean_handle(handle)) for kind in ("account", "code") for handle in handles]
    db.session.execute(delete(SignInFailure).where(SignInFailure.key.in_(keys)))


def _refuse_full(limits: dict[str, int]) -> None:
    query = (
        select(SignInFailure.key, func.count(), func.min(SignInFailure.at))
        .where(SignInFailure.key.in_(limits), SignInFailure.at >= now() - WINDOW)
        .group_by(SignInFailure.key)
    )
    for key, failures, first in db.session.execute(query).all():
        if failures >= limits[key]:
            raise TooMany(retry_after=_until_free(first))


def _until_free(first: datetime) -> int:
    return max(1, int((first + WINDOW - now()).total_seconds()) + 1)


def _hold(keys: dict[str, int]) -> None:
    """Let attempts on the same keys pass one by one; SQLite has one writer anyway."""
    if db.session.get_bind().dialect.name == "postgresql":
        for key in sorted(keys):
            number = int(key[:15], 16)
            db.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": number})


def _key(kind: str, name: str) -> str:
    return hashlib.sha256(f"{kind}:{name}".encode(errors="replace")).hexdigest()[:40]


def _network(address: str) -> str:
    """An address as one counts it: IPv6 customers own a whole /64.

    A socket for both families tells IPv4 as `::ffff:192.0.2.1`; those are not one network.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
