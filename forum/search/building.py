"""Filling a new index with very many documents, on all cores."""

from __future__ import annotations

import gc
import os
import pickle
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from itertools import chain, islice
from pathlib import Path
from subprocess import PIPE, Popen
from typing import IO, Any

from whoosh import index
from whoosh.index import TOC

from forum.core.orphans import die_with
from forum.search import schema, vocabulary
from forum.search.documents import Document
from forum.search.engine.opened import read
from forum.search.engine.writer import Writer
from forum.search.wording import Lexicon, Wording

TEXT_AT_ONCE = 25_000_000
"""Characters between two commits, which is what bounds the memory of a process."""
REMEMBERED = 500_000
"""Pieces of text that a process knows before it forgets all of them."""
FEW = 5_000
"""Documents that are not worth another process."""
SENT_AT_ONCE = 200
LEAD = 1_000_000
"""Characters that a process may be ahead with while it knows the words better."""
EACH = 200
"""What a document costs beside its text, in characters."""
PIPE_SIZE = 1 << 20
"""Bytes; what any process may ask for."""
MOST_PROCESSES = 4
ROUND = 100_000
"""Documents after which all processes commit, so that a build that is ended can be gone on with."""
DONE = b"done\n"

Progress = Callable[[int], None]
Kept = Callable[[int, Document], None]


def fill(
    build: Path,
    found: Iterable[Document],
    progress: Progress,
    kept: Kept,
    begun: int,
) -> int:
    """Write documents into an index; how many it then has.

    `kept(count, last)` is told whenever all documents up to the last are on the disk. An index that
    already holds `begun` documents, in parts, is gone on with.
    """
    documents = _told(found, progress, begun)
    first = [] if begun else list(islice(documents, FEW))
    if len(first) < FEW and not begun:
        return write_all(build, iter(first))
    return _shared(build, chain(first, documents), kept, begun)


def _told(documents: Iterable[Document], progress: Progress, begun: int) -> Iterator[Document]:
    for number, document in enumerate(documents, begun + 1):
        yield document
        progress(number)


def write_all(build: Path, documents: Iterator[Document], lexicon: Lexicon | None = None) -> int:
    """Write documents in this process, a segment for so much text; how many there were."""
    total, more, lexicon = 0, True, Lexicon() if lexicon is None else lexicon
    while more:
        writer = Writer(index.open_dir(str(build)), schema.PLAN, lexicon.fields)
        try:
            more, written = _write_some(Wording(writer, lexicon), documents)
        except BaseException:
            writer.cancel()
            raise
        writer.commit(merge=False)
        total += written
    vocabulary.provide(read(index.open_dir(str(build)), schema.PLAN, {}).segments)
    return total


def _write_some(wording: Wording, documents: Iterator[Document]) -> tuple[bool, int]:
    """Whether there may be more, and how many were written."""
    number = size = 0
    for number, document in enumerate(documents, 1):
        wording.add(document)
        size += len(document.body)
        if size >= TEXT_AT_ONCE:
            return True, number
    return False, number


def _shared(build: Path, documents: Iterator[Document], kept: Kept, begun: int) -> int:
    """Share the documents among processes, each with an index of its own; join those.

    The parts outlive a process that is ended in the middle of it, and nothing else.
    """
    processes = min(os.cpu_count() or 1, MOST_PROCESSES)
    folders = [build / f"part{number}" for number in range(processes)]
    total = begun
    try:
        with ExitStack() as stack:
            helpers = [stack.enter_context(_helper(folder)) for folder in folders]
            while (last := _send(helpers, part := _Round(islice(documents, ROUND)))) is not None:
                total += part.count
                kept(total, last)
        parts = sorted(build.glob("part*"))
        join(build, parts)
    except Exception:
        remove_parts(build)
        raise
    remove_parts(build)
    return total


