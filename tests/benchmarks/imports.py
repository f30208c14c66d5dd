"""How many texts a second an import of ideas loads; a text is an idea or a comment.

`python -m tests.benchmarks.imports [--databases sqlite postgresql] FILE…` loads each file into a
forum of its own. CPU seconds are those of the importing process and of the ones that render for it;
their sum over two cores is what bounds the load, however busy this machine is with other things.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from forum.core.db import db
from forum.ideas.imports.loading import load_file
from tests.support import postgres
from tests.support.server import close, fresh

DATABASES = ("sqlite", "postgresql")
CORES = 2


class Cost(NamedTuple):
    """What one load took."""

    texts: int
    refused: int
    seconds: float
    writing: float
    rendering: float

    def line(self) -> str:
        """The figures."""
        processor = self.writing + self.rendering
        bound = max(self.writing, processor / CORES)
        return (
            f"{self.texts:8,} texts {self.refused:4,} refused {self.seconds:8.1f} s "
            f"{self.texts / self.seconds:8.0f}/s {processor:8.2f} CPU s "
            f"{self.texts / bound:8.0f}/s on {CORES} free cores"
        )


def measure(path: Path, database: str) -> Cost:
    """Load a file into a fresh forum."""
    with tempfile.TemporaryDirectory() as folder:
        app = fresh(Path(folder), None if database == "sqlite" else postgres.new_database())
        with app.app_context():
            began, own, theirs = time.perf_counter(), time.process_time(), _of_children()
            outcome = load_file(path, kind=None, dry_run=False, progress=lambda _lines: None)
            cost = Cost(
                outcome.texts,
                len(outcome.refused),
                time.perf_counter() - began,
                time.process_time() - own,
                _of_children() - theirs,
            )
            db.session.remove()
        close(app)
    return cost


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure every file on every database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--databases", nargs="+", default=DATABASES, choices=DATABASES)
    given = parser.parse_args()
    if "postgresql" in given.databases:
        postgres.cluster()  # its own seconds are nobody's
    os.environ["FORUM_LOG_LEVEL"] = "WARNING"
    for database in given.databases:
        for path in given.files:
            print(f"{database:10} {path.name:32} {measure(path, database).line()}", flush=True)


if __name__ == "__main__":
    main()
