"""A write whose commit is lost: its body runs, and nothing of it stays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from forum.core.db import PENDING, transaction


@contextmanager
def lost() -> Iterator[Session]:
    """As `transaction()`, but for what was written and recorded inside."""
    with transaction() as session:
        session.flush()
        events = len(session.info.get(PENDING, []))
        inner = session.begin_nested()
        yield session
        session.flush()
        inner.rollback()
        del session.info.get(PENDING, [])[events:]
