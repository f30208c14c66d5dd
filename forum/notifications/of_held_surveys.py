"""News of surveys that did not open, for whoever planned them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.events import Event
from forum.core.i18n import _
from forum.core.modules import is_on
from forum.notifications.elsewhere import Called, Given
from forum.notifications.keeping import take_back
from forum.notifications.kinds import Kind
from forum.surveys import facts
from forum.surveys.holding import WORDS, Why
from forum.surveys.models import Wave, WaveState
from forum.surveys.policy import may_plan


def _held(event: Event, _scene: object) -> Iterator[tuple[int, Kind]]:
    if is_on("surveys"):
        yield from ((person_id, Kind.SURVEY_HELD) for person_id in event.payload["people"])


RULES: dict[str, Callable[[Event, Any], Iterator[tuple[int, Kind]]]] = {facts.HELD.name: _held}


def forget_cancelled(batch: Sequence[Event]) -> Counter[int]:
    """Take the news of surveys that were given up out of inboxes, in the open write; how many
    unread ones each person had. One statement for each survey."""
    gone: Counter[int] = Counter()
    for event in batch:
        if event.type == facts.CANCELLED.name:
            gone.update(take_back(event, Kind.SURVEY_HELD))
    return gone


def called(reader: Person, rows: Sequence[Given]) -> dict[int, Called]:
    """Why they did not open, and of those that did meanwhile that; nothing of those that were
    cancelled. One query."""
    if not may_plan(reader):
        return {}
    query = select(Wave).where(Wave.id.in_({row.object_id for row in rows}))
    waves = {wave.id: wave for wave in db.session.scalars(query)}
    return {
        row.id: Called(wave.title, _sentence(wave, row), f"/surveys/{wave.id}")
        for row in rows
        if (wave := waves.get(row.object_id)) is not None
    }


def _sentence(wave: Wave, row: Given) -> str:
    if wave.state != WaveState.PLANNED:
        return _("It has opened meanwhile")
    return _("It did not open: %(why)s", why=WORDS[Why(row.payload["why"])])
