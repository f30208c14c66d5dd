"""Search in a whole forum: building the index, answering requests, starting, keeping up.

`python -m tests.benchmarks.searching DATA [--documents 100000 500000] [--keep FOLDER]`

Texts are put together from those of DATA. Printed for each size:

- documents a second that `forum search rebuild` makes on all cores, and the most memory of each of
  its processes;
- on-CPU milliseconds of a whole search request (parsing, permissions, facets, twenty highlighted
  hits, HTML), each query asked once, beside the bare reference page; and of asking what is similar
  while somebody writes: a title and ten to two hundred words;
- wall-clock milliseconds of the first search of a process, beside its second, and the memory of its
  own (anonymous pages) that searching adds to a process which has served other pages;
- milliseconds from the moment an idea is in the database until another process finds it, at twenty
  ideas a second, and what one commit takes.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from html import escape
from multiprocessing.connection import Connection
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any
from urllib.parse import urlencode

import numpy as np
from flask import Flask

from forum.core.richtext import Composed
from forum.core.richtext.mentions import Mentions
from forum.core.words import preload
from forum.search import indexer
from forum.search.engine.search import Search
from forum.search.engine.snapshot import View
from forum.search.follower import catch_up, run_follower
from forum.search.open_index import open_index_of
from forum.search.ranking import FORMULA
from tests.benchmarks.fill import PEOPLE, fill
from tests.benchmarks.forums import forum_in
from tests.benchmarks.pages import Caller, signed_in
from tests.benchmarks.reference import reference_app
from tests.benchmarks.search.corpus import Written, mixed, written
from tests.support import make
from tests.support.server import FORUM, environment, family

IDEAS_IN_DOCUMENTS = 0.75
"""Every third idea has a comment, which is a document of its own."""
QUERIES = 300
OTHER_PAGES = 2_000
"""Ideas that are looked at before anybody searches: what they fill is not the search's."""
A_SECOND, SECONDS = 20, 30
TICK = 0.005


class Real:
    """Titles and texts of people, each text half of one and half of another."""

    def __init__(self, data: Path) -> None:
        self._texts = written(data)

    def title(self, rng: random.Random, lang: str) -> str:
        """The title of a text."""
        return self._mixed(rng, lang).title or "?"

    def text(self, rng: random.Random, lang: str) -> Composed:
        """A text."""
        body = self._mixed(rng, lang).body
        return Composed(body, f"<p>{escape(body)}</p>", body, b"", "", "text", Mentions())

    def _mixed(self, rng: random.Random, lang: str) -> Written:
        return mixed(self._texts, lang, rng)


def build(folder: Path) -> None:
    """Run `forum search rebuild`, watching the memory of its processes."""
    began = time.perf_counter()
    process = Popen([*FORUM, "search", "rebuild"], env=environment(folder), stdout=PIPE, text=True)
    most: dict[int, int] = {}
    while process.poll() is None:
        for pid in family(process.pid):
            most[pid] = max(most.get(pid, 0), _peak(pid))
        time.sleep(0.2)  # memory is sampled, since nothing tells when it is highest
    took = time.perf_counter() - began
    assert process.stdout is not None
    said = process.stdout.read()
    if process.wait():
        raise SystemExit("The index could not be built")
    documents = int(said.split()[0])
    sizes = ", ".join(f"{size // 1024} MB" for size in sorted(most.values(), reverse=True))
    print(f"{documents} built in {took:.1f} s: {documents / took:,.0f} a second; at most {sizes}")


