"""Where the index lies: one folder a build, a file naming the current one, and beside the index
how much of the log it holds.

Nothing here is precious. Files are unpickled by Whoosh, so the folder belongs to its owner alone.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whoosh import index
from whoosh.index import TOC

from forum.search import schema

CURRENT = "CURRENT"
POSITIONS = "position.json"
DAMAGED = "DAMAGED"
KEPT = 4
"""Generations whose position is remembered; a crash leaves at most one that was never committed."""
_locks: dict[Path, threading.Lock] = {}


@dataclass(frozen=True, slots=True)
class Position:
    """How far in which epoch of the log an index has come."""

    epoch: str
    event: int


class Shelf:
    """The folder of the indexes of one forum."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def current(self) -> Path | None:
        """The folder of the index in use; None when there is none or its pointer is damaged."""
        try:
            name = (self.folder / CURRENT).read_text().strip()
        except (OSError, UnicodeDecodeError):
            return None
        build = self.folder / name
        return build if name.isalnum() and build.is_dir() else None

    def new_build(self) -> Path:
        """An empty folder with an empty index, which nobody reads yet."""
        build = self.folder / f"b{secrets.token_hex(6)}"
        self._make(self.folder)
        self._make(build)
        index.create_in(str(build), schema.schema())
        return build

    def _make(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)

    def switch(self, build: Path) -> None:
        """Make a finished build the current one, at once, and sweep the others away."""
        _replace(self.folder / CURRENT, build.name)
        for other in self.folder.iterdir():
            if other.is_dir() and other != build:
                shutil.rmtree(other, ignore_errors=True)

    @contextmanager
    def lock(self, *, wait: bool) -> Iterator[bool]:
        """Be the only one who writes, in this process and on this node; False when another is."""
        inside = _locks.setdefault(self.folder, threading.Lock())
        if not inside.acquire(blocking=wait):
            yield False
            return
        try:
            self._make(self.folder)
            with (self.folder / "lock").open("w") as file:
                yield _flock(file, wait)
        finally:
            inside.release()


def _flock(file: Any, wait: bool) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True


def _replace(path: Path, text: str) -> None:
    """Write a small file so that a reader sees the old text or the new one."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    temporary.write_text(text)
    os.replace(temporary, path)


def open_index(build: Path) -> Any:
    """The Whoosh index of a build. Raises whatever a damaged one makes Whoosh raise."""
    return index.open_dir(str(build))


def generation(build: Path) -> int:
    """The newest committed generation, -1 when there is none."""
    names = (TOC._pattern("MAIN").match(name) for name in os.listdir(build))
    return max((int(found.group(1)) for found in names if found), default=-1)


def position(build: Path) -> Position | None:
    """How far the newest commit has come; None when that cannot be told, which means a rebuild.

    A position is written for the generation about to be committed. After a crash in between, the
    entry of the generation that does exist still tells the truth.
    """
    noted = _noted(build) if not (build / DAMAGED).exists() else None
    if noted is None or noted.get("schema") != schema.VERSION:
        return None
    reached = generation(build)
    known = {int(g): at for g, at in noted["at"].items() if int(g) <= reached}
    if not known:
        return None
    return Position(str(noted["epoch"]), int(known[max(known)]))


def _noted(build: Path) -> dict[str, Any] | None:
    try:
        noted = json.loads((build / POSITIONS).read_text())
        valid = isinstance(noted["epoch"], str) and all(
            g.isdigit() and type(at) is int for g, at in noted["at"].items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return noted if valid else None


def note_position(build: Path, at_generation: int, reached: Position) -> None:
    """Say what the commit that comes next will hold."""
    noted = _noted(build) or {}
    at = noted.get("at", {}) if noted.get("epoch") == reached.epoch else {}
    at = {g: event for g, event in at.items() if int(g) < at_generation}
    kept = dict(sorted(at.items(), key=lambda item: int(item[0]))[-KEPT:])
    kept[str(at_generation)] = reached.event
    content = {"schema": schema.VERSION, "epoch": reached.epoch, "at": kept}
    _replace(build / POSITIONS, json.dumps(content))


def condemn(build: Path) -> None:
    """Mark a build that could not be read, so that the follower makes a new one."""
    with contextlib.suppress(OSError):
        (build / DAMAGED).touch()


def look(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Names, sizes and times of a folder's files: equal looks mean that nothing happened."""
    try:
        with os.scandir(folder) as entries:
            stats = [(entry.name, entry.stat()) for entry in entries if entry.is_file()]
    except OSError:
        return ()
    return tuple(sorted((name, stat.st_size, stat.st_mtime_ns) for name, stat in stats))
