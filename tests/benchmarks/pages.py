"""What pages cost: on-CPU milliseconds a request, queries and bytes, signed in, against a bare
Flask + SQLAlchemy page of twenty joined rows at the same size, measured in turns in one process;
then requests a second and latencies over HTTP, both behind the same server with two workers.

`python -m tests.benchmarks.pages [--ideas 10000 100000 1000000] [--no-server]`
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from werkzeug.test import EnvironBuilder

from forum.accounts import sessions
from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.search.follower import catch_up
from tests.benchmarks.fill import fill
from tests.benchmarks.http_rates import http_rates
from tests.benchmarks.reference import reference_app
from tests.support.queries import listening

ROUNDS, REQUESTS = 9, 20
INDEXED = 100_000
"""Ideas up to which search is measured with its index; beyond, it says that it is being made."""
CALLS = 100
"""Single calls whose wall-clock times make the percentiles."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one page costs: CPU in ms, wall-clock percentiles in ms, statements, bytes."""

    cpu: float
    reference: float
    p50: float
    p95: float
    queries: int
    size: int
    status: str

    @property
    def ratio(self) -> float:
        """As a multiple of the reference at its size."""
        return self.cpu / self.reference


class Caller:
    """Calls a WSGI application as one signed-in person, without a client's overhead."""

    def __init__(self, app: Flask, cookie: str = "") -> None:
        self.app, self.cookie = app, cookie

    def call(self, path: str, fields: dict[str, str] | None = None) -> tuple[str, int]:
        """One request: (status line, bytes of its body)."""
        route, _, query = path.partition("?")
        headers = {"Cookie": self.cookie} if self.cookie else {}
        builder = EnvironBuilder(
            path=route,
            query_string=query,
            method="POST" if fields is not None else "GET",
            data=urlencode(fields) if fields is not None else None,
            content_type="application/x-www-form-urlencoded" if fields is not None else None,
            headers={**headers, "Accept": "text/html"},
        )
        seen: list[str] = []
        environ = builder.get_environ()
        body = self.app.wsgi_app(environ, lambda status, _headers, _e=None: seen.append(status))
        size = sum(len(part) for part in body)
        if hasattr(body, "close"):
            body.close()
        return seen[0], size


def signed_in(app: Flask, person_id: int) -> Caller:
    """A caller with a session of that person and the token `t`."""
    with app.app_context():
        with transaction():
            person = db.session.get_one(Person, person_id)
            user = sessions.begin(person, user_agent="bench", shared=False)
        content = {"_user_id": user.id, "_fresh": True, "csrf": "t"}
        serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        return Caller(app, "forum=" + serializer.dumps(content))


def cpu_ms(action: Callable[[], Any]) -> float:
    """On-CPU milliseconds a call, over one round."""
    start = time.process_time()
    for _ in range(REQUESTS):
        action()
    return (time.process_time() - start) * 1000 / REQUESTS


def side_by_side(one: Callable[[], Any], other: Callable[[], Any]) -> tuple[float, float]:
    """Median on-CPU milliseconds of each; rounds take turns, so that a busy machine slows both."""
    one(), other()
    rounds = [(cpu_ms(one), cpu_ms(other)) for _ in range(ROUNDS)]
    return statistics.median(r[0] for r in rounds), statistics.median(r[1] for r in rounds)


