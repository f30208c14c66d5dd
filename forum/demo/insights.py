"""The demo's figures: counted before anybody looks, and words that several people missed."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import select, update

from forum.core.clock import today
from forum.core.db import db, transaction
from forum.ideas.models import Idea, IdeaTag, Tag
from forum.insights.figures import building
from forum.search.missed.models import MissedSearch

MISSED = (("парковка для велосипедов", 9), ("visitor parking", 7))
"""Looked for in vain by more than five people, and how often."""
GAINS = {
    "safety": ("safety", "безопасность", "forklift", "calibration", "damage"),
    "customers": ("клиенты", "quotes", "samples", "delivery dates", "доставка", "orders"),
    "colleagues": ("onboarding", "workplace", "meetings", "training", "документы", "tools"),
}
"""Who gains from ideas, by the tags they are filed under."""


def add() -> None:
    """Who gains, some searches in vain, and the first count."""
    with transaction():
        for name, tags in GAINS.items():
            filed = (
                select(IdeaTag.idea_id)
                .join(Tag, Tag.id == IdeaTag.tag_id)
                .where(Tag.name.in_(tags))
            )
            db.session.execute(
                update(Idea)
                .where(Idea.id.in_(filed), Idea.gains == "", Idea.anonymous == "")
                .values(gains=name)
                .execution_options(synchronize_session=False)
            )
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
