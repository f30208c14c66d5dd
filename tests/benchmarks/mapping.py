"""What the map costs: 200 departments and 3,000 services, beside the bare reference page at the
same size.

`python -m tests.benchmarks.mapping [--departments 200] [--services 3000]`
"""

from __future__ import annotations

import argparse
import random

from flask import Flask
from sqlalchemy import insert

from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.departments.models import Department, Service, ServiceChange
from tests.benchmarks.crowded import READER, Page, measure
from tests.benchmarks.fill import fill
from tests.benchmarks.forums import new_forum

STATES = ("confirmed",) * 8 + ("proposed", "disputed")
TOPS = 20


def drawn(app: Flask, departments: int, services: int) -> list[Page]:
    """A tree with twenty departments at the top, and services between any two."""
    fill(app, 200)
    chance = random.Random(7)  # noqa: S311
    with app.app_context(), transaction():
        save_settings({"modules": ["map"]})
        tops = [_place(number) for number in range(TOPS)]
        db.session.add_all(tops)
        db.session.flush()
        below = [_place(n, chance.choice(tops).id) for n in range(TOPS, departments)]
        db.session.add_all(below)
        db.session.flush()
        ids = [place.id for place in (*tops, *below)]
        rows = [_service(chance, ids, number) for number in range(services)]
        db.session.execute(insert(Service), rows)
        moment = now()
        history = [
            {
                **{name: row[name] for name in ("provider_id", "customer_id", "name", "state")},
                "service_id": number,
                "what": "drawn",
                "at": moment,
            }
            for number, row in enumerate(rows, 1)
        ]
        db.session.execute(insert(ServiceChange), history)
    return [
        Page("map", READER, ["/map"]),
        Page("map on a day", READER, [f"/map?as-of={now().date()}"]),
        Page("branch", READER, ["/map?branch=place-1"]),
        Page("star", READER, ["/map/place-1"]),
        Page("list", READER, ["/map/services"]),
        Page("cell", READER, ["/map/services?provider=place-1&customer=place-2"]),
        Page("service", READER, ["/map/services/7"]),
    ]


def _place(number: int, parent_id: int | None = None) -> Department:
    return Department(
        name=f"Place {number:03}",
        slug=f"place-{number}",
        code=f"P{number}",
        hue=number % 12,
        parent_id=parent_id,
    )


def _service(chance: random.Random, ids: list[int], number: int) -> dict[str, object]:
    provider, customer = chance.sample(ids, 2)
    return {
        "provider_id": provider,
        "customer_id": customer,
        "name": f"Service {number}",
        "state": chance.choice(STATES),
    }


def main() -> None:
    """Fill and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--departments", type=int, default=200)
    parser.add_argument("--services", type=int, default=3_000)
    given = parser.parse_args()
    with new_forum() as (app, folder):
        measure(app, folder, drawn(app, given.departments, given.services))


if __name__ == "__main__":
    main()