def remove_parts(build: Path) -> None:
    """Take away the indexes that processes wrote."""
    for folder in build.glob("part*"):
        shutil.rmtree(folder, ignore_errors=True)


class _Round:
    """Documents on their way, and how many of them have come."""

    def __init__(self, documents: Iterator[Document]) -> None:
        self._documents, self.count = documents, 0
        self.last: Document | None = None

    def __iter__(self) -> Iterator[Document]:
        for document in self._documents:
            self.count, self.last = self.count + 1, document
            yield document


def _send(helpers: Sequence[Popen[bytes]], part: _Round) -> Document | None:
    """Have documents written as they come; when this returns they are on the disk. The last."""
    shares = _Shares(len(helpers))
    for batch in _by_language(part):
        pickle.dump(batch, _into(helpers[shares.whose(batch)]))
    for helper in helpers:
        pickle.dump(None, _into(helper))
        _into(helper).flush()
    for helper in helpers:
        assert helper.stdout is not None
        if helper.stdout.readline() != DONE:
            raise ChildProcessError("A process that builds a part of the index has ended")
    return part.last


def _by_language(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """Batches of documents, each in one language."""
    waiting: dict[str, list[Document]] = {}
    for document in documents:
        batch = waiting.setdefault(document.lang, [])
        batch.append(document)
        if len(batch) == SENT_AT_ONCE:
            yield waiting.pop(document.lang)
    yield from waiting.values()


class _Shares:
    """Who writes what: as much each, and where that allows it a language each, because whoever
    meets a word for the first time has to analyse it."""

    def __init__(self, helpers: int) -> None:
        self._sent, self._known = [0] * helpers, [set[str]() for _ in range(helpers)]

    def whose(self, batch: Sequence[Document]) -> int:
        """Who writes a batch."""
        lang = batch[0].lang
        pairs = zip(self._sent, self._known, strict=True)
        ahead = [sent - LEAD * (lang in known) for sent, known in pairs]
        chosen = ahead.index(min(ahead))
        self._sent[chosen] += sum(EACH + len(document.body) for document in batch)
        self._known[chosen].add(lang)
        return chosen


def _into(helper: Popen[bytes]) -> IO[bytes]:
    assert helper.stdin is not None
    return helper.stdin


@contextmanager
def _helper(folder: Path) -> Iterator[Popen[bytes]]:
    """A process that writes documents which are sent to it into a folder of its own.

    A program of its own rather than a fork: whoever builds an index has threads.
    """
    if not folder.exists():
        folder.mkdir(mode=0o700)
        index.create_in(str(folder), schema.schema())
    command = [sys.executable, "-m", "forum.search.building", str(os.getpid()), str(folder)]
    # A pipe that holds a few batches: nobody waits for the slower of two.
    process = Popen(command, stdin=PIPE, stdout=PIPE, pipesize=PIPE_SIZE)  # noqa: S603 -- our own
    try:
        yield process
    except BaseException:
        process.kill()
        raise
    finally:
        with suppress(BrokenPipeError):
            process.communicate()
    if process.returncode:
        raise ChildProcessError(f"Building a part of the index failed with {process.returncode}")


class _Sent:
    """Documents as another process sends them, round after round."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self.has_ended = source, False

    def round(self) -> Iterator[Document]:
        """Those of the next round."""
        while not self.has_ended:
            try:
                batch = pickle.load(self._source)  # noqa: S301 -- by who started this process
            except EOFError:
                self.has_ended = True
                return
            if batch is None:
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
    gc.disable()  # nothing here refers to itself, and looking for it takes a tenth of the time
    sent, lexicon = _Sent(sys.stdin.buffer), Lexicon()
    while not sent.has_ended:
        if len(lexicon) >= REMEMBERED:
            lexicon = Lexicon()
        write_all(Path(sys.argv[2]), sent.round(), lexicon)
        sys.stdout.buffer.write(DONE)
        sys.stdout.buffer.flush()
