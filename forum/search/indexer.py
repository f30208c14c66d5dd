"""Writing: one Whoosh commit a batch, rebuilding beside what serves, following the log."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from whoosh.codec.whoosh3 import W3Codec
from whoosh.index import TOC

from forum.core import events
from forum.core.db import db, end_read
from forum.core.epoch import LogEpoch, log_epoch
from forum.search import building, changes, figures, loading, merges, resuming, shelf, vocabulary
from forum.search.building import Kept, Parts, Progress
from forum.search.documents import INDEXED, Document, Ref
from forum.search.engine.opened import read
from forum.search.engine.segment import Segment
from forum.search.engine.sidefile import SUFFIX, is_whole, restore
from forum.search.engine.stock import Files
from forum.search.engine.writer import Writer
from forum.search.resuming import Begun
from forum.search.schema import PLAN
from forum.search.shelf import Position, Shelf
from forum.search.wording import Lexicon, Wording

EVENTS_AT_ONCE = 200
READ_AT_ONCE = 500
_segments: dict[str, Segment] = {}
"""Those of the index that this process writes, so that no commit has to open them again."""


def write(
    build: Path,
    refs: Iterable[Ref],
    found: Sequence[Document],
    reached: Position,
    leave: Collection[str] = (),
) -> None:
    """Replace what the index says of `refs` by `found`, in one commit that stands at `reached`.

    Segments in `leave` are being merged elsewhere.
    """
    lexicon = Lexicon()
    index, fields = shelf.open_index(build), lexicon.fields
    writing = Writer(index, PLAN, fields, timeout=10.0, leave=leave, known=_segments)
    with _committing(writing) as writer:
        writer.delete_those("docid", [f"{kind}:{row_id}" for kind, row_id in refs])
        wording = Wording(writer, lexicon)
        for document in found:
            wording.add(document)
        shelf.note_position(build, writer.generation, reached)
    vocabulary.provide_behind(read(index, PLAN, _segments).segments)


@contextmanager
def _committing(writer: Writer, **how: Any) -> Iterator[Writer]:
    """Commit what is written here; cancel it when something fails."""
    try:
        yield writer
    except BaseException:
        writer.cancel()
        raise
    try:
        writer.commit(**how)
    finally:
        # A commit that fails half-way, as on a full disk, would keep the lock for ever.
        if not writer.is_closed and writer.writelock is not None:
            writer.writelock.release()


def adopt(build: Path) -> None:
    """Put a finished merge of large segments into use."""
    at = shelf.position(build)
    if at is not None:
        writer = Writer(shelf.open_index(build), PLAN, timeout=10.0)
        with _committing(writer, merge=False):
            merges.adopt(writer, build)
            shelf.note_position(build, writer.generation, at)
    shutil.rmtree(build / merges.FOLDER, ignore_errors=True)


def advance(target: Shelf, leave: Collection[str] = ()) -> int:
    """Bring the index up to the log, rebuilding where it must be; the number of events handled.

    The caller holds the shelf's lock. Segments in `leave` are being merged elsewhere.
    """
    end_read()
    build, at = usable(target)
    if build is None or at is None:
        rebuild(target)
        return 1
    return _follow(build, at, leave)


def usable(target: Shelf) -> tuple[Path | None, Position | None]:
    """The current build and its position, unless they are missing, damaged or of another epoch."""
    build = target.current()
    at = shelf.position(build) if build is not None else None
    if build is None or at is None or not _opens(build):
        return None, None
    newest, epoch = newest_event()
    fits = at.epoch == epoch and at.event <= newest
    return (build, at) if fits else (None, None)


def newest_event() -> tuple[int, str | None]:
    """The log's end and its epoch. One query."""
    newest = select(func.coalesce(func.max(events.Event.id), 0)).scalar_subquery()
    epoch = select(LogEpoch.token).order_by(LogEpoch.token).limit(1).scalar_subquery()
    row = db.session.execute(select(newest, epoch)).one()
    return int(row[0]), row[1]


