"""The demo's figures: counted before anybody looks, and words that several people missed."""

from __future__ import annotations

import secrets
from datetime import timedelta

from forum.core.clock import today
from forum.core.db import db, transaction
from forum.insights.figures import building
from forum.search.missed.models import MissedSearch

MISSED = (("парковка для велосипедов", 9), ("visitor parking", 7))
"""Looked for in vain by more than five people, and how often."""


def add() -> None:
    """Some searches in vain, and the first count."""
    with transaction():
        db.session.add_all(
            MissedSearch(
                words=words,
                salt=secrets.token_bytes(16),
                askers=[],
                times=times,
                last_on=today() - timedelta(days=2),
                shown=True,
                by_many=True,
            )
            for words, times in MISSED
        )
    building.rebuild()
