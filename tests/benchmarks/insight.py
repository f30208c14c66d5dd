"""What insights cost with many ideas: on-CPU milliseconds a request beside the bare reference page
at the same size; queries, rows, bytes.

`python -m tests.benchmarks.insight [--ideas 20000]`

Then the seconds of the daily count, of one that changes nothing, and of comparing.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

from flask import Flask

from forum.core.calendar import company_day
from forum.core.db import transaction
from forum.core.site import save_settings
from forum.insights.figures import building
from tests.benchmarks.crowded import READER, Page, measure
from tests.benchmarks.fill import fill
from tests.benchmarks.forums import new_forum


def filled(app: Flask, count: int) -> list[Page]:
    """A company with so many ideas, counted."""
    fill(app, count)
    with app.app_context(), transaction():
        save_settings({"modules": ["insights"]})
    behind(app)
    with app.app_context():
        year = company_day().year
    return [
        Page("insights", READER, ["/insights"]),
        Page("insights, a year", READER, [f"/insights?period={year}"]),
        Page("rows behind", READER, [f"/insights/rows/ideas?period={year}"]),
        Page("a file", READER, [f"/insights/figures/ideas.csv?period={year}"]),
        Page("passport", READER, ["/departments/department-1/passport"]),
    ]


def behind(app: Flask) -> None:
    """What a day counts."""
    steps: tuple[tuple[str, Callable[[], object]], ...] = (
        ("first count", building.rebuild),
        ("next count", building.rebuild),
        ("comparing", lambda: list(building.differences())),
    )
    with app.app_context():
        for name, step in steps:
            begun = time.process_time()
            step()
            print(f"{name}: {time.process_time() - begun:.2f} s CPU")


def main() -> None:
    """Fill and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ideas", type=int, default=20_000)
    given = parser.parse_args()
    with new_forum() as (app, folder):
        measure(app, folder, filled(app, given.ideas))


if __name__ == "__main__":
    main()
