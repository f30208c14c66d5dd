"""Every hostile string of the corpora at every place and address, whatever it takes.

`python -m tests.benchmarks.hostile [--share K/N] [--every STEP] [--each-field] [--only TEXT]`
sends the whole product: the strings are dealt to a place's fields until it has had all of them, or
with `--each-field` until every field has. Prints how many were sent, how they were answered, the
slowest, and what was wrong; exit 1 when something was. Places that only read take ten strings to a
value. `--share 1/2` does every second place, for two processes side by side; `--only comments`
those with that in their address.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from flask import Flask
from tqdm import tqdm

from tests.hostile import strings
from tests.hostile.assault import Report, attack, attack_path
from tests.hostile.forum import Forum, rewound
from tests.hostile.places import ListeningRequest, Place, discover
from tests.support.forums import prepare

DATA = Path(os.environ.get("FORUM_TEST_DATA") or os.environ.get("DATA", "../shared/data"))
SHOWN = 40
TO_A_QUESTION = 10


def everything(data: Path) -> list[str]:
    """All strings of all collections, each once."""
    rows = [row for name in strings.COLLECTIONS for row in strings.every(data, name)]
    rows += strings.pathological(data, 19_000)
    return list(dict.fromkeys([*rows, *strings.ODD]))


def arguments_of(app: Flask) -> Iterator[tuple[str, str]]:
    """Every argument of every address that is read and takes a text."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            yield from (
                (rule.rule, name) for name in rule.arguments if f"int:{name}" not in rule.rule
            )


def assail(
    places: list[Place],
    fresh: Callable[..., Forum],
    values: list[str],
    report: Report,
    *,
    once: bool,
) -> None:
    """Send every value to every place."""
    for place in tqdm(places, unit="place", file=sys.stderr):
        if place.names:
            began = time.process_time()
            forum = fresh(indexed=place.rule.startswith("/search"))
            packed = place.method == "GET" and once
            sent = strings.together(values, TO_A_QUESTION) if packed else values
            attack(place, fresh, forum, sent, report, once=once)
            tqdm.write(f"{time.process_time() - began:7.1f} s  {place}", file=sys.stderr)


def main() -> None:
    """Find the places, send the strings, say what came back."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", default="1/1", help="K/N: every N-th place from the K-th")
    parser.add_argument("--every", type=int, default=1, help="only every STEP-th string")
    parser.add_argument("--each-field", action="store_true", help="every string in every field")
    parser.add_argument("--only", default="", help="only places and addresses with this in them")
    given = parser.parse_args()
    which, of = map(int, given.share.split("/"))
    report, began = Report(), time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        prepared = prepare("sqlite", Path(folder))
        app = prepared.app
        app.request_class = ListeningRequest
        fresh = rewound(prepared)
        places = [p for p in discover(app, fresh(indexed=True)) if given.only in p.rule]
        places = places[which - 1 :: of]
        values = everything(DATA)[:: given.every]
        assail(places, fresh, values, report, once=not given.each_field)
        paths = [value for value in values if len(value) < 2_000]
        forum = fresh(indexed=True)
        asked = [(rule, name) for rule, name in arguments_of(app) if given.only in rule]
        for rule, argument in asked[which - 1 :: of]:
            attack_path(rule, argument, forum, paths, report)
        prepared.close()
    spent = time.process_time() - began
    print(f"{len(values)} strings, {len(places)} places, {report.sent} requests, {spent:.0f} s CPU")
    print("answers", dict(sorted(report.statuses.items())))
    print(f"slowest {report.slowest[0]:.2f} s  {report.slowest[1]}")
    print(f"wrong {len(report.wrong)}")
    print("\n".join(report.wrong[:SHOWN]))
    sys.exit(1 if report.wrong else 0)


if __name__ == "__main__":
    main()