def _peak(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/status").read_text().split("VmHWM:")[1].split()[0])
    except (FileNotFoundError, ProcessLookupError, IndexError):
        return 0


def asked_of(data: Path, count: int) -> list[str]:
    """Addresses of searches for one to four words that stand in a row in some text."""
    chance = random.Random(11)  # noqa: S311
    texts, found = written(data), []
    while len(found) < count:
        words = chance.choice(texts[chance.choice(("ru", "en"))]).body.split()
        at = chance.randrange(len(words))
        text = " ".join(words[at : at + chance.randint(1, 4)])
        found.append("/search?" + urlencode({"q": text}))
    return found


def while_writing(data: Path, count: int) -> list[str]:
    """What the posting form asks for beside titles of people and the beginnings of their texts."""
    chance = random.Random(12)  # noqa: S311
    texts, found = written(data), []
    while len(found) < count:
        text = chance.choice(texts[chance.choice(("ru", "en"))])
        body = " ".join(text.body.split()[: chance.randint(10, 200)])
        found.append("/search/similar?" + urlencode({"title": text.title, "body": body}))
    return found


def requests(app: Flask, folder: Path, what: str, asked: Sequence[str]) -> None:
    """The CPU time of whole requests."""
    reader = signed_in(app, 50)
    size = 0
    for address in asked[:20]:
        size = max(size, reader.call(address)[1])
    bare = Caller(reference_app(str(folder / f"ref-{time.monotonic_ns()}.db"), size))
    own, reference = [], []
    for address in asked:
        own.append(_cpu(lambda address=address: _fine(reader.call(address))))
        reference.append(_cpu(lambda: bare.call("/")))
    print(
        "{}, ms CPU: p50 {:.1f}, p95 {:.1f}, max {:.1f};".format(
            what, *np.percentile(own, (50, 95, 100))
        ),
        f"reference {np.median(reference):.1f}, x {np.median(own) / np.median(reference):.2f}",
    )


def _fine(answer: tuple[str, int]) -> None:
    if not answer[0].startswith("200"):
        raise SystemExit(f"A search was answered with {answer[0]}")


def _cpu(action: Callable[[], Any]) -> float:
    began = time.process_time()
    action()
    return 1000 * (time.process_time() - began)


def anonymous() -> float:
    """Megabytes of a process that are its own: neither files nor shared."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("Anonymous:"))) / 1024


def first_search(folder: Path, ideas: int, asked: Sequence[str]) -> None:
    """In a fresh process: pages of other ideas, as many as the database keeps at hand, then the
    first searches."""
    app = forum_in(folder)
    reader = signed_in(app, 50)
    preload()  # as `forum serve` does before it starts the workers, which share it
    chance = random.Random(5)
    for _page in range(OTHER_PAGES):
        for path in ("/", "/ideas", f"/ideas/{chance.randrange(1, ideas)}"):
            reader.call(path)
    before, took = anonymous(), []
    for address in asked:
        began = time.perf_counter()
        _fine(reader.call(address))
        took.append(1000 * (time.perf_counter() - began))
    print(
        f"first search {took[0]:.0f} ms, second {took[1]:.0f} ms, median {np.median(took):.0f} ms;"
        f" {anonymous() - before:.1f} MB of its own after {len(asked)} searches",
        flush=True,
    )


def follow(folder: Path, ready: Connection) -> None:
    """A process that keeps the index up until it is told to end."""
    app, stop = forum_in(folder), threading.Event()
    catch_up(app)
    took: list[float] = []
    committed = indexer.write

    def timed(*given: Any) -> None:
        began = time.perf_counter()
        committed(*given)
        took.append(1000 * (time.perf_counter() - began))

    indexer.write = timed
    thread = threading.Thread(target=run_follower, args=(app, stop))
    thread.start()
    ready.send(True)
    ready.recv()
    stop.set()
    thread.join()
    ready.send(took)


def read(folder: Path, words: Sequence[str], seen: Connection) -> None:
    """A process that asks for the words in turn; sends when each was found first."""
    app, found = forum_in(folder), []
    with app.app_context():
        index = open_index_of(app)
        index.snapshot()
        seen.send(True)
        for word in words:
            while not _is_found(index, word):
                time.sleep(TICK)  # a reader that asks again and again is what is measured
            found.append(time.time())
    seen.send(found)


def _is_found(index: Any, word: str) -> bool:
    snapshot = index.snapshot()
    return Search(View(snapshot, FORMULA)).frequency("exact", word) > 0


def freshness(folder: Path) -> None:
    """Post ideas at a steady rate, in this process, while one follows and one reads."""
    app = forum_in(folder)
    words = [f"fresh{time.monotonic_ns()}x{number}" for number in range(A_SECOND * SECONDS)]
    start = multiprocessing.get_context("spawn")
    follower_end, follower = start.Pipe()
    reader_end, reader = start.Pipe()
    processes = [
        start.Process(target=follow, args=(folder, follower)),
        start.Process(target=read, args=(folder, words, reader)),
    ]
    for process in processes:
        process.start()
    follower_end.recv(), reader_end.recv()
    written_at, began = [], time.perf_counter()
    for number, word in enumerate(words):
        due = began + number / A_SECOND
        time.sleep(max(0.0, due - time.perf_counter()))  # ideas come at a steady rate
        make.idea(app, 1 + number % PEOPLE, title=f"Something {word}", problem="It is new.")
        written_at.append(time.time())
    late = time.perf_counter() - began - SECONDS
    waits = 1000 * (np.array(reader_end.recv()) - np.array(written_at))
    follower_end.send(True)
    commits = follower_end.recv()
    for process in processes:
        process.join()
    print(
        "found after, ms: p50 {:.0f}, p95 {:.0f}, max {:.0f};".format(
            *np.percentile(waits, (50, 95, 100))
        ),
        "commits, ms: p50 {:.1f}, p95 {:.1f};".format(*np.percentile(commits, (50, 95))),
        f"{len(words)} ideas in {SECONDS + late:.0f} s",
    )


def main() -> None:
    """Each size in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--documents", type=int, nargs="+", default=[100_000])
    parser.add_argument("--keep", type=Path, help="folder to keep the filled forums in")
    given = parser.parse_args()
    for count in given.documents:
        with tempfile.TemporaryDirectory() as temporary:
            _measure((given.keep or Path(temporary)) / str(count), count, given.data)


def _measure(folder: Path, count: int, data: Path) -> None:
    print(f"\n{count:,} documents".replace(",", " "), flush=True)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    app, ideas = forum_in(folder), int(count * IDEAS_IN_DOCUMENTS)
    if not (folder / "forum.sqlite3").exists():
        fill(app, ideas, prose=Real(data))
    build(folder)
    asked = asked_of(data, QUERIES)
    alone = multiprocessing.get_context("spawn").Process(
        target=first_search, args=(folder, ideas, asked)
    )
    alone.start()
    alone.join()
    requests(app, folder, "request", asked)
    requests(app, folder, "similar while writing", while_writing(data, QUERIES))
    sys.stdout.flush()
    freshness(folder)


if __name__ == "__main__":
    main()
