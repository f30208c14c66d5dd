"""Filling a new index with very many documents, on all cores."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import chain, count, islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from whoosh import index
from whoosh.index import TOC

from forum.search import schema
from forum.search.documents import Document
from forum.search.engine.writer import Writer
from forum.search.wording import Wording

WORDS_AT_ONCE = 6_000_000
"""Words between two commits, which is what bounds the memory of a process."""
FEW = 5_000
"""Documents that are not worth another process."""
SENT_AT_ONCE = 200
MOST_PROCESSES = 4

Progress = Callable[[int], None]


def fill(build: Path, found: Iterable[Document], progress: Progress) -> int:
    """Write documents into an empty index; how many there were."""
    documents = iter(found)
    first = list(islice(documents, FEW))
    cores = min(os.cpu_count() or 1, MOST_PROCESSES)
    told = _told(chain(first, documents), progress)
    if len(first) < FEW or cores < 2:
        return write_all(build, told)
    return _shared(build, told, cores)


def _told(documents: Iterable[Document], progress: Progress) -> Iterator[Document]:
    for number, document in enumerate(documents, 1):
        yield document
        progress(number)


def write_all(build: Path, documents: Iterator[Document]) -> int:
    """Write documents in this process, a segment for so many words; how many there were."""
    total, more = 0, True
    while more:
        writer = Writer(index.open_dir(str(build)), schema.PLAN)
        try:
            more, written = _write_some(writer, documents)
        except BaseException:
            writer.cancel()
            raise
        writer.commit(merge=False)
        total += written
    return total


def _write_some(writer: Writer, documents: Iterator[Document]) -> tuple[bool, int]:
    """Whether there may be more, and how many were written."""
    wording = Wording(writer)
    for number in count(1):
        document = next(documents, None)
        if document is None:
            return False, number - 1
        wording.add(document)
        if len(writer.words["text"]) >= WORDS_AT_ONCE:
            return True, number
    raise AssertionError


def _shared(build: Path, documents: Iterator[Document], processes: int) -> int:
    """Share the documents among processes, each with an index of its own; join those."""
    folders = [build / f"part{number}" for number in range(processes)]
    total = 0
    try:
        with ExitStack() as stack:
            ends = [stack.enter_context(_writing(folder)) for folder in folders]
            turn = 0
            while batch := list(islice(documents, SENT_AT_ONCE)):
                ends[turn % processes].send(batch)
                total, turn = total + len(batch), turn + 1
        join(build, folders)
    finally:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
    return total


class _writing:
    """A process that fills a folder with what is sent to it; ends when this does."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700)
        index.create_in(str(folder), schema.schema())
        # Not forked: the process this happens in has threads.
        context = get_context("spawn")
        theirs, self._ours = context.Pipe(duplex=False)
        self._process = context.Process(target=_receive, args=(str(folder), theirs), daemon=True)
        self._process.start()
        theirs.close()

    def __enter__(self) -> Connection:
        return self._ours

    def __exit__(self, kind: object, *_more: object) -> None:
        if kind is not None:
            self._process.kill()
        self._ours.close()
        self._process.join()
        if kind is None and self._process.exitcode:
            raise ChildProcessError(f"Building failed with {self._process.exitcode}")


def _receive(folder: str, sent: Connection) -> None:
    def documents() -> Iterator[Document]:
        while True:
            try:
                yield from sent.recv()
            except EOFError:
                return

    write_all(Path(folder), documents())


def join(build: Path, parts: Iterable[Path]) -> None:
    """Move the segments of several indexes into one, and make them public at once."""
    segments: list[Any] = []
    for part in parts:
        made = index.open_dir(str(part))
        for segment in TOC.read(made.storage, made.indexname).segments:
            for path in part.glob(f"{segment.segment_id()}.*"):
                path.rename(build / path.name)
            segments.append(segment)
    writer = Writer(index.open_dir(str(build)), schema.PLAN)
    writer.segments.extend(segments)
    writer.commit(merge=False)
