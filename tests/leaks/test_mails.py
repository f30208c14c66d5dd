"""Mails tell nobody of what is hidden from them: they equal those of a forum without it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from forum.accounts.models import Person, PersonSession
from forum.core import readers
from forum.core.db import db, transaction
from forum.core.mail import OutboxMail
from forum.notifications import digest, mailing, wishes
from forum.notifications.models import LastMail
from forum.notifications.topics import CELLS
from tests.leaks.company import EVERYTHING, START, Recipe
from tests.leaks.test_leaks import READERS
from tests.leaks.told import _plain
from tests.notifications.posting import set_up
from tests.support.forums import Prepared

MONDAY = datetime(2026, 3, 9, 9, tzinfo=UTC)
TOKEN = re.compile(r"(/unsubscribe/)[\w.-]+")
Mails = dict[str, list[str]]


class Mailing(Recipe):
    """The company, in which everybody hears everything by mail as it comes."""

    def _people(self) -> None:
        super()._people()
        with self.app.app_context():
            for key in READERS:
                wishes.choose(self._as(key), CELLS)

    def _follow_log(self) -> None:
        """What is secret was seen by the reader of the log, and is hidden when the mails go."""
        super()._follow_log()
        with self.app.app_context():
            mailing.send_due()


@pytest.fixture(scope="session")
def sent_before(prepared: Prepared) -> dict[frozenset[str], Mails]:
    """The mails of the companies that were built."""
    assert prepared
    return {}


@pytest.fixture
def mails(
    app: Flask,
    prepared: Prepared,
    clock: time_machine.Traveller,
    sent_before: dict[frozenset[str], Mails],
) -> Callable[[Collection[str]], Mails]:
    """`mails(having)`: the mails to each reader, ids taken out, oldest first; sent once."""

    def mails_of(having: Collection[str]) -> Mails:
        wished = frozenset(having)
        if wished not in sent_before:
            sent_before[wished] = sent(having)
        return sent_before[wished]

    def sent(having: Collection[str]) -> Mails:
        prepared.reset()
        clock.move_to(START)
        set_up(app, mail_url="smtp://127.0.0.1:9")
        company = Mailing(app, clock, having).build()
        clock.shift(timedelta(minutes=31))
        with app.app_context():
            readers.catch_up()
            mailing.send_due()
        with app.app_context(), transaction():
            db.session.execute(db.delete(LastMail))
            db.session.execute(update(PersonSession).values(seen_at=START - timedelta(days=30)))
            db.session.execute(update(Person).values(signed_in_at=START - timedelta(days=30)))
        clock.move_to(MONDAY)
        with app.app_context():
            digest.send_due()
            found: Mails = defaultdict(list)
            people = {number: key for key, number in company.people.items()}
            for mail in db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)):
                text = "\n".join((mail.subject, mail.body, mail.html))
                found[people[mail.person_id or 0]].append(TOKEN.sub(r"\1T", _plain(text)))
        return found

    return mails_of


def test_mails_read_as_if_the_hidden_had_never_been(mails) -> None:
    full = mails(EVERYTHING)

    for reader, sees in READERS.items():
        bare = mails(sees)
        assert len(bare[reader]) > 2
        assert full[reader] == bare[reader], reader
        if not sees:
            assert "anary" not in "".join(full[reader])