def wall_ms(action: Callable[[], Any]) -> tuple[float, float]:
    """The median and the 95th percentile of single calls, in wall-clock milliseconds."""
    times = []
    for _ in range(CALLS):
        start = time.perf_counter()
        action()
        times.append((time.perf_counter() - start) * 1000)
    times.sort()
    return times[CALLS // 2], times[int(CALLS * 0.95)]


Page = tuple[str, dict[str, str] | None]


def pages_of(app: Flask) -> dict[str, Page]:
    """Each page's name, its address and what is sent there."""
    return {
        "home": ("/", None),
        "ideas": ("/ideas", None),
        "ideas, supported": ("/ideas?sort=supported", None),
        "ideas, open": ("/ideas?stage=open&sort=balanced", None),
        "idea, 20 comments": ("/ideas/50", None),
        "search": ("/search?q=invoice", None),
        "vote": (f"/ideas/{_votable(app)}/vote", {"csrf_token": "t"}),
        "comment": ("/ideas/51/comments", {"csrf_token": "t", "body": "I have seen this too."}),
    }


def measure(app: Flask, folder: Path, ideas: int) -> dict[str, Cost]:
    """Print a line a page; what each costs."""
    reader = signed_in(app, 50)
    print(f"\n{ideas:,} ideas".replace(",", " "))
    print(
        f"{'page':20} {'ms CPU':>8} {'p50 ms':>8} {'p95 ms':>8} {'queries':>8} {'bytes':>8}"
        f" {'ref ms':>8} {'× ref':>7}"
    )
    costs = {}
    for name, (path, fields) in pages_of(app).items():
        cost = costs[name] = cost_of(app, reader, folder, path, fields)
        print(
            f"{name:20} {cost.cpu:8.2f} {cost.p50:8.2f} {cost.p95:8.2f} {cost.queries:8}"
            f" {cost.size:8} {cost.reference:8.2f} {cost.ratio:7.2f}"
            + ("" if cost.status.startswith(("200", "303")) else f"  {cost.status}"),
            flush=True,
        )
    return costs


def cost_of(
    app: Flask, reader: Caller, folder: Path, path: str, fields: dict[str, str] | None
) -> Cost:
    """One page beside the reference at its size."""
    with listening(app) as seen:
        status, size = reader.call(path, fields)
    bare = Caller(reference_app(str(folder / f"ref-{time.monotonic_ns()}.db"), size))
    own, reference = side_by_side(lambda: reader.call(path, fields), lambda: bare.call("/"))
    p50, p95 = wall_ms(lambda: reader.call(path, fields))
    return Cost(own, reference, p50, p95, len(seen), size, status)


def growth(small: dict[str, Cost], large: dict[str, Cost]) -> None:
    """Print what each page costs in the larger forum, as a multiple of the smaller; each beside
    the reference of its own rounds, since the machine may have been faster in one of them."""
    print("\nlarger against smaller, by the reference of each")
    for name, cost in large.items():
        print(f"{name:20} {cost.ratio / small[name].ratio:7.2f} ×")


def _index(app: Flask) -> None:
    began = time.perf_counter()
    handled = catch_up(app)
    if handled:
        print(f"indexed in {time.perf_counter() - began:.0f} s", file=sys.stderr)


def _votable(app: Flask) -> int:
    from sqlalchemy import select

    from forum.ideas.models import Idea

    with app.app_context():
        found = select(Idea.id).where(Idea.stage_kind == "open").order_by(Idea.id.desc()).limit(1)
        return db.session.scalars(found).one()


def main() -> None:
    """Fill and measure each size in turn."""
    from forum.app import create_app

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ideas", type=int, nargs="+", default=[10_000])
    parser.add_argument("--keep", type=Path, help="folder to keep the filled forums in")
    parser.add_argument("--no-server", action="store_true", help="leave HTTP out")
    given = parser.parse_args()
    first: dict[str, Cost] = {}
    for ideas in given.ideas:
        with tempfile.TemporaryDirectory() as temporary:
            folder = (given.keep or Path(temporary)) / str(ideas)
            new = not (folder / "forum.sqlite3").exists()
            app = create_app({"DATA_DIR": folder, "RATE_LIMITS": False, "PUBLIC_URL": None})
            if new:
                fill(app, ideas)
            if ideas <= INDEXED:
                _index(app)
            costs = measure(app, Path(temporary), ideas)
            if first:
                growth(first, costs)
            first = first or costs
            if not given.no_server:
                http_rates(app, folder, Path(temporary), pages_of(app))


if __name__ == "__main__":
    main()
