"""What a standard costs that many people confirm: a small one beside one of 200 clauses, 100
versions and 5,000 people, page by page; then the report for 50,000 people as a file.

`python -m tests.benchmarks.confirming [--people 50000] [--versions 100]`

A page is on-CPU milliseconds beside the bare reference page at the same size, in turns in one
process, with its queries and bytes; the file is the time to its first part and to its end, its
queries, and the most memory that its rows take.
"""

from __future__ import annotations

import argparse
import time
import tracemalloc
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import insert, select
from werkzeug.test import EnvironBuilder

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.schema import migrate
from forum.departments.models import Department, Membership
from forum.standards import actions, drafts
from forum.standards.models import Acknowledgement, Standard, Version
from tests.benchmarks.forums import new_forum
from tests.benchmarks.pages import Caller, side_by_side, signed_in
from tests.benchmarks.reference import reference_app
from tests.support.queries import listening

SMALL, LARGE = 1, 2
"""Departments: one of fifty people, one of five thousand; all others are in more of these."""
FEW, MANY = 50, 5_000
ADMIN, READER = 1, 2
"""People: who writes, and somebody of the small department and one of the large."""


def fill(app: Flask, people: int) -> None:
    """Departments and people, and nothing else."""
    at = now() - timedelta(days=400)
    places = [SMALL] * FEW + [LARGE] * MANY
    places += [LARGE + 1 + n // MANY for n in range(people - len(places))]
    with app.app_context():
        migrate()
        with transaction():
            _bulk(Department, [_department(n, at) for n in range(1, max(places) + 1)])
            _bulk(Person, [_person(n, place, at) for n, place in enumerate(places, 1)])
            _bulk(
                Membership,
                [
                    {"person_id": n, "department_id": place, "since": at}
                    for n, place in enumerate(places, 1)
                ],
            )


def _department(n: int, at: Any) -> dict[str, Any]:
    named = {"name": f"Department {n}", "slug": f"department-{n}", "code": f"D{n}"}
    return {"id": n, **named, "hue": n % 12, "description": "", "created_at": at}


def _person(n: int, place: int, at: Any) -> dict[str, Any]:
    return {
        "id": n,
        "name": f"Person {n:05}",
        "email": f"person{n}@example.org",
        "role": "admin" if n == ADMIN else "employee",
        "kind": "staff",
        "department_id": place,
        "signed_in_at": at,
        "created_at": at,
        "job_title": "",
        "theme": "auto",
        "shortcuts": True,
        "epoch": 1,
        "unread": 0,
    }


def _bulk(model: Any, rows: list[dict[str, Any]]) -> None:
    db.session.connection().execute(insert(model.__table__), rows)


def written(app: Flask, clauses: int, versions: int, departments: list[int]) -> str:
    """A standard in force with so many clauses and versions; its number."""
    with app.app_context():
        admin = db.session.get_one(Person, ADMIN)
        for number in range(versions):
            parts = [f"## Clause {n}\n\nWhat version {number} says." for n in range(clauses)]
            wording = {"title": "Serving each other", "body": "\n\n".join(parts)}
            if number == 0:
                found = drafts.word(of=None, **wording, departments=departments)  # type: ignore[arg-type]
                standard = drafts.begin(admin, found)
            else:
                found = drafts.word(of=standard, **wording, departments=departments)  # type: ignore[arg-type]
                drafts.save_draft(admin, standard, found, seen=standard.lock)
            actions.publish(admin, standard)
            if number + 2 == versions:
                _confirmed(standard, every=1)
        _confirmed(standard, every=2)
        return standard.number


def _confirmed(standard: Standard, *, every: int) -> None:
    """Let everybody confirm the version in force, or each second of them."""
    query = select(Version.id).where(
        Version.standard_id == standard.id, Version.number == standard.in_force
    )
    version = db.session.scalars(query).one()
    people = db.session.scalars(select(Person.id).where(Person.id % every == every - 1))
    rows = [{"version_id": version, "person_id": each, "at": now()} for each in people]
    with transaction():
        _bulk(Acknowledgement, [{**row, "way": "page"} for row in rows])


def pages(app: Flask, folder: Path, standards: dict[str, tuple[str, int]]) -> None:
    """Print a line for each page of each standard."""
    print(
        f"{'page':26} {'ms CPU':>8} {'queries':>8} {'bytes':>8} {'ref ms':>8} {'× ref':>7}",
        flush=True,
    )
    writer = signed_in(app, ADMIN)
    for name, (number, reader) in standards.items():
        address = f"/standards/{number}"
        for page, who, path in (
            ("page, asked again", signed_in(app, reader), address),
            ("pending", signed_in(app, reader), "/standards/pending"),
            ("page, confirmed", signed_in(app, reader + 1), address),
            ("report", writer, f"{address}/confirmations"),
            ("sheet", writer, f"{address}/confirmations/sheet"),
            ("edit", writer, f"{address}/edit"),
        ):
            _line(app, folder, f"{page}, {name}", who, path)


def _line(app: Flask, folder: Path, name: str, who: Caller, path: str) -> None:
    who.call(path)
    with listening(app) as seen:
        status, size = who.call(path)
    if not status.startswith("200"):
        raise SystemExit(f"{name} was answered with {status}")
    bare = Caller(reference_app(str(folder / f"ref-{time.monotonic_ns()}.db"), size))
    own, reference = side_by_side(lambda: who.call(path), lambda: bare.call("/"))
    print(
        f"{name:26} {own:8.2f} {len(seen):8} {size:8} {reference:8.2f} {own / reference:7.2f}",
        flush=True,
    )


def report(app: Flask, number: str) -> None:
    """Print what the report as a file takes."""
    writer, path = signed_in(app, ADMIN), f"/standards/{number}/confirmations.csv"
    with listening(app) as seen:
        first, whole, lines = _read(writer, path)
    tracemalloc.start()
    _read(writer, path)
    _left, most = tracemalloc.get_traced_memory()
    print(
        f"file of {lines} lines: first part {first * 1000:.0f} ms, whole {whole:.1f} s, "
        f"{len(seen)} queries, {most / 1e6:.1f} MB at most"
    )


def _read(who: Caller, path: str) -> tuple[float, float, int]:
    """Seconds until the first part and the last, and lines; parts are let go as they come."""
    began = time.perf_counter()
    environ = EnvironBuilder(path=path, headers={"Cookie": who.cookie}).get_environ()
    body = who.app.wsgi_app(environ, lambda _status, _headers, _error=None: None)
    first, lines = 0.0, 0
    for part in body:
        first = first or time.perf_counter() - began
        lines += part.count(b"\n")
    body.close()  # type: ignore[attr-defined]
    return first, time.perf_counter() - began, lines


def main() -> None:
    """Fill and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--versions", type=int, default=100)
    given = parser.parse_args()
    with new_forum() as (app, folder):
        fill(app, given.people)
        small = written(app, 3, 2, [SMALL])
        large = written(app, 200, given.versions, [LARGE])
        everybody = written(app, 3, 2, [])
        pages(app, folder, {"small": (small, READER), "large": (large, FEW + READER)})
        report(app, everybody)


if __name__ == "__main__":
    main()
