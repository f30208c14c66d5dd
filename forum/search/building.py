"""Filling a new index with very many documents, on all cores."""

from __future__ import annotations

import os
import pickle
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import chain, count, cycle, islice
from pathlib import Path
from subprocess import PIPE, Popen
from typing import IO, Any

from whoosh import index
from whoosh.index import TOC

from forum.core.orphans import die_with
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
            helpers = [stack.enter_context(_helper(folder)) for folder in folders]
            for helper in cycle(helpers):
                batch = list(islice(documents, SENT_AT_ONCE))
                if not batch:
                    break
                pickle.dump(batch, helper)
                total += len(batch)
        join(build, folders)
    finally:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
    return total


@contextmanager
def _helper(folder: Path) -> Iterator[IO[bytes]]:
    """Where to send documents for a process that fills a folder with them.

    A program of its own rather than a fork: whoever builds an index has threads.
    """
    folder.mkdir(mode=0o700)
    index.create_in(str(folder), schema.schema())
    command = [sys.executable, "-m", "forum.search.building", str(os.getpid()), str(folder)]
    process = Popen(command, stdin=PIPE)  # noqa: S603 -- our own command
    assert process.stdin is not None
    try:
        yield process.stdin
    except BaseException:
        process.kill()
        raise
    finally:
        with suppress(BrokenPipeError):
            process.stdin.close()
        failed = process.wait()
    if failed:
        raise ChildProcessError(f"Building a part of the index failed with {failed}")


def _sent(source: IO[bytes]) -> Iterator[Document]:
    while True:
        try:
            batch = pickle.load(source)  # noqa: S301 -- sent by the process that started this one
        except EOFError:
            return
        yield from batch


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


if __name__ == "__main__":
    die_with(int(sys.argv[1]))
    write_all(Path(sys.argv[2]), _sent(sys.stdin.buffer))
