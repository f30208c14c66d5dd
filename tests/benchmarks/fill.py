"""Fill a forum with any number of ideas, fast: rows written in bulk, shaped like real use.

`python -m tests.benchmarks.fill FOLDER --ideas 100000`
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from flask import Flask
from sqlalchemy import Table, insert, select

from forum.accounts.models import Person
from forum.core import richtext
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.richtext import Composed
from forum.core.schema import migrate
from forum.core.texts import Text
from forum.departments.models import Department, Membership, Representative
from forum.discussion.models import Comment, Thread
from forum.ideas.models import Answer, Idea, IdeaRevision, Stage, Vote

PEOPLE, DEPARTMENTS = 2_000, 40
KINDS = ("open",) * 12 + ("review", "accepted", "accepted", "standardised", "done") + (
    "declined", "declined", "withdrawn",
)  # fmt: skip
WORDS = (
    "invoice", "approval", "warehouse", "shift", "handover", "customer", "delivery", "access",
    "request", "tool", "report",
    "заявка", "согласование", "склад", "смена", "поставка", "клиент", "доступ", "отчёт",
    "договор", "оплата", "простой",
)  # fmt: skip
CHUNK = 20_000
HOT = 20
"""Comments under each of the first hundred ideas."""


class Prose(Protocol):
    """Where titles and texts come from."""

    def title(self, rng: random.Random, lang: str) -> str:
        """A title."""

    def text(self, rng: random.Random, lang: str) -> Composed:
        """A text."""


class FewWords:
    """Texts of a few words, which are quickly made."""

    def __init__(self, rng: random.Random) -> None:
        self._texts = [richtext.compose(_prose(rng, 40)) for _ in range(50)]

    def title(self, rng: random.Random, _lang: str) -> str:
        """Seven words."""
        return _prose(rng, 7)

    def text(self, rng: random.Random, _lang: str) -> Composed:
        """Forty words."""
        return rng.choice(self._texts)


def fill(app: Flask, ideas: int, *, seed: int = 7, prose: Prose | None = None) -> None:
    """An otherwise empty forum with people, departments and this many ideas."""
    rng = random.Random(seed)
    prose = prose or FewWords(rng)
    with app.app_context():
        migrate()
        db.session.remove()
        _people(rng)
        stages = dict(db.session.execute(select(Stage.kind, Stage.id)).all())
        rows = _ideas(rng, ideas, stages, prose)
        done = 0
        while chunk := list(islice(rows, CHUNK)):
            _write(rng, chunk, prose)
            done += len(chunk)
            print(f"\r{done} of {ideas} ideas", end="", flush=True)
        print()


def _prose(rng: random.Random, words: int) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(words)).capitalize() + "."


def _people(rng: random.Random) -> None:
    at = now()
    with transaction():
        _bulk(
            Department,
            [
                {
                    "id": n + 1,
                    "name": f"Department {n + 1}",
                    "slug": f"department-{n + 1}",
                    "code": f"D{n + 1}",
                    "hue": n % 12,
                    "description": "",
                    "created_at": at,
                }
                for n in range(DEPARTMENTS)
            ],
        )
        _bulk(Person, [_person(n, at) for n in range(PEOPLE)])
        _bulk(
            Membership,
            [
                {"person_id": n + 1, "department_id": n % DEPARTMENTS + 1, "since": at}
                for n in range(PEOPLE)
            ],
        )
        _bulk(
            Representative,
            [
                {"person_id": n + 1, "department_id": n % DEPARTMENTS + 1, "since": at}
                for n in range(DEPARTMENTS * 2)
            ],
        )


def _person(n: int, at: Any) -> dict[str, Any]:
    role = "admin" if n == 0 else "moderator" if n < 10 else "employee"
    return {
        "id": n + 1,
        "name": f"Person {n + 1}",
        "email": f"person{n + 1}@example.org",
        "role": role,
        "kind": "staff",
        "department_id": n % DEPARTMENTS + 1,
        "signed_in_at": at,
        "created_at": at,
        "job_title": "",
        "theme": "auto",
        "shortcuts": True,
        "epoch": 1,
        "unread": 0,
    }


def _ideas(
    rng: random.Random, ideas: int, stages: dict[str, int], prose: Prose
) -> Iterator[dict[str, Any]]:
    start = now() - timedelta(days=900)
    for n in range(1, ideas + 1):
        at = start + timedelta(seconds=n * 86_400 * 900 / ideas)
        kind = rng.choice(KINDS)
        votes = min(rng.getrandbits(3) * (n % 7 == 0), 7)
        lang = "ru" if n % 2 else "en"
        yield {
            "id": n,
            "thread_id": n,
            "author_id": rng.randrange(PEOPLE) + 1,
            "author_department_id": rng.randrange(DEPARTMENTS) + 1,
            "stage_id": stages[kind],
            "stage_kind": kind,
            "stage_since": at,
            "title": prose.title(rng, lang)[:190],
            "excerpt": _prose(rng, 18)[:180],
            "lang": lang,
            "problem_id": n,
            "revision": 1,
            "created_at": at,
            "posted_at": at,
            "active_at": at,
            "vote_count": votes,
            "support": votes,
            "imported_votes": 0,
            "balanced": rng.random() / 3,
            "comment_count": HOT if n <= 100 else n % 3 == 0,
            "unsure": False,
        }


def _write(rng: random.Random, chunk: list[dict[str, Any]], prose: Prose) -> None:
    with transaction():
        _bulk(Thread, [_thread(row) for row in chunk])
        _bulk(Text, [_text(row, prose.text(rng, row["lang"])) for row in chunk])
        _bulk(Idea, chunk)
        _bulk(IdeaRevision, [_revision(row) for row in chunk])
        _bulk(Answer, [answer for row in chunk for answer in _answers(rng, row)])
        _bulk(Vote, [vote for row in chunk for vote in _votes(rng, row)])
        _bulk(Comment, [comment for row in chunk for comment in _comments(rng, row)])


def _thread(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "subject": "idea",
        "subject_id": row["id"],
        "comment_count": int(row["comment_count"]),
    }


def _text(row: dict[str, Any], composed: Composed) -> dict[str, Any]:
    return {
        "id": row["id"],
        "digest": f"{row['id']:064x}",
        "salt": b"",
        "format": "markdown",
        "source": composed.source,
        "html": composed.html,
        "plain": composed.plain,
        "renderer": "1",
        "created_at": row["posted_at"],
    }


def _revision(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "idea_id": row["id"],
        "number": 1,
        "title": row["title"],
        "problem_id": row["problem_id"],
        "editor_id": row["author_id"],
        "at": row["posted_at"],
    }


def _answers(rng: random.Random, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for department_id in rng.sample(range(1, DEPARTMENTS + 1), 1 + row["id"] % 3):
        waiting = row["stage_kind"] == "open" and rng.random() < 0.6
        yield {
            "idea_id": row["id"],
            "department_id": department_id,
            "answer": "waiting" if waiting else rng.choice(("helps", "no_effect")),
            "by_id": None if waiting else department_id,
            "asked_at": row["posted_at"],
            "answered_at": None if waiting else row["posted_at"] + timedelta(days=2),
            "revision": 1,
        }


def _votes(rng: random.Random, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for person_id in rng.sample(range(1, PEOPLE + 1), row["vote_count"]):
        yield {
            "idea_id": row["id"],
            "person_id": person_id,
            "department_id": (person_id - 1) % DEPARTMENTS + 1,
            "revision": 1,
            "at": row["posted_at"],
        }


def _comments(rng: random.Random, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for n in range(int(row["comment_count"])):
        yield {
            "thread_id": row["id"],
            "author_id": rng.randrange(PEOPLE) + 1,
            "text_id": row["problem_id"],
            "revision": 1,
            "created_at": row["posted_at"] + timedelta(hours=n + 1),
        }


def _bulk(model: Any, rows: list[dict[str, Any]]) -> None:
    table: Table = model.__table__
    if rows:
        db.session.connection().execute(insert(table), rows)


def main() -> None:
    """Fill the forum in a folder."""
    from forum.app import create_app

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--ideas", type=int, default=10_000)
    given = parser.parse_args()
    fill(create_app({"DATA_DIR": given.folder}), given.ideas)


if __name__ == "__main__":
    main()
