"""What the page of a large standard costs: 200 clauses, 100 versions, 5,000 people who read it,
beside a small one and the bare reference page at the same size.

`python -m tests.benchmarks.standards [--clauses 200] [--versions 100] [--people 5000]`
"""

from __future__ import annotations

import argparse

from flask import Flask
from sqlalchemy import insert, select

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.standards import actions, drafts
from forum.standards.models import Acknowledgement, Version
from tests.benchmarks.crowded import MODERATOR, READER, Page, measure
from tests.benchmarks.fill import fill
from tests.benchmarks.forums import new_forum

CLAUSE = (
    "## Clause {0}\n\nFinance pays on Fridays, the warehouse counts before noon. {1}\n\n"
    "1. The warehouse counts.\n2. Finance pays.\n\n"
    "| Who | Promises |\n|---|---|\n| IT | answers within a day |\n\n"
)
WORDS = "Whoever needs it earlier writes to the head of the department and says why. " * 7


def body(clauses: int, version: int) -> str:
    """A text of so many clauses, of which one is new in each version."""
    return "".join(CLAUSE.format(n, WORDS + str(version * (n == 1))) for n in range(clauses))


def written(app: Flask, title: str, clauses: int, versions: int) -> str:
    """A standard that was put in force so often; its number."""
    with app.app_context():
        moderator = db.session.get_one(Person, MODERATOR)
        standard = None
        for version in range(versions):
            text = body(clauses, version)
            wording = drafts.word(of=standard, title=title, body=text, change=f"Change {version}")
            if standard is None:
                standard = drafts.begin(moderator, wording)
            else:
                drafts.save_draft(moderator, standard, wording, seen=standard.lock)
            actions.publish(moderator, standard)
        return standard.number if standard is not None else ""


def filled(app: Flask, clauses: int, versions: int, people: int) -> list[Page]:
    """A small standard and a large one that everybody has read."""
    fill(app, 1_000)
    small, large = written(app, "Small", 5, 1), written(app, "Large", clauses, versions)
    with app.app_context(), transaction():
        newest = select(Version.id).order_by(Version.id.desc()).limit(1)
        version_id = db.session.scalar(newest)
        ids = list(db.session.scalars(select(Person.id).limit(people)))
        rows = [{"version_id": version_id, "person_id": one, "at": now()} for one in ids]
        db.session.execute(insert(Acknowledgement), rows)
    return [
        Page("small", READER, [f"/standards/{small}"]),
        Page("large", READER, [f"/standards/{large}"]),
        Page("large, moderator", MODERATOR, [f"/standards/{large}"]),
        Page("large, edit", MODERATOR, [f"/standards/{large}/edit"]),
        Page("large, compare", READER, [f"/standards/{large}/compare"]),
        Page("all versions", READER, [f"/standards/{large}/versions"]),
    ]


def main() -> None:
    """Fill and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clauses", type=int, default=200)
    parser.add_argument("--versions", type=int, default=100)
    parser.add_argument("--people", type=int, default=5_000)
    given = parser.parse_args()
    with new_forum() as (app, folder):
        measure(app, folder, filled(app, given.clauses, given.versions, given.people))


if __name__ == "__main__":
    main()
