"""The follower: keeps this node's index up with the log, one process at a time."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from forum.core.db import db, end_read
from forum.search import figures, indexer, shelf
from forum.search.merges import Merges
from forum.search.open_index import open_index_of
from forum.search.shelf import Shelf, look

EVERY = 0.1
"""Seconds between two looks at the log."""
AFTER_FAILURE = 2.0

log = structlog.get_logger(__name__)


def shelf_of(app: Flask) -> Shelf:
    """Where this application's index lies."""
    return Shelf(app.config["DATA_DIR"] / "index")


class Follower:
    """Looks at the log and at the index, and works only when either has changed."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.shelf = shelf_of(app)
        self._seen: Any = None
        self._whole: dict[Path, tuple[int, int]] = {}
        self._filled: tuple[Path, int] | None = None
        self._renewed = 0
        self._is_busy = False
        self.merges = Merges()

    def tick(self) -> int:
        """One look; the number of events handled. One query when nothing has happened."""
        with self.app.app_context():
            try:
                return self._work()
            finally:
                db.session.remove()

    def _work(self) -> int:
        if self._look() == self._seen and not (self.merges.leave or self._is_busy):
            return 0
        with self.shelf.lock(wait=False) as mine:
            if not mine:
                return 0
            handled = indexer.advance(self.shelf, self.merges.leave)
            # What takes long goes on a step a tick, so that what is posted meanwhile is found.
            self._is_busy = self._complete() | self._fill()
            self._merge()
        self._seen = self._look()
        return handled

    def _complete(self) -> bool:
        """Make arrays again that were lost; each file is read once, one a tick. Whoosh's own files
        of a segment never change: where one did, the index is made anew. Whether there is more."""
        build = self.shelf.current()
        if build is None:
            return False
        files = {build / name: (size, at) for name, size, at in look(build)}
        known = self._whole
        once = indexer.written_once(build)
        if any(path in known and known[path] != files.get(path) for path in once):
            log.warning("search.index.changed")
            shelf.condemn(build)
            self._whole = {}
            return False
        unread = indexer.complete(build, lambda path: known.get(path) == files.get(path, ()))
        found = {build / name: (size, at) for name, size, at in look(build)}
        self._whole = {path: stamp for path, stamp in found.items() if path not in unread}
        return bool(unread)

    def _fill(self) -> bool:
        """Read the figures from the database once, and again when another file is in their place
        or one that cannot be read. Whether there is more to read."""
        build = self.shelf.current()
        if build is None:
            return False
        if self._filled != (build, figures.inode(build)) or figures.opened(build) is None:
            self._renewed = 0
        elif not self._renewed:
            return False
        self._renewed = figures.renew(build, self._renewed)
        self._filled = build, figures.inode(build)
        return self._renewed > 0

    def _merge(self) -> None:
        """Have large segments merged beside, and take in what has been."""
        build = self.shelf.current()
        if build is not None and self.merges.tend(build) is not None:
            indexer.adopt(build)
            self.merges.tend(build)

    def _look(self) -> tuple[Any, ...]:
        build = self.shelf.current()
        newest = indexer.newest_event()
        end_read()
        # An event that arrives between the work and this look must not be taken as seen.
        held = shelf.position(build) if build is not None else None
        behind = held is None or held.event != newest[0]
        return (newest, build, look(build) if build is not None else (), behind and object())


def catch_up(app: Flask) -> int:
    """Bring the index up to the log now, waiting for whoever is at it; events handled."""
    target = shelf_of(app)
    with app.app_context(), target.lock(wait=True):
        try:
            total = 0
            while handled := indexer.advance(target):
                total += handled
            return total
        finally:
            db.session.remove()
            open_index_of(app).look_again()


def run_follower(app: Flask, stop: threading.Event) -> None:
    """Follow the log until `stop` is set; trouble is logged and tried again, never raised."""
    follower = Follower(app)
    while not stop.is_set():
        pause = EVERY
        try:
            follower.tick()
        except SQLAlchemyError as trouble:
            log.warning("search.follower.database", error=type(trouble).__name__)
            pause = AFTER_FAILURE
        # A damaged index fails in whatever way its bytes lead Whoosh; the next tick rebuilds.
        except Exception as trouble:
            log.exception("search.follower.failed", error=type(trouble).__name__)
            build = follower.shelf.current()
            if build is not None and not isinstance(trouble, OSError):
                shelf.condemn(build)
            pause = AFTER_FAILURE
        stop.wait(pause)
    follower.merges.stop()
