"""What a minute costs when many people keep searches: 10,000 different ones, 20 new ideas.

`python -m tests.benchmarks.alerts [--searches 10000] [--ideas 20] [--same 1]`; with `--same 10`
each search is kept by ten people.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import func, insert, select

from forum.accounts.models import Person
from forum.core import events, readers
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.search import addresses
from forum.search.saved import alerts, delivery
from forum.search.saved.models import SavedSearch, ToldThing
from tests.benchmarks.fill import WORDS, fill
from tests.support import make


def searches(app: Flask, count: int, same: int) -> None:
    """Searches for two or three words each, all told at once."""
    chance = random.Random(5)  # noqa: S311
    with app.app_context(), transaction():
        people = list(db.session.scalars(select(Person.id).order_by(Person.id)))
        moment, rows = now(), list[dict[str, object]]()
        for number in range(count):
            words = chance.sample(WORDS, chance.choice((2, 3)))
            other = f"{' '.join(words)} -{chance.choice(WORDS)}"
            text = str(rows[-1]["name"]) if number % same else other
            address = urlencode({"q": text})
            key = addresses.key_of(f"{number}{address}")
            named = {"name": text, "address": address, "address_key": key, "alert": "at-once"}
            person = people[number % len(people)]
            moments = {"created_at": moment, "used_at": moment}
            marks = {"since": 0, "known_from": 0, "feed_number": 1}
            rows.append({"person_id": person, **named, **moments, **marks})
        db.session.execute(insert(SavedSearch), rows)


def main() -> None:
    """Fill, let everything so far be read, post, and time the sweep of the next minute."""
    from forum.app import create_app

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--searches", type=int, default=10_000)
    parser.add_argument("--ideas", type=int, default=20)
    parser.add_argument("--same", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        app = create_app({"DATA_DIR": Path(temporary)})
        fill(app, 1_000)
        searches(app, given.searches, given.same)
        with app.app_context(), transaction():
            db.session.add(readers.ReaderCursor(name=alerts.READER.name, position=events.last_id()))
            db.session.flush()
        chance = random.Random(6)  # noqa: S311
        author = make.person(app, email="author@example.org")
        for _number in range(given.ideas):
            words = " ".join(chance.sample(WORDS, 6))
            make.idea(app, author, title=words[:60], problem=f"{words}. It takes too long.")
        for name, step in (("match", alerts.follow), ("tell", delivery.tell_due)):
            began, busy = time.perf_counter(), time.process_time()
            with app.app_context():
                step()
            took, worked = time.perf_counter() - began, time.process_time() - busy
            print(f"{name}: {took:.2f} s, {worked:.2f} s of CPU")
        with app.app_context():
            rows = db.session.scalar(select(func.count()).select_from(ToldThing))
            print(f"{rows} results told")


if __name__ == "__main__":
    main()
