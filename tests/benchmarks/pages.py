"""What pages cost: on-CPU milliseconds a request, queries and bytes, signed in, against a bare
Flask + SQLAlchemy page of twenty joined rows at the same size, measured in turns in one process.

`python -m tests.benchmarks.pages [--ideas 10000 100000 1000000]`
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from werkzeug.test import EnvironBuilder

from forum.accounts import sessions
from forum.accounts.models import Person
from forum.core.db import db, transaction
from tests.benchmarks.fill import fill
from tests.benchmarks.reference import reference_app
from tests.support.queries import listening

ROUNDS, REQUESTS = 7, 20


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
    """The best of several rounds, in on-CPU milliseconds a call."""
    action()
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(REQUESTS):
            action()
        times.append((time.process_time() - start) * 1000 / REQUESTS)
    return statistics.median(times)


def measure(app: Flask, folder: Path, ideas: int) -> None:
    """Print a line a page."""
    reader = signed_in(app, 50)
    pages: dict[str, tuple[str, dict[str, str] | None]] = {
        "home": ("/", None),
        "ideas": ("/ideas", None),
        "ideas, supported": ("/ideas?sort=supported", None),
        "ideas, open": ("/ideas?stage=open&sort=balanced", None),
        "idea, 20 comments": ("/ideas/50", None),
        "search": ("/search?q=invoice", None),
        "vote": (f"/ideas/{_votable(app)}/vote", {"csrf_token": "t"}),
        "comment": ("/ideas/51/comments", {"csrf_token": "t", "body": "I have seen this too."}),
    }
    print(f"\n{ideas:,} ideas".replace(",", " "))
    print(f"{'page':20} {'ms CPU':>8} {'p95 ms':>8} {'queries':>8} {'bytes':>8} {'× ref':>7}")
    for name, (path, fields) in pages.items():
        with listening(app) as seen:
            status, size = reader.call(path, fields)
        queries = len(seen)
        own = cpu_ms(lambda path=path, fields=fields: reader.call(path, fields))
        bare = Caller(reference_app(str(folder / f"ref-{time.monotonic_ns()}.db"), size))
        ratio = own / cpu_ms(lambda bare=bare: bare.call("/"))
        p95 = wall_p95(lambda path=path, fields=fields: reader.call(path, fields))
        print(
            f"{name:20} {own:8.2f} {p95:8.2f} {queries:8} {size:8} {ratio:7.2f}"
            + ("" if status.startswith(("200", "303")) else f"  {status}")
        )


def wall_p95(action: Callable[[], Any]) -> float:
    """The 95th percentile of sixty calls, in wall-clock milliseconds."""
    times = []
    for _ in range(60):
        start = time.perf_counter()
        action()
        times.append((time.perf_counter() - start) * 1000)
    return sorted(times)[int(len(times) * 0.95)]


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
    given = parser.parse_args()
    for ideas in given.ideas:
        with tempfile.TemporaryDirectory() as temporary:
            folder = (given.keep or Path(temporary)) / str(ideas)
            new = not (folder / "forum.sqlite3").exists()
            app = create_app({"DATA_DIR": folder, "RATE_LIMITS": False, "PUBLIC_URL": None})
            if new:
                fill(app, ideas)
            measure(app, Path(temporary), ideas)


if __name__ == "__main__":
    main()
