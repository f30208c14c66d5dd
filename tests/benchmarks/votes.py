"""How many votes a second go through the action with two processes on one SQLite file, none lost.

`python -m tests.benchmarks.votes [--votes 2000]`
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.ideas import votes
from forum.ideas.models import Idea, Vote
from tests.benchmarks.fill import fill

IDEAS = 200


def vote(folder: Path, first: int, count: int, began: Any, done: Any) -> None:
    """One process: a vote of each of `count` people on each idea in turn."""
    from forum.app import create_app

    app = create_app({"DATA_DIR": folder})
    with app.app_context():
        ids = db.session.scalars(select(Idea.id).where(Idea.stage_kind == "open")).all()
    began.wait()
    for number in range(count):
        with app.app_context():
            person = db.session.get_one(Person, first + number // len(ids))
            idea = db.session.get_one(Idea, ids[number % len(ids)])
            votes.cast_vote(person, idea)
    done.put(count)


def main() -> None:
    """Fill, vote from two processes, compare counters with rows."""
    from forum.app import create_app

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--votes", type=int, default=2_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        app = create_app({"DATA_DIR": folder})
        fill(app, IDEAS)
        with app.app_context():
            before = db.session.scalar(select(func.count()).select_from(Vote)) or 0
            db.session.remove()
            db.engine.dispose()
        spawn = multiprocessing.get_context("spawn")
        began, done = spawn.Barrier(3), spawn.Queue()
        half = given.votes // 2
        workers = [
            spawn.Process(target=vote, args=(folder, first, half, began, done))
            for first in (1, 1001)
        ]
        for worker in workers:
            worker.start()
        began.wait()
        start = time.perf_counter()
        for _worker in workers:
            done.get()
        seconds = time.perf_counter() - start
        for worker in workers:
            worker.join()
        _report(app, given.votes, before, seconds)


def _report(app: Any, sent: int, before: int, seconds: float) -> None:
    with app.app_context():
        rows = db.session.scalar(select(func.count()).select_from(Vote)) or 0
        counted = db.session.scalar(select(func.sum(Idea.vote_count))) or 0
    print(f"{sent} votes in {seconds:.1f} s: {sent / seconds:.0f} a second")
    print(f"rows {rows}, counters {counted}, new {rows - before}")


if __name__ == "__main__":
    main()
