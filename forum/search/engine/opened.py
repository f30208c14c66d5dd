"""From the files of an index to a snapshot; segments that are known already are taken over."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from whoosh.index import TOC

from forum.search.engine import stock
from forum.search.engine.columns import Plan
from forum.search.engine.segment import Segment
from forum.search.engine.sidefile import LOST, SUFFIX, from_arrays
from forum.search.engine.snapshot import Snapshot


def read(index: Any, plan: Plan, known: dict[str, Segment]) -> Snapshot:
    """The newest generation of an index. `known` holds its segments by name afterwards.

    Raises stock.Unreadable, or OSError where a commit has just taken a segment away.
    """
    toc = TOC.read(index.storage, index.indexname)
    segments = all_opened(index.storage, toc.schema, toc.segments, plan, known)
    gone = [sorted(part.deleted_docs()) if part.has_deletions() else [] for part in toc.segments]
    return Snapshot(segments, gone)


def all_opened(
    storage: Any, schema: Any, parts: Sequence[Any], plan: Plan, known: dict[str, Segment]
) -> list[Segment]:
    """Several of Whoosh's segments, as `read` has them."""
    inodes = dict(stamp(Path(storage.folder)))
    # A file that was put in the place of another is another file.
    names = [f"{part.segment_id()}:{inodes.get(part.make_filename(SUFFIX), 0)}" for part in parts]
    for name, part in zip(names, parts, strict=True):
        if name not in known:
            known[name] = opened(storage, schema, part, plan)
    for name in set(known) - set(names):
        del known[name]
    return [known[name] for name in names]


def stamp(folder: Path) -> tuple[tuple[str, int], ...]:
    """Which files of arrays there are, with their inodes: another stamp is worth another look."""
    with os.scandir(folder) as entries:
        found = [(entry.name, entry.inode()) for entry in entries if entry.name.endswith(SUFFIX)]
    return tuple(sorted(found))


def opened(storage: Any, schema: Any, part: Any, plan: Plan) -> Segment:
    """One of Whoosh's segments: from its arrays, or through Whoosh where those are lost.

    Raises stock.Unreadable, or FileNotFoundError where all of it has gone.
    """
    path = Path(storage.folder, part.make_filename(SUFFIX))
    fields = [name for name, field in schema.items() if field.indexed]
    try:
        return from_arrays(path, part.doc_count_all(), plan, fields)
    except LOST:
        try:
            return stock.stock_segment(stock.Files(storage, schema, part), plan)
        except stock.Unreadable as trouble:
            if isinstance(trouble.__cause__, FileNotFoundError):
                raise trouble.__cause__ from None
            raise
