"""Going on with a build that was ended in the middle: what is on the disk is not written again."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, NamedTuple

import structlog
from whoosh import index

from forum.search import schema
from forum.search.building import Parts
from forum.search.documents import INDEXED, Document
from forum.search.engine.writer import Writer
from forum.search.schema import PLAN
from forum.search.shelf import Position, Shelf

NAME = "unfinished.json"

log = structlog.get_logger(__name__)


class Begun(NamedTuple):
    """A build that holds so many documents: all up to that one, as of that position of the log."""

    build: Path
    start: Position
    documents: int
    kind: str
    last: int


def note(build: Path, start: Position, count: int, last: Document, parts: Parts) -> None:
    """Remember how far a build has come, and in which segments."""
    said = {
        "schema": schema.VERSION,
        "epoch": start.epoch,
        "event": start.event,
        "count": count,
        "kind": last.kind,
        "last": last.id,
        "parts": parts,
    }
    temporary = build / f".{NAME}"
    temporary.write_text(json.dumps(said))
    os.replace(temporary, build / NAME)


def begun(target: Shelf, epoch: str) -> Begun | None:
    """The build to go on with, if there is one of this epoch, as it was when it was last noted."""
    for path in sorted(target.folder.glob(f"*/{NAME}")):
        try:
            said = json.loads(path.read_text())
            fits = (said["schema"], said["epoch"]) == (schema.VERSION, epoch)
            if fits and said["kind"] in INDEXED:
                parts = {part.name for part in path.parent.glob("part*")}
                for name in parts | set(said["parts"]):
                    _take_back(path.parent / name, said["parts"].get(name, []))
                start = Position(epoch, int(said["event"]))
                return Begun(path.parent, start, said["count"], said["kind"], said["last"])
        # Whoosh reports damage in whatever way the damaged bytes lead it.
        except Exception as trouble:
            log.warning("search.build.lost", error=type(trouble).__name__)
    return None


def _take_back(part: Path, segments: list[str]) -> None:
    """Drop what was written after the last note: it will come again.

    Raises FileNotFoundError when something is not there that was noted.
    """
    if not all(any(part.glob(f"{segment}.*")) for segment in segments):
        raise FileNotFoundError(part)
    writer: Any = Writer(index.open_dir(str(part)), PLAN)
    writer.segments[:] = [s for s in writer.segments if s.segment_id() in segments]
    writer.commit(merge=False)


def finished(build: Path) -> None:
    """There is nothing to go on with any more."""
    (build / NAME).unlink(missing_ok=True)
