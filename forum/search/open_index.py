"""The index as a web worker holds it: one snapshot, exchanged when a newer commit is seen."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import structlog
from flask import Flask, current_app

from forum.search import figures, shelf
from forum.search.engine.memory import keep_freed
from forum.search.engine.opened import read, stamp
from forum.search.engine.segment import Segment
from forum.search.engine.snapshot import Snapshot
from forum.search.engine.stock import Unreadable
from forum.search.schema import PLAN
from forum.search.visibility import forget_views

POLL = 0.1
"""Seconds between two looks for a newer commit."""
RETRIES = 5
"""Commits in a row that may take files away just as they are to be opened."""

log = structlog.get_logger(__name__)


class OpenIndex:
    """Lends the newest snapshot to every thread of a process."""

    def __init__(self, where: shelf.Shelf) -> None:
        keep_freed()
        self._shelf = where
        self._segments: dict[str, Segment] = {}
        self._snapshot: Snapshot | None = None
        self._token: Any = None
        self._looked = 0.0
        self._lock = threading.Lock()

    def snapshot(self) -> Snapshot | None:
        """The newest state that can be read; None while there is none at all."""
        if time.monotonic() - self._looked > POLL and self._lock.acquire(blocking=False):
            try:
                self._refresh()
            finally:
                self._looked = time.monotonic()
                self._lock.release()
        elif self._snapshot is None:
            with self._lock:
                return self._snapshot
        return self._sound()

    def _sound(self) -> Snapshot | None:
        """The snapshot, unless one of its files was cut under it."""
        snapshot = self._snapshot
        if snapshot is None or (snapshot.is_whole and figures.of(snapshot).is_whole):
            return snapshot
        log.warning("search.index.cut")
        self.forget()
        with self._lock:
            self._refresh()
            return self._snapshot

    def look_again(self) -> None:
        """Look for a newer commit at the next question, however soon it comes."""
        self._looked = 0.0

    def forget(self) -> None:
        """Drop everything, as when the data folder was emptied."""
        with self._lock:
            self._snapshot, self._segments, self._looked = None, {}, 0.0

    def _refresh(self) -> None:
        build = self._shelf.current()
        if build is None:
            return
        try:
            token = _token(build)
            if self._snapshot is None or self._token != token:
                self._read_anew(build)
        # Whoosh reports damage in whatever way the damaged bytes lead it.
        except Exception as trouble:
            log.warning("search.index.unreadable", error=type(trouble).__name__)
            if build.is_dir():
                shelf.condemn(build)

    def _read_anew(self, build: Path) -> None:
        """Commits take merged segments away, perhaps just as they are to be opened."""
        for _again in range(RETRIES):
            with suppress(FileNotFoundError):
                self._read(build, _token(build))
                return
        raise FileNotFoundError(build)

    def _read(self, build: Path, token: object) -> None:
        snapshot = read(shelf.open_index(build), PLAN, self._segments)
        snapshot.kept[figures.NAME] = figures.opened(build)
        if self._snapshot is not None:
            forget_views(self._snapshot)
        self._snapshot = snapshot
        self._token = token

    def distrust(self, used: Snapshot) -> None:
        """A search failed on this snapshot: drop it and have the index made anew."""
        with self._lock:
            build = self._shelf.current()
            if build is not None and self._snapshot is used:
                shelf.condemn(build)
                self._snapshot, self._segments = None, {}


@contextmanager
def reading(snapshot: Snapshot) -> Iterator[None]:
    """Around whatever is asked of a snapshot: what fails because a file is damaged, and its numbers
    lead anywhere, is Unreadable, and the index is made anew. What fails over sound files fails as
    it did.
    """
    try:
        yield
    except (ArithmeticError, LookupError, MemoryError, ValueError, Unreadable) as trouble:
        is_damage = isinstance(trouble, Unreadable)
        if not is_damage and snapshot.is_as_written:
            raise
        log.warning("search.index.damaged", error=str(trouble))
        open_index().distrust(snapshot)
        if is_damage:
            raise
        raise Unreadable(type(trouble).__name__) from trouble


def _token(build: Path) -> object:
    return build, shelf.generation(build), stamp(build), figures.inode(build)


def install_open_index(app: Flask) -> None:
    """Give the application its open index."""
    held = OpenIndex(shelf.Shelf(app.config["DATA_DIR"] / "index"))
    app.extensions["forum.search"] = held
    app.extensions.setdefault("forum.forget", []).append(held.forget)


def open_index_of(app: Flask) -> OpenIndex:
    """The open index of an application."""
    found: OpenIndex = app.extensions["forum.search"]
    return found


def open_index() -> OpenIndex:
    """The open index of the current application."""
    return open_index_of(current_app)