def _opens(build: Path) -> bool:
    """Whether every file that a search needs can be opened."""
    try:
        with shelf.open_index(build).reader() as reader:
            reader.doc_count()
            for number in (0, reader.doc_count_all() - 1):
                if reader.doc_count_all():
                    reader.stored_fields(number)
    # Whoosh reports damage in whatever way the damaged bytes lead it.
    except Exception:
        return False
    return True


def complete(build: Path, is_known: Callable[[Path], bool]) -> set[Path]:
    """Read a file of arrays that is not known, writing it again where it is missing or damaged;
    those that are left to read.
    """
    index = shelf.open_index(build)
    toc = TOC.read(index.storage, index.indexname)
    paths = {build / segment.make_filename(SUFFIX): segment for segment in toc.segments}
    unread = [path for path in paths if not is_known(path)]
    for path in unread[:1]:
        if not is_whole(path):
            restore(Files(index.storage, toc.schema, paths[path]), path, PLAN)
    return set(unread[1:])


def written_once(build: Path) -> list[Path]:
    """Whoosh's own files of all segments: terms, postings and what is stored."""
    index = shelf.open_index(build)
    kept = (W3Codec.TERMS_EXT, W3Codec.POSTS_EXT, f"._stored{W3Codec.COLUMN_EXT}")
    segments = TOC.read(index.storage, index.indexname).segments
    names = [segment.make_filename(ending) for segment in segments for ending in kept]
    return [build / name for name in names]


def _follow(build: Path, at: Position, leave: Collection[str] = ()) -> int:
    handled = 0
    while batch := events.after(at.event, limit=EVENTS_AT_ONCE):
        refs = changes.refs_of(batch)
        figures.update(build, changes.ideas_of(batch))
        at = Position(at.epoch, batch[-1].id)
        found = loading.load(refs)
        end_read()
        if refs:
            write(build, refs, found, at, leave)
        else:
            shelf.note_position(build, shelf.generation(build), at)
        handled += len(batch)
    return handled


def _silent(_count: int) -> None:
    """Nobody watches."""


def _forgotten(_count: int, _last: Document, _parts: Parts) -> None:
    """Nobody goes on with it."""


def rebuild(target: Shelf, progress: Progress = _silent) -> int:
    """A new index from the database while the old one serves; the number of documents.

    Goes on with what another process had begun when it was ended.
    """
    epoch = log_epoch()
    end_read()
    begun = resuming.begun(target, epoch)
    if begun is None:
        start = Position(epoch, events.last_id())
        begun = Begun(target.new_build(), start, 0, INDEXED[0], 0)
    try:
        found = everything(begun.kind, begun.last)
        keep = partial(resuming.note, begun.build, begun.start)
        count = fill(begun.build, begun.start, found, progress, keep, begun.documents)
        figures.refill(begun.build)
        _follow(begun.build, begun.start)
    except Exception:
        shutil.rmtree(begun.build, ignore_errors=True)
        raise
    resuming.finished(begun.build)
    target.switch(begun.build)
    return count


def fill(
    build: Path,
    at: Position,
    found: Iterable[Document],
    progress: Progress = _silent,
    kept: Kept = _forgotten,
    begun: int = 0,
) -> int:
    """Write documents into a build, which nobody reads yet; how many there are in it then."""
    total = building.fill(build, found, progress, kept, begun)
    shelf.note_position(build, shelf.generation(build), at)
    return total


def everything(first: str = INDEXED[0], last: int = 0) -> Iterator[Document]:
    """Every indexable thing after one of them, by kind and id: a build that was ended is gone on
    with after the last that was written. Each read is short, so nobody waits for it."""
    for kind in INDEXED[INDEXED.index(first) :]:
        while ids := loading.ids_after(kind, last, READ_AT_ONCE):
            found = loading.load([(kind, row_id) for row_id in ids])
            end_read()
            db.session.expunge_all()
            yield from found
            last = ids[-1]
        last = 0
