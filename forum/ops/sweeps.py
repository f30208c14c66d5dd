"""What runs out: sessions, one-time tokens, counted failures, mails.

How long ended sessions, spent links and undeliverable mails stay is the company's choice; a month
where it has chosen nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select

from forum.accounts.models import OneTimeToken, PersonSession, SignInFailure
from forum.core.audit import forget_addresses
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.mail import OutboxMail, given_up
from forum.core.site import site

BATCH = 200
"""Rows a write, so that the running forum is never starved."""
KEEP_ENDED = timedelta(days=30)
KEEP_FAILURES = timedelta(days=1)
KEEP_MAILS = timedelta(days=7)


def _remove(model: Any, gone: ColumnElement[bool]) -> int:
    total = 0
    while ids := list(db.session.scalars(select(model.id).where(gone).limit(BATCH))):
        with transaction():
            db.session.execute(delete(model).where(model.id.in_(ids)))
        total += len(ids)
    return total


def _long_ago() -> datetime:
    days = site().retention_days
    return now() - (timedelta(days=days) if days else KEEP_ENDED)


def old_sessions() -> int:
    """Forget sessions some time after they ended or ran out."""
    ends = (PersonSession.revoked_at, PersonSession.expires_at)
    return _remove(PersonSession, or_(*(end < _long_ago() for end in ends)))


def old_tokens() -> int:
    """Forget links and codes some time after they were used or ran out."""
    ends = (OneTimeToken.used_at, OneTimeToken.expires_at)
    return _remove(OneTimeToken, or_(*(end < _long_ago() for end in ends)))


def old_failures() -> int:
    """Forget failed sign-ins after a day; the throttle looks back less far."""
    return _remove(SignInFailure, SignInFailure.at < now() - KEEP_FAILURES)


def old_mails() -> int:
    """Forget delivered mails after a week, their texts went with the delivery; and those that
    will not be tried again, text and all, some time after they were written."""
    hopeless = and_(given_up(), OutboxMail.created_at < _long_ago())
    return _remove(OutboxMail, or_(OutboxMail.sent_at < now() - KEEP_MAILS, hopeless))


SWEEPS: dict[str, Callable[[], object]] = {
    "sessions": old_sessions,
    "tokens": old_tokens,
    "failures": old_failures,
    "mails": old_mails,
    "addresses": forget_addresses,
}
