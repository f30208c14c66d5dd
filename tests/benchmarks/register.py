"""What the register and the lists of many standards cost: on-CPU milliseconds a request beside the
bare reference page at the same size; queries, rows, bytes.

`python -m tests.benchmarks.register [--standards 5000]`

Then the seconds of what happens behind: looking for evidence about all of them, and reminding.
"""

from __future__ import annotations

import argparse
import time

from flask import Flask

from forum.core.clock import today
from forum.core.paging import encode_cursor
from forum.standards.review import clock, opening
from tests.benchmarks.crowded import MODERATOR, READER, Page, measure
from tests.benchmarks.fill import fill
from tests.benchmarks.forums import new_forum
from tests.support import shelves


def filled(app: Flask, count: int) -> list[Page]:
    """A company with so many standards."""
    fill(app, 500)
    numbers = shelves.standards(app, count)
    middle = encode_cursor((count // 2,))
    return [
        Page("register", READER, ["/standards/register"]),
        Page("register, half way", READER, [f"/standards/register?after={middle}"]),
        Page("register, category", READER, ["/standards/register?category=3"]),
        Page("register, as a file", READER, ["/standards/register.csv"]),
        Page("standards", READER, ["/standards"]),
        Page("one standard", READER, [f"/standards/{numbers[7]}"]),
        Page("reviews due", MODERATOR, ["/standards/curating"]),
        Page("broken links", MODERATOR, ["/standards/curating/links"]),
        Page("review dates", MODERATOR, ["/standards/curating/dates?months=12&which=all"]),
        Page("one review", MODERATOR, [f"/standards/{numbers[7]}/review"]),
    ]


def behind(app: Flask) -> None:
    """The sweeps of a day."""
    with app.app_context():
        begun = time.process_time()
        while opening.look(today()):
            pass
        print(f"evidence about all: {time.process_time() - begun:.2f} s CPU")
        begun = time.process_time()
        sent = clock.remind(today())
        print(f"{sent} reminders: {time.process_time() - begun:.2f} s CPU")


def main() -> None:
    """Fill and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--standards", type=int, default=5_000)
    given = parser.parse_args()
    with new_forum() as (app, folder):
        measure(app, folder, filled(app, given.standards))
        behind(app)


if __name__ == "__main__":
    main()
