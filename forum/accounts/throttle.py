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

from forum.accounts.models import SignInFailure
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.errors import TooMany

WINDOW = timedelta(minutes=15)
PER_ACCOUNT, PER_ADDRESS = 10, 60
"""Failed attempts within the window before the next one has to wait."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One counted attempt: the key of its account, and its rows."""

    account: str = ""
    rows: tuple[int, ...] = ()


def count(kind: str, handle: str, address: str) -> Attempt:
    """Count an attempt of a kind. Raises TooMany with the seconds to wait."""
    if not current_app.config["RATE_LIMITS"]:
        return Attempt()
    account = _key(kind, handle.strip().lower())
    limits = {account: PER_ACCOUNT, _key("address", _network(address)): PER_ADDRESS}
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
    """An address as one counts it: IPv6 customers own a whole /64."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False))
