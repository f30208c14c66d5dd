"""Mails of the forum in tests: a real server that takes them, and letting the jobs run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from flask import Flask

from forum.accounts.models import Person
from forum.core import mail
from forum.core.db import db, transaction
from forum.core.site import save_settings
from forum.notifications import mailing, wishes
from forum.notifications.topics import Channel, Topic
from tests.notifications.inboxes import catch_up
from tests.support import make
from tests.support.post_office import PostOffice, post_office

ADDRESS = "https://forum.example"


def anna(app: Flask, **fields: Any) -> int:
    """Somebody who is mailed."""
    return make.person(app, name="Anna", email="anna@example.org", **fields)


def set_up(app: Flask, **settings: Any) -> None:
    """Settings of the site."""
    with app.app_context(), transaction():
        save_settings({"address": ADDRESS, "mail_from": "forum@forum.example", **settings})


@contextmanager
def mailing_forum(app: Flask, refusal: str = "", **settings: Any) -> Iterator[PostOffice]:
    """A forum that mails through a server of its own."""
    with post_office(refusal) as office:
        set_up(app, mail_url=office.url, **settings)
        yield office


def run(app: Flask) -> None:
    """What the jobs do when they look: read the log, make mails of what is due, send them."""
    catch_up(app)
    with app.app_context():
        mailing.send_due()
        while mail.send_due():
            pass


def told(office: PostOffice, email: str) -> list[EmailMessage]:
    """The mails to somebody, in the order in which they came."""
    return [letter for letter in office.letters if letter["To"] == email]


def text_of(letter: EmailMessage) -> str:
    """The plain part."""
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html_of(letter: EmailMessage) -> str:
    """The part in HTML."""
    part = letter.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def hear(app: Flask, person: int, topic: Topic, channel: Channel, *, on: bool) -> None:
    """Somebody changes one of their choices."""
    with app.app_context():
        wishes.turn(db.session.get_one(Person, person), [(topic, channel)], on=on)
