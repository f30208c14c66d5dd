"""How much may be asked of people: one budget over all departments and waves.

In any thirty days somebody is asked at most so many times, and at most so many questions. Who has
no room left is not asked; who has some is asked about as many services as fit, drawn by the wave's
own number, so that the draw can be repeated and nobody chooses.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from hashlib import blake2b
from typing import NamedTuple

from sqlalchemy import func, select

from forum.core.db import db
from forum.core.site import site
from forum.surveys.models import Wave, WaveRequest, WaveSample, WaveState

MONTH = timedelta(days=30)


class Room(NamedTuple):
    """What is left of somebody's month: requests and questions."""

    requests: int
    questions: int

    def services(self, per_service: int) -> int:
        """About how many services they can be asked."""
        return self.questions // per_service if self.requests > 0 and per_service else 0


class Asked(NamedTuple):
    """What was asked of somebody within a month: how often, how many questions, when last."""

    requests: int
    questions: int
    last: date | None


NEVER = Asked(0, 0, None)


def asked_lately(people: Collection[int], today: date, *, but: int) -> dict[int, Asked]:
    """What was asked of these people by other waves within a month. One query."""
    query = (
        select(
            WaveRequest.person_id,
            func.count(),
            func.sum(WaveRequest.questions),
            func.max(WaveRequest.asked_on),
        )
        .where(
            WaveRequest.person_id.in_(people),
            WaveRequest.wave_id != but,
            WaveRequest.asked_on > today - MONTH,
        )
        .group_by(WaveRequest.person_id)
    )
    return {row[0]: Asked(row[1], int(row[2] or 0), row[3]) for row in db.session.execute(query)}


def room(asked: Asked) -> Room:
    """What the settings leave of somebody's month."""
    known = site()
    return Room(known.survey_requests - asked.requests, known.survey_questions - asked.questions)


def running_elsewhere(people: Collection[int], *, but: int) -> dict[int, set[int]]:
    """Services that another running wave asks these people about: none is asked about twice at the
    same time. One query."""
    query = (
        select(WaveSample.person_id, WaveSample.service_id)
        .join(Wave, Wave.id == WaveSample.wave_id)
        .where(
            WaveSample.person_id.in_(people),
            Wave.id != but,
            Wave.state == WaveState.RUNNING,
        )
    )
    found: dict[int, set[int]] = defaultdict(set)
    for person_id, service_id in db.session.execute(query):
        found[person_id].add(service_id)
    return found


def drawn(wave_id: int, person_id: int, services: Iterable[int], most: int) -> list[int]:
    """Which of their services somebody is asked about; the same whenever it is drawn."""
    return sorted(sorted(services, key=lambda each: _lot(wave_id, person_id, each))[:most])


def in_turn(wave_id: int, people: Mapping[int, date | None]) -> list[int]:
    """People in the order in which they are chosen: who was asked least lately first."""
    return sorted(
        people,
        key=lambda each: (people[each] or date.min, _lot(wave_id, each)),
    )


def _lot(*numbers: int) -> bytes:
    return blake2b(":".join(map(str, numbers)).encode(), digest_size=8).digest()
