"""What the pages of promises and approvals cost, beside the bare reference page at the same size: a
standard of many promises that people marked, drafts that every department has to approve.

`python -m tests.benchmarks.promises [--promises 200] [--marks 20000] [--drafts 100]`
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import insert, select

from forum.accounts.models import Person
from forum.core.clock import now, today
from forum.core.db import db, transaction
from forum.standards import actions, drafts
from forum.standards.approvals import actions as approvals
from forum.standards.clauses.models import Clause
from forum.standards.kept import counting
from forum.standards.kept.models import PromiseMark
from forum.standards.kept.shown import since
from forum.standards.models import Standard
from tests.benchmarks.crowded import ANSWERS_FOR, MODERATOR, READER, Page, measure
from tests.benchmarks.fill import DEPARTMENTS, PEOPLE, fill
from tests.benchmarks.forums import new_forum

STEPS = 30
PROMISE = (
    "### Promise {0}\n\n| Who | What | When | To whom |\n|---|---|---|---|\n"
    "| Department {1} | answers | within a day | Department {2} |\n\n"
)


def body(promises: int) -> str:
    """Steps that departments do in turn, and so many promises."""
    rows = "".join(f"| Department {n % 8 + 1} | does part {n} |\n" for n in range(STEPS))
    steps = f"## Steps\n\n| Who | What |\n|---|---|\n{rows}\n"
    made = (PROMISE.format(n, n % DEPARTMENTS + 1, ANSWERS_FOR) for n in range(promises))
    return steps + "## Promises\n\nWhat we owe each other.\n\n" + "".join(made)


def marked(standard_id: int, many: int) -> Iterator[dict[str, Any]]:
    """Marks of many people on many days."""
    clauses = list(db.session.scalars(select(Clause.id).where(Clause.standard_id == standard_id)))
    for n in range(many):
        round_number, person = divmod(n, PEOPLE)
        yield {
            "standard_id": standard_id,
            "clause_id": clauses[n % len(clauses)],
            "person_id": person + 1,
            "department_id": person % DEPARTMENTS + 1,
            "side": "provider" if n % 2 else "customer",
            "kept": n % 7 > 0,
            "on_day": today() - timedelta(days=round_number * 5 + 1),
            "at": now() - timedelta(days=round_number * 5 + 1),
        }


def written(title: str, text: str) -> Standard:
    """A draft for all departments."""
    moderator = db.session.get_one(Person, MODERATOR)
    everybody = range(1, DEPARTMENTS + 1)
    return drafts.begin(
        moderator, drafts.word(of=None, title=title, body=text, departments=everybody)
    )


def filled(app: Flask, promises: int, marks: int, waiting: int) -> list[Page]:
    """A standard of promises in force, and so many drafts that wait for approval."""
    fill(app, 500)
    with app.app_context():
        moderator = db.session.get_one(Person, MODERATOR)
        large = written("Large", body(promises))
        actions.publish(moderator, large)
        with transaction():
            rows = list(marked(large.id, marks))
            db.session.execute(insert(PromiseMark), rows)
            counting.note(large.id, [row["clause_id"] for row in rows])
        counting.sweep(since())
        for n in range(waiting):
            draft = written(f"Draft {n}", body(3))
            approvals.send(moderator, draft, seen=draft.lock)
        kept, asked = f"/standards/{large.number}", f"/standards/{draft.number}/versions/1"
    return [
        Page("many promises", READER, [kept]),
        Page("many, moderator", MODERATOR, [kept]),
        Page("kept", READER, [f"{kept}/kept"]),
        Page("kept, moderator", MODERATOR, [f"{kept}/kept"]),
        Page("in approval, asked", READER, [asked]),
        Page("in approval, moderator", MODERATOR, [asked]),
        Page("what waits", READER, ["/approvals"]),
    ]


def main() -> None:
    """Fill and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--promises", type=int, default=200)
    parser.add_argument("--marks", type=int, default=20_000)
    parser.add_argument("--drafts", type=int, default=100)
    given = parser.parse_args()
    with new_forum() as (app, folder):
        measure(app, folder, filled(app, given.promises, given.marks, given.drafts))


if __name__ == "__main__":
    main()
