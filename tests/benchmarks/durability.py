"""What the index survives: kills under load, damage to its files, ten thousand commits.

`python -m tests.benchmarks.durability [--kills 50] [--damages 100] [--commits 10000] [--database
URL]`.

- Kills: a process that follows the log is killed at a random moment, again and again, while people
  write and search. No search may fail, nothing may be lost.
- Damages: a random file of an index is cut, removed, overwritten or said to be of another schema or
  another log. Searches are answered all the time, and after it the index agrees with the database.
- Commits: one document each, read by the process after every one. Neither handles nor memory grow.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from flask import Flask

from forum.core import epoch
from forum.search import indexer, shelf
from forum.search.documents import Document
from forum.search.engine.search import Search
from forum.search.engine.snapshot import View
from forum.search.follower import Follower, catch_up, shelf_of
from forum.search.open_index import OpenIndex, open_index_of
from forum.search.ranking import FORMULA
from forum.search.shelf import Position, Shelf
from tests.benchmarks.searching import anonymous
from tests.search.test_following import differing
from tests.search.test_kills import killed_again_and_again
from tests.support import make
from tests.support.browser import Browser
from tests.support.server import close, fresh

SEED = 3
LAMPS = 20


def reader_of(app: Flask) -> Browser:
    """Somebody at a browser."""
    browser = Browser(app)
    browser.enter_as(make.person(app))
    return browser


def agreed(app: Flask, browser: Browser, lamps: int, follower: Follower | None = None) -> None:
    """Let the index catch up; it has all the lamps and agrees with the database."""
    if follower is None:
        catch_up(app)
    else:
        while follower.tick() or _is_condemned(app):
            pass
    open_index_of(app).look_again()
    found = browser.json("/search?q=lamp+kind:idea")["total"]
    trouble = differing(app)
    if found != lamps or trouble:
        sys.exit(f"{found} of {lamps} found; {trouble[:5]}")


def _is_condemned(app: Flask) -> bool:
    build = shelf_of(app).current()
    return build is None or shelf.position(build) is None


def kills(app: Flask, times: int) -> None:
    """Kill whoever writes the index, again and again."""
    browser = reader_of(app)
    catch_up(app)
    began = time.perf_counter()
    written, failed = killed_again_and_again(app, browser, times, seed=SEED)
    agreed(app, browser, written)
    took = time.perf_counter() - began
    print(
        f"{times} kills in {took:.0f} s: {written} ideas, {3 * written} searches, {failed} failed"
    )


def cut(path: Path, chance: random.Random) -> None:
    """Lose the end of a file."""
    size = path.stat().st_size
    os.truncate(path, chance.randrange(size) if size else 0)


def scramble(path: Path, chance: random.Random) -> None:
    """Overwrite a part of a file, in a new file: who has the old one open keeps it."""
    content = bytearray(path.read_bytes())
    at = chance.randrange(len(content) or 1)
    content[at : at + 200] = chance.randbytes(min(200, len(content) - at))
    path.unlink()
    path.write_bytes(content)


def remove(path: Path, _chance: random.Random) -> None:
    """Lose a file."""
    path.unlink()


def damages(app: Flask, times: int) -> None:
    """Damage one file after another."""
    chance, browser = random.Random(SEED), reader_of(app)  # noqa: S311
    catch_up(app)
    lamps = LAMPS + browser.json("/search?q=lamp+kind:idea")["total"]
    for number in range(LAMPS):
        make.idea(app, title=f"Lamp number{number}")
        catch_up(app)
    ways: list[Callable[[Path, random.Random], None]] = [cut, scramble, remove]
    failed, follower = 0, Follower(app)
    for number in range(times):
        build = shelf_of(app).current()
        assert build is not None
        files = sorted(path for path in build.iterdir() if path.is_file())
        if number % 10 == 9:
            with app.app_context():
                epoch.renew()
        else:
            ways[number % 3](chance.choice(files), chance)
        if number % 2:
            open_index_of(app).forget()
        open_index_of(app).look_again()
        for _time in range(2):
            failed += browser.get("/search?q=lamp").status_code != 200
        agreed(app, browser, lamps, follower)
    print(f"{times} damages: {failed} of {2 * times} searches failed, the index always came back")


def commits(folder: Path, times: int) -> None:
    """One-document commits, each read at once by this process."""
    target = Shelf(folder / "many")
    target.switch(target.new_build())
    build = target.current()
    assert build is not None
    held = OpenIndex(target)
    took, handles, memory, segments = [], [], [], 0
    for number in range(1, times + 1):
        lamp = Document(
            "idea", number, f"Lamp number{number}", "It is dark in the yard.", at=number
        )
        began = time.perf_counter()
        indexer.write(build, [("idea", number)], [lamp], Position("benchmark", number))
        took.append(1000 * (time.perf_counter() - began))
        held.look_again()
        snapshot = held.snapshot()
        assert snapshot is not None
        if Search(View(snapshot, FORMULA)).frequency("title", "lamp") != number:
            sys.exit(f"The reader does not see document {number}")
        handles.append(len(os.listdir("/proc/self/fd")))
        memory.append(anonymous())
        segments = max(segments, len(snapshot.segments))
    half = times // 2
    print(
        "{} commits, ms: p50 {:.1f}, p95 {:.1f}, max {:.0f};".format(
            times, *np.percentile(took, (50, 95, 100))
        ),
        f"at most {segments} segments; handles {max(handles[:half])} then {max(handles[half:])};"
        f" MB {max(memory[:half]):.0f} then {max(memory[half:]):.0f};"
        f" {sum(1 for _ in build.iterdir())} files",
    )
    assert shelf.position(build) == Position("benchmark", times)


def main() -> None:
    """One after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--damages", type=int, default=100)
    parser.add_argument("--commits", type=int, default=10_000)
    parser.add_argument("--database", help="of PostgreSQL, an empty one")
    given = parser.parse_args()
    for part, times in ((kills, given.kills), (damages, given.damages)):
        with tempfile.TemporaryDirectory() as temporary:
            app = fresh(Path(temporary), given.database)
            part(app, times)
            close(app)
    with tempfile.TemporaryDirectory() as temporary:
        commits(Path(temporary), given.commits)


if __name__ == "__main__":
    main()
