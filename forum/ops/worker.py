"""The jobs process: follows the log, and leads the work that is done once."""

from __future__ import annotations

import signal
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from flask import Flask

from forum.core import events, health, jobs, readers
from forum.core.db import db
from forum.ops import sweeps
from forum.ops.lease import lease_of

log = structlog.get_logger(__name__)

FOLLOW_EVERY = 0.1
"""Seconds between two looks at the log."""
AFTER_FAILURE = 2.0
SWEEP_EVERY = 60.0
LEAD_EVERY = 1.0
ALIVE_WITHIN = timedelta(seconds=20)


def install(app: Flask) -> None:
    """Register the sweeps, and the part of `/health/ready` that speaks of jobs."""
    jobs.SWEEPS.update(sweeps.SWEEPS)
    health.CHECKS["jobs"] = lambda: state(app)


def heartbeat(app: Flask) -> Path:
    """The file whose time tells when this node's jobs process was last alive."""
    folder: Path = app.config["DATA_DIR"] / "jobs"
    return folder / "alive"


def state(app: Flask) -> str:
    """`ok`, `late`, or `none` when no jobs process has run on this node."""
    try:
        beat = datetime.fromtimestamp(heartbeat(app).stat().st_mtime).astimezone()
    except FileNotFoundError:
        return "none"
    return "ok" if datetime.now().astimezone() - beat < ALIVE_WITHIN else "late"


class Leader:
    """Runs the queue while this process holds the lease, and asks for a sweep each minute."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.wakes: jobs.Wakes = app.extensions["forum.jobs"]
        self.lease = lease_of(app)
        self._consumer: Any = None
        self._swept = 0.0

    def tick(self) -> None:
        """Take, keep or notice the loss of the leadership, and do what is due."""
        if not self.lease.held():
            self.rest()
            return
        if self._consumer is None:
            self.wakes.begin()
            self._consumer = self._start()
            log.info("jobs.leading")
        self._consumer.check_worker_health()
        if time.monotonic() - self._swept > SWEEP_EVERY or not self._swept:
            self._swept = time.monotonic()
            self.wakes.send("sweep")

    def _start(self) -> Any:
        from huey.consumer import Consumer

        # huey's own schedule stays off: every consumer would queue the periodic tasks.
        consumer = Consumer(
            self.wakes.huey, workers=1, periodic=False, initial_delay=0.05, max_delay=0.25
        )
        consumer._set_signal_handlers = lambda: None  # ours already say what ends the process
        consumer.start()
        return consumer

    def rest(self) -> None:
        """Finish the task at hand and run no more."""
        if self._consumer is not None:
            self._consumer.stop(graceful=True)
            self._consumer = None

    def retire(self) -> None:
        """Rest, and let another process lead."""
        self.rest()
        self.lease.release()


def follow_log(app: Flask, stop: threading.Event) -> None:
    """Keep every database reader up with the log until `stop`; trouble is tried again."""
    seen = -1
    while not stop.is_set():
        with app.app_context():
            try:
                newest = events.last_id()
                if newest != seen and _advance_all():
                    seen = newest
                pause = FOLLOW_EVERY
            except Exception as trouble:
                log.warning("jobs.follow.failed", error=type(trouble).__name__)
                pause = AFTER_FAILURE
            finally:
                db.session.remove()
        stop.wait(pause)


def _advance_all() -> bool:
    """One reader in trouble does not hold the others up; False when any was."""
    fine = True
    for reader in list(readers.READERS.values()):
        try:
            while readers.advance(reader):
                pass
        except Exception:
            db.session.rollback()
            log.exception("jobs.reader.failed", reader=reader.name)
            fine = False
    return fine


def run(app: Flask) -> None:
    """Do a jobs process's work until SIGTERM or SIGINT."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    work(app, stop)


def work(app: Flask, stop: threading.Event) -> None:
    """The same until `stop` is set: two followers beside the leader's loop."""
    from forum.search.follower import run_follower

    alive = heartbeat(app)
    alive.parent.mkdir(mode=0o700, exist_ok=True)
    followers = [
        threading.Thread(target=each, args=(app, stop), name=each.__name__, daemon=True)
        for each in (follow_log, run_follower)
    ]
    for follower in followers:
        follower.start()
    leader = Leader(app)
    while not stop.is_set():
        alive.touch()
        _tick(leader)
        stop.wait(LEAD_EVERY)
    leader.retire()
    for follower in followers:
        follower.join(5)
    alive.unlink(missing_ok=True)


def _tick(leader: Leader) -> None:
    try:
        leader.tick()
    except Exception:
        log.exception("jobs.leader.failed")
