"""Filling a new index with very many documents, on all cores."""

from __future__ import annotations

import gc
import json
import os
import pickle
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from itertools import chain, islice
from pathlib import Path
from select import select
from subprocess import PIPE, Popen
from typing import IO, Any

from whoosh import index
from whoosh.index import TOC

from forum.core.orphans import die_with
from forum.search import schema, vocabulary
from forum.search.documents import Document
from forum.search.engine.merging import LARGE
from forum.search.engine.opened import read
from forum.search.engine.writer import Writer
from forum.search.wording import Lexicon, Wording

AT_ONCE = 30_000_000
"""Characters between two commits, which is what bounds the memory of a process: 0.6 GB."""
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

Progress = Callable[[int], None]
Parts = Mapping[str, Sequence[str]]
"""The folders that processes write into, and the ids of the segments in each."""
Kept = Callable[[int, Document, Parts], None]


def fill(
    build: Path,
    found: Iterable[Document],
    progress: Progress,
    kept: Kept,
    begun: int,
) -> int:
    """Write documents into an index; how many it then has.

    `kept(count, last, parts)` is told whenever all documents up to the last are on the disk, and in
    which segments. An index that already holds `begun` documents, in parts, is gone on with.
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
        del writer
        if written >= FEW:  # a writer and its parts refer to one another, and hold all it wrote
            gc.collect()
    vocabulary.provide(read(index.open_dir(str(build)), schema.PLAN, {}).segments)
    return total


def _write_some(wording: Wording, documents: Iterator[Document]) -> tuple[bool, int]:
    """Whether there may be more, and how many were written."""
    number = size = 0
    for number, document in enumerate(documents, 1):
        wording.add(document)
        size += _size(document)
        if size >= AT_ONCE:
            return True, number
    return False, number


def _size(document: Document) -> int:
    """About what a document costs, in characters."""
    return EACH + len(document.body) + len(document.files)


def _shared(build: Path, documents: Iterator[Document], kept: Kept, begun: int) -> int:
    """Share the documents among processes, each with an index of its own; join those.

    The parts outlive a process that is ended in the middle of it, and nothing else.
    """
    processes = min(os.cpu_count() or 1, MOST_PROCESSES)
    folders = [build / f"part{number}" for number in range(processes)]
    try:
        with ExitStack() as stack:
            helpers = [stack.enter_context(_helper(folder)) for folder in folders]
            beside = {p.name: segments_of(p) for p in build.glob("part*") if p not in folders}
            total = _Sender(helpers, beside, kept).send(documents, begun)
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


class _Sender:
    """Has documents written as they come, in rounds, by several processes.

    While the documents of one round are being put on the disk, those of the next are on their way.
    `beside`: the parts that no process writes into, left by more processes than there are now.
    """

    def __init__(self, helpers: Sequence[Popen[bytes]], beside: Parts, kept: Kept) -> None:
        self._helpers, self._beside, self._kept = helpers, beside, kept
        self._shares = _Shares(len(helpers))
        self._waiting: tuple[int, Document] | None = None

    def send(self, documents: Iterator[Document], begun: int) -> int:
        """Send all; how many there are when they are on the disk."""
        total = begun
        while (part := self._round(documents)).last is not None:
            total += part.count
            self._waiting = total, part.last
        return total

    def _round(self, documents: Iterator[Document]) -> _Round:
        part = _Round(documents, (AT_ONCE - 2 * LEAD) * len(self._helpers))
        for batch in _by_language(part):
            pickle.dump(batch, _into(self._helpers[self._shares.whose(batch)]))
            if self._have_answered():
                self._note()
        self._note()
        if part.last is not None:
            for helper in self._helpers:
                pickle.dump(None, _into(helper))
                _into(helper).flush()
        return part

    def _have_answered(self) -> bool:
        answers = list(map(_from, self._helpers))
        return len(select(answers, [], [], 0)[0]) == len(answers)

    def _note(self) -> None:
        """Tell that the round before is on the disk, when it is."""
        if self._waiting is None:
            return
        parts = dict(self._beside)
        for helper in self._helpers:
            if not (said := _from(helper).readline()):
                raise ChildProcessError("A process that builds a part of the index has ended")
            parts.update(json.loads(said))
        self._kept(*self._waiting, parts)
        self._waiting = None


class _Round:
    """As many documents as all processes put on the disk at once, and how many have come."""

    def __init__(self, documents: Iterator[Document], most: int) -> None:
        self._documents, self._most = documents, most
        self.count = 0
        self.last: Document | None = None

    def __iter__(self) -> Iterator[Document]:
        size = 0
        while size < self._most and (document := next(self._documents, None)) is not None:
            size += _size(document)
            self.count, self.last = self.count + 1, document
            yield document


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
        self._sent[chosen] += sum(map(_size, batch))
        self._known[chosen].add(lang)
        return chosen


def _into(helper: Popen[bytes]) -> IO[bytes]:
    assert helper.stdin is not None
    return helper.stdin


def _from(helper: Popen[bytes]) -> IO[bytes]:
    assert helper.stdout is not None
    return helper.stdout


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


def segments_of(part: Path) -> list[str]:
    """The ids of an index's segments."""
    return [segment.segment_id() for _storage, segment in _segments_in(part)]


def join(build: Path, parts: Iterable[Path]) -> None:
    """Make the segments of several indexes those of one, public at once: small ones, which every
    search would have to look through beside the others, become one segment.
    """
    found = [(part, *both) for part in parts for both in _segments_in(part)]
    small = [own for own in found if own[2].doc_count() < LARGE]
    writer: Any = Writer(index.open_dir(str(build)), schema.PLAN)
    writer.segments.clear()  # whoever was ended just after this had joined some of them
    for _part, storage, segment in small:
        writer.absorb(storage, segment)
    for part, _storage, segment in found:
        if segment.doc_count() >= LARGE:
            for path in part.glob(f"{segment.segment_id()}.*"):
                path.rename(build / path.name)
            writer.segments.append(segment)
    writer.commit(merge=False)


def _segments_in(part: Path) -> list[tuple[Any, Any]]:
    """The segments of an index, each with where it is stored."""
    made = index.open_dir(str(part))
    return [(made.storage, s) for s in TOC.read(made.storage, made.indexname).segments]


if __name__ == "__main__":
    die_with(int(sys.argv[1]))
    gc.disable()  # of what refers to itself there is only a writer: to look for it once is enough
    folder, sent, lexicon = Path(sys.argv[2]), _Sent(sys.stdin.buffer), Lexicon()
    while not sent.has_ended:
        if len(lexicon) >= REMEMBERED:
            lexicon = Lexicon()
        write_all(folder, sent.round(), lexicon)
        print(json.dumps({folder.name: segments_of(folder)}), flush=True)
