"""Closing a wave: its rows are written anew in random order, and what led to them is forgotten.

In the order in which they came, rows would tell who answered what: by their place in a page of the
file, by the number of the write on PostgreSQL, by what the write-ahead log keeps. So every answer
and every participation of the wave is deleted and written again, in random chunks; then who was
asked about what is forgotten. What was deleted is zeroed and the log is cut to nothing; PostgreSQL,
which leaves deleted bytes where they were, copies its tables into new files. Only a wave that went
through all this (`mixed_at`) may be read. Interrupted, it begins again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import SystemRandom
from time import monotonic, sleep
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Connection, and_, delete, func, select, text, tuple_, update
from sqlalchemy.exc import OperationalError

from forum.core.clock import now
from forum.core.db import db, end_read, transaction, zero_what_goes
from forum.core.events import record
from forum.core.jobs import each_alone
from forum.surveys import facts
from forum.surveys.models import (
    SurveyAnswer,
    SurveyText,
    Wave,
    WaveLot,
    WaveParticipation,
    WaveRequest,
    WaveSample,
    WaveService,
    WaveState,
)

log = structlog.get_logger(__name__)

CHUNK = 200
MIXED = (SurveyAnswer, SurveyText, WaveParticipation)
WIPED = (*MIXED, WaveRequest, WaveSample, WaveLot)
NO_LOCK = "55P03"
"""What PostgreSQL says where a lock could not be had in time."""
COUNTS_AT_ONCE = (15,)
PATIENCE = 2000
"""How long, in milliseconds, a connection that wipes waits for others, which then wait for it."""
PAUSE = 0.1
"""Seconds between two looks at what holds a wave's end up."""
DEAD = text(
    "SELECT sum(n_dead_tup) FROM pg_stat_user_tables "
    "WHERE schemaname = current_schema() AND relname = ANY(:names)"
)
CLOSED: list[Callable[[int], None]] = []
"""What else is done for a wave that has closed, by its number; again when it is asked again."""


def sweep() -> None:
    """Close what has ended, and go on where closing was interrupted; also while the module is off,
    since it was promised to whoever answered."""
    ended = select(Wave.id).where(Wave.state == WaveState.RUNNING, Wave.closes_at <= now())
    each_alone("survey-ends", db.session.scalars(ended.order_by(Wave.id)).all(), _close)
    open_ends = select(Wave.id).where(Wave.state == WaveState.CLOSED, Wave.mixed_at.is_(None))
    each_alone("survey-ends", db.session.scalars(open_ends.order_by(Wave.id)).all(), mix)


def _close(wave_id: int) -> None:
    """From here on no answer is taken."""
    end_read()
    with transaction():
        db.session.execute(
            update(Wave)
            .where(Wave.id == wave_id, Wave.state == WaveState.RUNNING, Wave.closes_at <= now())
            .values(state=WaveState.CLOSED)
        )


def mix(wave_id: int) -> bool:
    """Write a closed wave's rows anew and forget the rest; False where the log could not be cut
    yet, because somebody reads what is older. Asked for first, lest a wave be written anew at every
    look for as long as they read."""
    end_read()
    if not nobody_reads_older(WIPED):
        return waits(wave_id)
    for model in MIXED:
        rewrite(model, model.wave_id == wave_id)
    _forget_samples(wave_id)
    _forget_lots(wave_id)
    _forget_reminders(wave_id)
    for closed in CLOSED:
        closed(wave_id)
    end_read()
    if not cut_log(WIPED):
        return waits(wave_id)
    with transaction():
        done = db.session.execute(
            update(Wave)
            .where(Wave.id == wave_id, Wave.state == WaveState.CLOSED, Wave.mixed_at.is_(None))
            .values(mixed_at=now())
        )
        if done.rowcount:  # type: ignore[attr-defined]
            record(facts.CLOSED, by=None, about=("wave", wave_id))
    return True


def waits(wave_id: int) -> bool:
    """Say in the log that the end of a wave, or its report, waits for who reads what is older."""
    log.warning("survey.end.waits", of=str(wave_id))
    return False


def rewrite(model: Any, which: ColumnElement[bool]) -> None:
    """These rows, deleted and written again, each with its neighbours of chance."""
    key = list(model.__table__.primary_key)
    keys = [tuple(row) for row in db.session.execute(select(*key).where(which))]
    end_read()
    SystemRandom().shuffle(keys)
    for start in range(0, len(keys), CHUNK):
        _rewrite_some(model, key, keys[start : start + CHUNK])


def _rewrite_some(model: Any, key: list[Any], keys: list[tuple[Any, ...]]) -> None:
    table, here = model.__table__, tuple_(*key).in_(keys)
    with transaction():
        zero_what_goes()
        found = [dict(row) for row in db.session.execute(select(table).where(here)).mappings()]
        SystemRandom().shuffle(found)
        db.session.execute(delete(table).where(here))
        if found:
            db.session.connection().execute(table.insert(), found)


