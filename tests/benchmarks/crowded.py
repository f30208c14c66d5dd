"""What pages cost that hold much: on-CPU milliseconds a request beside the bare reference page at
the same size, in turns in one process; queries, rows fetched, bytes.

`python -m tests.benchmarks.crowded [--ideas 10000]`

A line marked `anew` draws nothing that was drawn before: every look is the first at a page that
says something else.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import select

from forum.accounts.models import Person
from forum.campaigns import actions as campaigns
from forum.core.clock import today
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.ideas.models import Idea
from tests.benchmarks.fill import fill
from tests.benchmarks.forums import new_forum
from tests.benchmarks.pages import Caller, side_by_side, signed_in
from tests.benchmarks.reference import reference_app
from tests.support import crowds
from tests.support.queries import fetching

READER, MODERATOR = 50, 5
ANSWERS_FOR = 10
"""Who looks, and the department that the reader answers for."""
TALKS = 24
"""Ideas with a long talk: more than the drawn comments that a process keeps."""


class Page(NamedTuple):
    """A line of the table: who looks at what, again and again or each time at another."""

    name: str
    reader: int
    paths: list[str]


def filled(app: Flask, ideas: int) -> list[Page]:
    """A forum of so many ideas, and what there is much of in it."""
    fill(app, ideas)
    with app.app_context(), transaction():
        save_settings({"modules": ["campaigns"]})
    few, many = crowds.ideas(app, 1)[0], crowds.ideas(app, TALKS)
    crowds.comments(app, few, 5)
    for number in many:
        crowds.comments(app, number, 500)
    crowds.ideas(app, 500, asked=[ANSWERS_FOR])
    numbers = list(range(1, ideas + 1))
    crowds.matters(app, numbers[:500])
    crowds.news(app, READER, (numbers * (10_000 // ideas + 1))[:10_000])
    campaign = _campaign(app)
    crowds.join(app, campaign, numbers[:1_000])
    return [
        Page("idea, 5 comments", READER, [f"/ideas/{few}"]),
        Page("idea, 500 comments", READER, [f"/ideas/{many[0]}"]),
        Page("idea, 500, anew", READER, [f"/ideas/{number}" for number in many]),
        Page("board", READER, ["/ideas?view=board"]),
        Page("board, moderator", MODERATOR, ["/ideas?view=board"]),
        Page("board, waiting", READER, ["/ideas?view=board&waiting=1"]),
        Page("board, more", READER, [f"/ideas?view=board&column=open&after={_middle(app)}"]),
        Page("500 open answers", READER, ["/answers"]),
        Page("500 matters", MODERATOR, ["/moderation?queue=flags"]),
        Page("moderation, review", MODERATOR, ["/moderation?queue=review"]),
        Page("10 000 news", READER, ["/notifications"]),
        Page("10 000 news, unread", READER, ["/notifications?unread=1"]),
        Page("campaign, 1 000", READER, [f"/campaigns/{campaign}"]),
    ]


def _campaign(app: Flask) -> int:
    with app.app_context():
        person = db.session.get_one(Person, MODERATOR)
        days = today() - timedelta(days=1), today() + timedelta(days=30)
        wanted = campaigns.Wanted("Less paper", "Where do we print?", person.id, *days)
        return campaigns.start(person, wanted).id


def _middle(app: Flask) -> str:
    """A place half way down the open ideas."""
    from forum.core.paging import encode_cursor

    with app.app_context():
        open_ones = select(Idea.posted_at, Idea.id).where(Idea.stage_kind == "open")
        rows = db.session.execute(open_ones.order_by(Idea.posted_at)).all()
        at, number = rows[len(rows) // 2]
        return encode_cursor((at.isoformat(), number))


def measure(app: Flask, folder: Path, pages: list[Page]) -> None:
    """Print a line a page."""
    print(
        f"{'page':22} {'ms CPU':>8} {'queries':>8} {'rows':>8} {'bytes':>8}"
        f" {'ref ms':>8} {'× ref':>7}"
    )
    for number, page in enumerate(pages):
        reader = signed_in(app, page.reader)
        status, _size = reader.call(page.paths[0])
        if not status.startswith("200"):
            raise SystemExit(f"{page.name} was answered with {status}")
        with fetching(app) as seen:
            _status, size = reader.call(page.paths[-1])
        bare = Caller(reference_app(str(folder / f"ref-{number}.db"), size))
        own, reference = side_by_side(_looks(reader, page), lambda bare=bare: bare.call("/"))
        print(
            f"{page.name:22} {own:8.2f} {len(seen.statements):8} {seen.rows:8} {size:8}"
            f" {reference:8.2f} {own / reference:7.2f}",
            flush=True,
        )


def _looks(reader: Caller, page: Page) -> Callable[[], Any]:
    paths: Iterator[str] = cycle(page.paths)
    return lambda: reader.call(next(paths))


def main() -> None:
    """Fill and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ideas", type=int, default=10_000)
    given = parser.parse_args()
    with new_forum() as (app, folder):
        measure(app, folder, filled(app, given.ideas))


if __name__ == "__main__":
    main()
