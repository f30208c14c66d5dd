"""What mails cost a company of 5,000 people: a decision that all of them follow, a mixed day, a
Monday.

`python -m tests.benchmarks.mailing [--people 5000] [--day 300]`

Each line is a step: news are put into inboxes, mails are written into the outbox, mails leave (to a
server on this machine that reads and forgets them). Mails a second, milliseconds of this thread's
CPU and queries a mail (many rows in one statement are one query). The reference is as many bare
messages of the standard library's email package, each written after one query for its person, in
the same run.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import time_machine
from flask import Flask
from sqlalchemy import func, insert, select, update

from forum.accounts.models import Person
from forum.core import events, mail, readers
from forum.core.clock import now
from forum.core.db import db, transaction
from forum.core.mail import OutboxMail
from forum.core.readers import ReaderCursor
from forum.core.site import save_settings
from forum.ideas.models import Answer, Follow, Idea, Stage, StageKind
from forum.notifications import digest, mailing
from forum.notifications.models import DueMail, MailMark
from forum.notifications.reader import READER
from tests.benchmarks import fill
from tests.support import make
from tests.support.postbox import Postbox
from tests.support.queries import listening

MODERATOR = 5
FOLLOWED = 1
"""The idea that everybody follows."""
EACH = 20
"""People who follow any other idea."""
TUESDAY = datetime(2026, 3, 10, 9, tzinfo=UTC)
MONDAY = TUESDAY + timedelta(days=6, minutes=-30)


class Forgetful(list[str]):
    """What came, as a number: the mails themselves would fill the memory."""

    def append(self, _mail: str) -> None:
        """Let go of it."""


@contextmanager
def server() -> Iterator[str]:
    """The address of a mail server that reads and forgets."""
    with Postbox() as box:
        box.mails = Forgetful()
        runner = threading.Thread(target=box.serve_forever, args=(0.05,), daemon=True)
        runner.start()
        yield box.url
        box.shutdown()
        runner.join()


def company(app: Flask, people: int, url: str) -> None:
    """So many people, a thousand ideas, of which one is followed by everybody; all is read."""
    fill.PEOPLE = people
    fill.fill(app, 1_000)
    with app.app_context(), transaction():
        save_settings({"address": "https://forum.example", "mail_url": url})
        ids = [*db.session.scalars(select(Person.id))]
        others = [*db.session.scalars(select(Idea.id).where(Idea.stage_kind == StageKind.OPEN))]
        rows = [{"idea_id": FOLLOWED, "person_id": number} for number in ids]
        rows += [
            {"idea_id": idea, "person_id": ids[(idea * EACH + step) % len(ids)]}
            for idea in others
            if idea != FOLLOWED
            for step in range(EACH)
        ]
        moment = now() - timedelta(days=60)
        db.session.execute(insert(Follow), [{**row, "at": moment} for row in rows])
        stage = db.session.scalar(select(Stage.id).where(Stage.slug == StageKind.OPEN))
        opened = {"stage_kind": StageKind.OPEN, "stage_id": stage}
        db.session.execute(update(Idea).where(Idea.id == FOLLOWED).values(opened))
        db.session.add(ReaderCursor(name=READER.name, position=events.last_id()))
        db.session.add(MailMark(name=mailing.MARK, event_id=events.last_id()))
        db.session.flush()


def day(app: Flask, acts: int) -> None:
    """Decisions, answers and comments, in turn, on other ideas."""
    with app.app_context():
        open_ones = select(Idea.id).where(Idea.stage_kind == StageKind.OPEN, Idea.id != FOLLOWED)
        ideas = [*db.session.scalars(open_ones.order_by(Idea.id.desc()).limit(acts))]
        asked = dict(
            db.session.execute(
                select(Answer.idea_id, func.min(Answer.department_id))
                .where(Answer.idea_id.in_(ideas), Answer.answer == "waiting")
                .group_by(Answer.idea_id)
            ).all()
        )
    for number, idea in enumerate(ideas):
        if number % 3 == 0:
            make.decide(app, idea, "decline", by=MODERATOR)
        elif number % 3 == 1 and idea in asked:
            make.answer(app, idea, asked[idea], asked[idea], "helps")
        else:
            make.comment(app, idea, 50 + number)


def sent(app: Flask) -> int:
    """Mails that were ever written."""
    with app.app_context():
        return db.session.scalar(select(func.count(OutboxMail.id))) or 0


def measure(app: Flask, name: str, step: Callable[[], object], counted: Callable[[], int]) -> int:
    """Print a line; how many there were."""
    before = counted()
    with listening(app) as seen:
        began, busy = time.perf_counter(), time.thread_time()
        with app.app_context():
            step()
        took, worked = time.perf_counter() - began, time.thread_time() - busy
    many = counted() - before
    each = max(many, 1)
    print(
        f"{name:34} {many:7} {many / took:9.0f} {worked * 1000 / each:9.3f}"
        f" {len(seen) / each:9.3f}",
        flush=True,
    )
    return many


def follow() -> None:
    """Read the log to its end."""
    while readers.advance(READER):
        pass


def leave() -> None:
    """Deliver everything."""
    while mail.send_due():
        pass


def reference(count: int) -> None:
    """As many bare messages, each after a query for its person."""
    for _name, number in zip(range(count), _forever(), strict=False):
        person = db.session.execute(select(Person.name, Person.email).where(Person.id == number))
        name, email = person.one()
        message = EmailMessage()
        message["From"], message["To"] = "forum@example.org", email
        message["Subject"] = "The idea was declined"
        message.set_content(f"Hello {name}, the idea was declined.\n" * 12)
        message.add_alternative(f"<p>Hello {name}, it was declined.</p>" * 40, subtype="html")
        message.as_bytes()


def _forever() -> Iterator[int]:
    while True:
        yield from range(1, 1_001)


def _waiting(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count(DueMail.id))) or 0


def _gone(app: Flask) -> int:
    with app.app_context():
        query = select(func.count(OutboxMail.id)).where(OutboxMail.sent_at.is_not(None))
        return db.session.scalar(query) or 0


def steps(app: Flask, clock: time_machine.Traveller, people: int, acts: int) -> None:
    """The whole table."""
    print(f"{'':34} {'how many':>7} {'a second':>9} {'ms CPU':>9} {'queries':>9}")
    make.decide(app, FOLLOWED, "decline", by=MODERATOR)
    measure(app, "one decision: news", follow, lambda: _waiting(app))
    measure(app, "one decision: mails written", mailing.send_due, lambda: sent(app))
    many = measure(app, "one decision: mails leave", leave, lambda: _gone(app))
    day(app, acts)
    measure(app, "mixed day: news to be mailed", follow, lambda: _waiting(app))
    measure(app, "mixed day: at once, written", mailing.send_due, lambda: sent(app))
    clock.shift(timedelta(minutes=31))
    measure(app, "mixed day: gathered, written", mailing.send_due, lambda: sent(app))
    measure(app, "mixed day: mails leave", leave, lambda: _gone(app))
    away(app)
    clock.move_to(MONDAY)
    measure(app, "Monday: written", digest.send_due, lambda: sent(app))
    measure(app, "Monday: mails leave", leave, lambda: _gone(app))
    written = iter([0, many])
    measure(app, "reference: bare messages", lambda: reference(many), lambda: next(written))


def away(app: Flask) -> None:
    """Nobody was here or was mailed in the week."""
    from forum.notifications.models import LastMail

    with app.app_context(), transaction():
        long_ago = now() - timedelta(days=30)
        db.session.execute(db.delete(LastMail))
        db.session.execute(update(Person).values(signed_in_at=long_ago))


def main(arguments: Sequence[str] | None = None) -> None:
    """Fill and measure."""
    from forum.app import create_app

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--day", type=int, default=300)
    given = parser.parse_args(arguments)
    with (
        tempfile.TemporaryDirectory() as temporary,
        server() as url,
        time_machine.travel(TUESDAY) as clock,
    ):
        app = create_app({"DATA_DIR": Path(temporary), "RATE_LIMITS": False, "LOG_LEVEL": "ERROR"})
        company(app, given.people, url)
        steps(app, clock, given.people, given.day)


if __name__ == "__main__":
    main()
