"""Merging large segments in a process of its own, while commits go on.

The other process writes one segment into a folder of its own. Only when it has ended are the files
moved beside the others and put in the place of those they were made from, in one commit, less what
has been deleted from those meanwhile. Whatever goes wrong before costs time and nothing else.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from subprocess import Popen
from typing import Any

import numpy as np
import structlog
from whoosh import index
from whoosh.index import TOC

from forum.core.orphans import die_with
from forum.search import schema, vocabulary
from forum.search.engine import merging
from forum.search.engine.opened import read
from forum.search.engine.writer import Writer
from forum.search.schema import PLAN

FOLDER = "merging"
SOURCES = "sources.json"

log = structlog.get_logger(__name__)


class Merges:
    """The merge that is going on beside the follower, if any: at most one at a time."""

    def __init__(self) -> None:
        self._process: Popen[bytes] | None = None
        self._build: Path | None = None
        self.leave: Sequence[str] = ()
        """The segments that are being merged, which commits must leave as they are."""

    def tend(self, build: Path) -> Path | None:
        """Start a merge that is due; the folder of one that has ended well."""
        if self._process is None:
            self._start(build)
            return None
        if self._build == build and self._process.poll() is None:
            return None
        done = self._process.poll() == 0 and self._build == build
        if not done:
            log.warning("search.merge.failed", code=self._process.poll())
        self.stop()
        return build / FOLDER if done else None

    def stop(self) -> None:
        """End the merge that is going on."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process, self.leave = None, ()

    def _start(self, build: Path) -> None:
        due = _due(build)
        if not due:
            return
        folder = build / FOLDER
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        command = [sys.executable, "-m", "forum.search.merges", str(os.getpid()), str(build), *due]
        self._process = Popen(command)  # noqa: S603 -- our own command
        self._build, self.leave = build, due


def _due(build: Path) -> list[str]:
    """The segments that are to be merged."""
    segments = _segments(build)
    sizes = [segment.doc_count() for segment in segments]
    dead = [segment.deleted_count() for segment in segments]
    return [segments[place].segment_id() for place in merging.beside(sizes, dead)]


def _segments(build: Path) -> list[Any]:
    found = index.open_dir(str(build))
    return list(TOC.read(found.storage, found.indexname).segments)


def merge(build: Path, names: Sequence[str]) -> None:
    """Write the segments of those names as one into the folder for it."""
    source = index.open_dir(str(build))
    made = index.create_in(str(build / FOLDER), schema.schema())
    writer = Writer(made, PLAN)
    sources = [segment for segment in _segments(build) if segment.segment_id() in names]
    for segment in sources:
        writer.absorb(source.storage, segment)
    writer.commit(merge=False)
    vocabulary.provide(read(made, PLAN, {}).segments)
    kept = {s.segment_id(): [s.doc_count_all(), sorted(s.deleted_docs() or ())] for s in sources}
    (build / FOLDER / SOURCES).write_text(json.dumps(kept))


def adopt(writer: Writer, build: Path) -> None:
    """Put a finished merge in the place of the segments it was made from; the caller commits."""
    folder = build / FOLDER
    sources = json.loads((folder / SOURCES).read_text())
    own = {segment.segment_id(): segment for segment in writer.segments}
    merged = _segments(folder)
    if sources.keys() <= own.keys():
        for segment in merged:
            _delete(segment, sources, own)
            for path in folder.glob(f"{segment.segment_id()}.*"):
                path.rename(build / path.name)
        kept = [segment for name, segment in own.items() if name not in sources]
        writer.segments[:] = [*kept, *merged]


def _delete(merged: Any, sources: dict[str, Any], own: dict[str, Any]) -> None:
    """Delete from a merged segment what was deleted from its sources since it was begun."""
    base = 0
    for name, (size, gone) in sources.items():
        was_there = np.ones(size, dtype=bool)
        was_there[gone] = False
        places = np.cumsum(was_there) - 1 + base
        since = set(own[name].deleted_docs() or ()) - set(gone)
        for doc in since:
            merged.delete_document(int(places[doc]))
        base += int(was_there.sum())


if __name__ == "__main__":
    die_with(int(sys.argv[1]))
    os.nice(10)
    merge(Path(sys.argv[2]), sys.argv[3:])