def _forget_samples(wave_id: int) -> None:
    """Who was asked about what; how many were stays."""
    asked = (
        select(WaveSample.service_id, func.count())
        .where(WaveSample.wave_id == wave_id)
        .group_by(WaveSample.service_id)
    )
    counts = {row[0]: row[1] for row in db.session.execute(asked)}
    end_read()
    with transaction():
        for service_id, count in counts.items():
            at = and_(WaveService.wave_id == wave_id, WaveService.service_id == service_id)
            # Counted before any is forgotten: after an interruption fewer are left.
            more = WaveService.asked < count
            db.session.execute(update(WaveService).where(at, more).values(asked=count))
    people = select(WaveSample.person_id).where(WaveSample.wave_id == wave_id).distinct()
    while some := db.session.scalars(people.limit(CHUNK)).all():
        end_read()
        with transaction():
            zero_what_goes()
            gone = and_(WaveSample.wave_id == wave_id, WaveSample.person_id.in_(some))
            db.session.execute(delete(WaveSample).where(gone))


def _forget_lots(wave_id: int) -> None:
    """By what it drew, from which follows whom it asked."""
    with transaction():
        zero_what_goes()
        db.session.execute(delete(WaveLot).where(WaveLot.wave_id == wave_id))


def _forget_reminders(wave_id: int) -> None:
    """How often somebody was reminded tells until when they had not answered; so does, on
    PostgreSQL, whose row was written anew, and so all of them are."""
    asked = select(WaveRequest.person_id).where(WaveRequest.wave_id == wave_id)
    people = list(db.session.scalars(asked))
    end_read()
    SystemRandom().shuffle(people)
    for start in range(0, len(people), CHUNK):
        some = WaveRequest.person_id.in_(people[start : start + CHUNK])
        with transaction():
            zero_what_goes()
            db.session.execute(
                update(WaveRequest)
                .where(WaveRequest.wave_id == wave_id, some)
                .values(reminders=0, reminded_on=None)
            )


def nobody_reads_older(tables: Sequence[Any]) -> bool:
    """Whether everything that was deleted can go: no other connection needs SQLite's write-ahead
    log, which is cut to nothing, nor PostgreSQL's dead rows, nor holds one of these tables."""
    if db.engine.dialect.name == "sqlite":
        return _checkpoint()
    names = [model.__tablename__ for model in tables]
    return _vacuum(names) and _nobody_holds(names)


def cut_log(tables: Sequence[Any]) -> bool:
    """Take what the old order of these tables could still be read from. False where another
    connection still needs it."""
    if db.engine.dialect.name == "sqlite":
        return _checkpoint()
    names = [model.__tablename__ for model in tables]
    return _vacuum(names) and _write_files_anew(names)


def _checkpoint() -> bool:
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA query_only=OFF")
        cursor.execute(f"PRAGMA busy_timeout={PATIENCE}")
        busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        connection.invalidate()
    return not busy


def _vacuum(names: list[str]) -> bool:
    """Whether no dead row is left: those that somebody may read still stay, and for a moment those
    of a page that is being written to disk, or that autovacuum counts. Before PostgreSQL 15 they
    are counted too late to be asked for."""
    until = monotonic() + PATIENCE / 1000
    with _plain() as plain:
        counts = (plain.dialect.server_version_info or ()) >= COUNTS_AT_ONCE
        while True:
            if counts:  # what this connection has deleted, lest it be counted once it is gone
                plain.execute(text("SELECT pg_stat_force_next_flush()"))
            plain.execute(text(f"VACUUM {', '.join(names)}"))
            if not (counts and plain.scalar(DEAD, {"names": names})):
                return True
            if monotonic() > until:
                return False
            sleep(PAUSE)


def _nobody_holds(names: list[str]) -> bool:
    """Whether these tables can be had alone."""
    with db.engine.connect() as connection:
        connection.execute(text(f"SET LOCAL lock_timeout={PATIENCE}"))
        return _in_time(connection, f"LOCK TABLE {', '.join(names)}")


def _write_files_anew(names: list[str]) -> bool:
    """Copy what is there into new files; False where a table is in use for too long."""
    with _plain() as plain:
        plain.execute(text(f"SET lock_timeout={PATIENCE}"))
        done = all(_in_time(plain, f"VACUUM (FULL) {name}") for name in names)
        plain.execute(text("RESET lock_timeout"))
    return done


def _in_time(connection: Connection, statement: str) -> bool:
    """Run what needs a table for itself; False where others held it for too long."""
    try:
        connection.execute(text(statement))
    except OperationalError as trouble:
        connection.rollback()
        if getattr(trouble.orig, "sqlstate", "") != NO_LOCK:
            raise
        return False
    return True


def _plain() -> Connection:
    """A connection without transactions, as VACUUM wants it."""
    return db.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
