"""That somebody was asked, and took part. What they answered nobody can tell, so it stays."""

from __future__ import annotations

from sqlalchemy import delete

from forum.core.db import db
from forum.core.personal import Erasure, Holding, Rows, rows
from forum.surveys.models import (
    ItemVersion,
    Wave,
    WaveParticipation,
    WaveRequest,
    WaveSample,
)


def about(person_id: int) -> dict[str, Rows]:
    """Requests, what they were about while that is known, participation, own waves and wordings.
    Five queries."""
    return {
        "requests": rows(WaveRequest, WaveRequest.person_id == person_id),
        "samples": rows(WaveSample, WaveSample.person_id == person_id),
        "participations": rows(WaveParticipation, WaveParticipation.person_id == person_id),
        "waves": rows(Wave, Wave.created_by_id == person_id, hide=("position",)),
        "wordings": rows(ItemVersion, ItemVersion.by_id == person_id),
    }


def erase(erasure: Erasure) -> None:
    """What one was asked about goes, so that nobody is asked again; that one was asked, and took
    part, stays as a number without a name, or the wave would ask them once more."""
    mine = WaveSample.person_id == erasure.person_id
    db.session.execute(delete(WaveSample).where(mine).execution_options(synchronize_session=False))


HOLDING = Holding("surveys", about, erase)
