"""Writing down what a closed wave says, once.

The figures follow from the answers, the smallest number and the tree it asked by, all of which are
kept; so they can be made anew and checked, and come out the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, exists, func, select, tuple_, update

from forum.accounts.models import Person
from forum.core.calendar import company_day
from forum.core.db import db, end_read, transaction
from forum.core.events import record
from forum.core.jobs import each_alone
from forum.core.site import site
from forum.surveys.closing import cut_log, nobody_reads_older, waits
from forum.surveys.models import Wave, WaveParticipation, WaveRequest, WaveState
from forum.surveys.results import computing, facts
from forum.surveys.results.framing import keep_tree
from forum.surveys.results.models import (
    WaveOverall,
    WaveReport,
    WaveResult,
    WaveVoice,
)
from forum.surveys.results.settling import SETTLED, settle
from forum.surveys.rows import add_missing

BATCH = 200
KEPT = (WaveResult, WaveOverall, WaveVoice)
Row = tuple[tuple[str, Any], ...]
"""A row by the names of its columns, so that rows can be compared."""
TOLD: list[Callable[[int], None]] = []
"""What else is done for a wave whose figures are there, before anybody reads them; each may be
repeated, as it is where the report breaks off."""


def sweep() -> None:
    """Report on waves that have closed and were mixed; also while the module is off, since what
    follows in time is of that day."""
    ready = select(WaveReport.wave_id).where(WaveReport.ready)
    waiting = select(Wave.id).where(
        Wave.state == WaveState.CLOSED, Wave.mixed_at.is_not(None), Wave.id.not_in(ready)
    )
    oldest_first = waiting.order_by(Wave.closes_at, Wave.id)
    each_alone("survey-results", db.session.scalars(oldest_first).all(), tell)


def tell(wave_id: int) -> None:
    """Keep no more than a wave's figures tell, and write these down; interrupted it begins again
    and comes to the same. It waits while somebody reads what is older."""
    end_read()
    if not nobody_reads_older(SETTLED):
        waits(wave_id)
        return
    _begin(wave_id)
    settle(wave_id, db.session.get_one(WaveReport, wave_id).k)
    end_read()
    if not cut_log(SETTLED):
        waits(wave_id)
        return
    rebuild(wave_id)
    for follow in TOLD:
        follow(wave_id)
    with transaction():
        told = db.session.execute(
            update(WaveReport)
            .where(WaveReport.wave_id == wave_id, ~WaveReport.ready)
            .values(ready=True)
        )
        if told.rowcount:  # type: ignore[attr-defined]
            record(facts.TOLD, by=None, about=("wave", wave_id))


def rebuild(wave_id: int) -> int:
    """Make a wave's figures anew from its answers; how many rows were otherwise."""
    count = 0
    for model, wanted in zip(KEPT, rows_of(wave_id), strict=True):
        kept, right = _kept(wave_id, model), {_row(each) for each in wanted}
        end_read()
        _take_away(model, sorted(kept - right))
        for part in _parts(sorted(right - kept)):
            with transaction():
                add_missing(model, [dict(row) for row in part])
        count += len(kept ^ right)
    return count


def _take_away(model: Any, rows: Sequence[Row]) -> None:
    keys = list(model.__table__.primary_key)
    for part in _parts(rows):
        gone = [tuple(dict(row)[key.name] for key in keys) for row in part]
        with transaction():
            db.session.execute(delete(model).where(tuple_(*keys).in_(gone)))


def _begin(wave_id: int) -> None:
    """Keep the smallest number that figures are made by, and the tree of a wave that opened without
    keeping it."""
    wave = db.session.get_one(Wave, wave_id)
    k = max(wave.k or 0, site().survey_k)
    report = {
        "wave_id": wave_id,
        "k": k,
        **participation(wave_id, k),
        "told_on": company_day(),
        "ready": False,
    }
    end_read()
    with transaction():
        # Where the figures were written down but not told yet: they name the texts, which move.
        db.session.execute(delete(WaveVoice).where(WaveVoice.wave_id == wave_id))
        if add_missing(WaveReport, [report], WaveReport.wave_id):
            keep_tree(wave_id)


def participation(wave_id: int, k: int) -> dict[str, int | None]:
    """How many took part, and how many did not who were asked and are here still: both, where both
    are k at least, else neither. One query."""
    answered = exists().where(
        WaveParticipation.wave_id == wave_id,
        WaveParticipation.person_id == WaveRequest.person_id,
    )
    here = (Person.deactivated_at.is_(None), Person.erased_at.is_(None))
    silent = select(func.count()).select_from(WaveRequest).join(Person)
    of_wave = silent.where(WaveRequest.wave_id == wave_id, *here, ~answered)
    part = select(func.count()).where(WaveParticipation.wave_id == wave_id)
    row = db.session.execute(select(part.scalar_subquery(), of_wave.scalar_subquery())).one()
    took_part, others = row if min(row) >= k else (None, None)
    return {"took_part": took_part, "others": others}


def _parts(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def _row(values: Mapping[Any, Any]) -> Row:
    return tuple(sorted((str(name), value) for name, value in values.items()))


def rows_of(wave_id: int) -> tuple[list[dict[str, Any]], ...]:
    """What is to be told of a wave, as rows of each of `KEPT`. Six queries."""
    report = db.session.get_one(WaveReport, wave_id)
    said = computing.told(wave_id, report.k)
    figures = [
        {
            **_of(figure.node),
            "version_id": figure.version_id,
            "counts": " ".join(map(str, figure.counts.of)),
            "people": figure.people,
            "worth": figure.worth,
        }
        for figure in said.figures
    ]
    overall = [
        {**_of(node), **whole._asdict()} for node, whole in computing.overall(said.figures).items()
    ]
    voices = [
        {**_of(voice.node), "key": voice.key, "people": voice.people} for voice in said.voices
    ]
    wave = {"wave_id": wave_id}
    return tuple([{**wave, **row} for row in rows] for rows in (figures, overall, voices))


def _of(node: tuple[str, int, int]) -> dict[str, Any]:
    return dict(zip(("scope", "one", "other"), node, strict=True))


def differences(wave_id: int) -> list[str]:
    """What is written down otherwise than it follows from the answers, one line each."""
    found: list[str] = []
    for model, wanted in zip(KEPT, rows_of(wave_id), strict=True):
        kept, right = _kept(wave_id, model), {_row(each) for each in wanted}
        found += [f"wave {wave_id}: {_line(row)} is not kept" for row in sorted(right - kept)]
        found += [f"wave {wave_id}: {_line(row)} is too much" for row in sorted(kept - right)]
    return found


def _kept(wave_id: int, model: Any) -> set[Row]:
    query = select(model.__table__).where(model.wave_id == wave_id)
    return {_row(row) for row in db.session.execute(query).mappings()}


def _line(row: Row) -> str:
    named = dict(row)
    what = named.get("version_id") or named.get("key")
    return f"{named['scope']} {named['one']}-{named['other']} of {what}"


def reported() -> list[int]:
    """The waves whose figures are there, oldest first. One query."""
    query = select(WaveReport.wave_id).where(WaveReport.ready).order_by(WaveReport.wave_id)
    return list(db.session.scalars(query))
