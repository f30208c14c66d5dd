"""The newest survey that tells something, and what is of another."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, select

from forum.surveys.models import Purpose, Wave
from forum.surveys.results.models import WaveOverall, WaveReport

NEWEST_FIRST = (Wave.closes_at.desc(), Wave.id.desc())


_TELLS = exists().where(WaveOverall.wave_id == Wave.id, WaveOverall.people >= WaveReport.k)


def newest_of_regular(*columns: Any) -> Any:
    """The statement for the newest of the regular waves that tell anything: one of few, or that
    nobody answered, does not take away what an earlier one told."""
    return regular(*columns).order_by(*NEWEST_FIRST).limit(1)


def regular(*columns: Any) -> Any:
    """The statement for the regular waves that tell anything."""
    return (
        select(*columns)
        .join(WaveReport, and_(WaveReport.wave_id == Wave.id, WaveReport.ready))
        .where(Wave.purpose == Purpose.REGULAR, _TELLS)
    )


def is_not_of_newest(wave_id: Any) -> ColumnElement[bool]:
    """Whether a figure is of another wave than the newest regular one, so that it has to say of
    which month it is."""
    newest = newest_of_regular(Wave.id).correlate(None).scalar_subquery()
    found: ColumnElement[bool] = wave_id.is_distinct_from(newest)
    return found
