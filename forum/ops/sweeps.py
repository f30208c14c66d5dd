"""What runs out: sessions, one-time tokens, counted failures, delivered mails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, select

from forum.accounts.models import OneTimeToken, PersonSession, SignInFailure
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.mail import OutboxMail

BATCH = 200
"""Rows a write, so that the running forum is never starved."""
KEEP_SESSIONS = timedelta(days=30)
KEEP_TOKENS = timedelta(days=30)
KEEP_FAILURES = timedelta(days=1)
KEEP_MAILS = timedelta(days=7)


def _remove(model: Any, gone: ColumnElement[bool]) -> int:
    total = 0
    while ids := list(db.session.scalars(select(model.id).where(gone).limit(BATCH))):
        with transaction():
            db.session.execute(delete(model).where(model.id.in_(ids)))
        total += len(ids)
    return total


def old_sessions() -> int:
    """Forget sessions a month after they ran out."""
    return _remove(PersonSession, PersonSession.expires_at < now() - KEEP_SESSIONS)


def old_tokens() -> int:
    """Forget links and codes a month after they ran out."""
    return _remove(OneTimeToken, OneTimeToken.expires_at < now() - KEEP_TOKENS)


def old_failures() -> int:
    """Forget failed sign-ins after a day; the throttle looks back less far."""
    return _remove(SignInFailure, SignInFailure.at < now() - KEEP_FAILURES)


def old_mails() -> int:
    """Forget delivered mails after a week; their texts went with the delivery."""
    return _remove(OutboxMail, OutboxMail.sent_at < now() - KEEP_MAILS)


SWEEPS: dict[str, Callable[[], object]] = {
    "sessions": old_sessions,
    "tokens": old_tokens,
    "failures": old_failures,
    "mails": old_mails,
}
