"""How much may be asked of people: one budget over all departments and waves.

In any thirty days somebody is asked at most so many times, and at most so many questions. Who has
no room left is not asked; who has some is asked about as many services as fit, drawn by a secret of
the wave's own: nobody chooses, the draw can be repeated while the wave runs, and once the secret is
wiped with the wave's end nobody can tell whom it asked.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from hashlib import blake2b
from typing import NamedTuple

from sqlalchemy import func, select

from forum.core.db import db
from forum.core.site import site
from forum.surveys.models import Wave, WaveLot, WaveRequest, WaveSample, WaveState
from forum.surveys.rows import add_missing

MONTH = timedelta(days=30)
KEY_BYTES = 16


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


class Lots(NamedTuple):
    """What a wave draws by. Only a wave that began before there were secrets has no key."""

    wave_id: int
    key: bytes = b""

    def of(self, *numbers: int) -> bytes:
        """The lot of a person, or of one of their services."""
        drawn = ":".join(map(str, (self.wave_id, *numbers))).encode()
        return blake2b(drawn, digest_size=8, key=self.key).digest()


def put_in_lots(wave_id: int) -> None:
    """A secret for a wave that opens, in the open write."""
    add_missing(WaveLot, [{"wave_id": wave_id, "key": secrets.token_hex(KEY_BYTES)}])


def lots_of(wave_id: int) -> Lots:
    """What a running wave draws by. One query."""
    key = db.session.scalar(select(WaveLot.key).where(WaveLot.wave_id == wave_id))
    return Lots(wave_id, bytes.fromhex(key or ""))


def drawn(lots: Lots, person_id: int, services: Iterable[int], most: int) -> list[int]:
    """Which of their services somebody is asked about; the same whenever it is drawn."""
    return sorted(sorted(services, key=lambda each: lots.of(person_id, each))[:most])


def in_turn(lots: Lots, people: Mapping[int, date | None]) -> list[int]:
    """People in the order in which they are chosen: who was asked least lately first."""
    return sorted(people, key=lambda each: (people[each] or date.min, lots.of(each)))
