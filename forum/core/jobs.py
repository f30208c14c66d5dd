"""Jobs: huey only wakes; what must be done always follows from rows.

A task is deleted before it runs, so a crash may lose any of them. That is why a task says no more
than "look", and why a sweep each minute looks again whatever was lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import structlog
from flask import Flask, current_app
from sqlalchemy import event
from sqlalchemy.orm import Session, object_session

from forum.core import mail, readers
from forum.core.db import WAKE, after_commit, db
from forum.core.mail import OutboxMail

log = structlog.get_logger(__name__)


def deliver() -> None:
    """Deliver mails; while any leave the outbox, look again: more than one look takes may wait."""
    if mail.send_due():
        wake()


LOOKS: dict[str, Callable[[], object]] = {
    "readers": readers.catch_up,
    "outbox": deliver,
}
"""What a wake looks after."""
SWEEPS: dict[str, Callable[[], object]] = {}
"""What is looked after each minute besides: rows that have run out, things that became due."""
LEADING: dict[str, Callable[[], object]] = {}
"""What is done where a process begins to lead: what it knows is from before others led."""


def install(app: Flask) -> None:
    """Give the application its queue of wakes, opened by whoever uses it first."""
    app.extensions["forum.jobs"] = Wakes(app)


class Wakes:
    """The queue: SQLite in the data folder, or Redis when several machines serve the forum."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._huey: Any = None
        self._tasks: dict[str, Any] = {}

    @property
    def huey(self) -> Any:
        """The queue itself; opened late, so that no connection crosses a fork."""
        if self._huey is None:
            self._huey = self._open()
            self._tasks = {
                "look": self._huey.task(name="look")(self.look),
                "sweep": self._huey.task(name="sweep")(self.sweep),
            }
        return self._huey

    def _open(self) -> Any:
        # Imported late: it brings drivers along that a web worker has no use for.
        from huey import RedisHuey, SqliteHuey

        redis = self.app.config["REDIS_URL"]
        if redis:
            return RedisHuey("forum", url=redis, results=False)
        folder = self.app.config["DATA_DIR"] / "jobs"
        folder.mkdir(mode=0o700, exist_ok=True)
        # A lost wake is found by the sweep, so the queue need not wait for the disk.
        return SqliteHuey(
            "forum", filename=str(folder / "wakes.sqlite3"), fsync=False, results=False
        )

    def send(self, task: str) -> None:
        """Queue a wake, unless some wait already."""
        if self.huey.storage.queue_size() < 2:
            self._tasks[task]()

    def look(self) -> None:
        """Do whatever the rows say is to be done."""
        self._attend(LOOKS)

    def sweep(self) -> None:
        """Look, and do what is due once a minute."""
        self._attend(LOOKS)
        self._attend(SWEEPS)

    def begin(self) -> None:
        """Lead from here on."""
        self._attend(LEADING)

    def _attend(self, duties: dict[str, Callable[[], object]]) -> None:
        """Each duty on its own: one that fails is logged and tried at the next look."""
        for name, duty in list(duties.items()):
            with self.app.app_context():
                try:
                    duty()
                except Exception:
                    log.exception("jobs.failed", duty=name)
                finally:
                    db.session.remove()


def each_alone(duty: str, numbers: Iterable[int], act: Callable[[int], object]) -> None:
    """Do a duty's work for each of several things on its own: one that fails is logged and tried at
    the next look, and those after it have their turn. Numbers, since what things say has no place
    in a log."""
    for number in numbers:
        try:
            act(number)
        except Exception:
            db.session.rollback()
            log.exception("jobs.failed", duty=duty, of=str(number))


def wakes() -> Wakes:
    """The queue of the current application."""
    found: Wakes = current_app.extensions["forum.jobs"]
    return found


def wake() -> None:
    """Ask the jobs process to look now rather than at its next sweep; never fails."""
    try:
        wakes().send("look")
    except Exception as trouble:
        log.warning("jobs.wake.lost", error=type(trouble).__name__)


@event.listens_for(OutboxMail, "after_insert")
def _mail_waits(_mapper: object, _connection: object, mail: OutboxMail) -> None:
    session = object_session(mail)
    if session is not None:
        session.info[WAKE] = True


@after_commit
def _wake_when_wanted(session: Session) -> None:
    if session.info.pop(WAKE, False):
        wake()
