"""The outbox: a mail is a row first, so that a crash loses none; a job delivers it."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import formataddr, formatdate, make_msgid
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from sqlalchemy import ColumnElement, Index, and_, func, not_, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import Id, LongText, Model, assert_no_write_open, db, transaction
from forum.core.i18n import speaking
from forum.core.site import site

ATTEMPTS = 8
NEWS_FOR = timedelta(days=7)
"""How long a mail that could not be sent is still worth sending."""
TIMEOUT_S = 20
FAILURES = (OSError, smtplib.SMTPException, ValueError)
"""What may go wrong on the way: network, server, or an address that is none."""


class OutboxMail(Model):
    """A mail to deliver; blanked once sent."""

    __tablename__ = "outbox_mail"
    __table_args__ = (
        Index("ix_outbox_mail_due", "sent_at", "due_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[LongText]
    created_at: Mapped[datetime] = mapped_column(default=now)
    due_at: Mapped[datetime] = mapped_column(default=now)
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(default="")


class Letter(NamedTuple):
    """A mail as written, before it has a row."""

    recipient: str
    subject: str
    body: str


def write(recipient: str, locale: str | None, words: Callable[[], tuple[str, str]]) -> Letter:
    """A letter in its recipient's language: `words` gives subject and text."""
    assert_no_write_open("wrote a mail")
    with speaking(locale or site().default_locale):
        subject, body = words()
    return Letter(recipient, " ".join(subject.split()), f"{body.strip()}\n\n-- \n{site().name}\n")


def can_mail() -> bool:
    """Whether a mail server is set; without one, links are shown for copying."""
    return bool(site().mail_url)


def queue_mail(recipient: str, subject: str, body: str) -> None:
    """Put a mail into the outbox, in the open write."""
    db.session.add(OutboxMail(recipient=recipient, subject=subject, body=body))
    db.session.flush()


def queue_nothing() -> None:
    """A row as a delivered mail leaves it, in the open write: costs what queueing a mail costs."""
    db.session.add(OutboxMail(recipient="", subject="", body="", sent_at=now()))
    db.session.flush()


def sender_address() -> str:
    """Who mails come from: what the administrator set, or `forum@` at the server's host."""
    return site().mail_from or f"forum@{urlsplit(site().mail_url).hostname or 'localhost'}"


def deliver(url: str, sender: str, mail: Letter | OutboxMail, *, timeout: int = TIMEOUT_S) -> None:
    """Hand one mail to the server at `url` (smtp:// or smtps://). Raises one of FAILURES."""
    parts = urlsplit(url)
    message = _message(sender, mail)
    with _connect(url, timeout) as server:
        if parts.scheme != "smtps" and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)


def _connect(url: str, timeout: int) -> smtplib.SMTP:
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port or 0
    if parts.scheme == "smtps":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port, timeout=timeout, context=context)
    server = smtplib.SMTP(host, port, timeout=timeout)
    server.ehlo_or_helo_if_needed()
    return server


def _message(sender: str, mail: Letter | OutboxMail) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = formataddr((site().name, sender)), mail.recipient
    message["Subject"], message["Date"] = mail.subject, formatdate()
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2] or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    return message


def send_due() -> int:
    """Deliver what is due, one write per mail; a failure waits longer each time."""
    if not can_mail():
        return 0
    query = select(OutboxMail).where(
        OutboxMail.sent_at.is_(None), OutboxMail.due_at <= now(), not_(given_up())
    )
    waiting = list(db.session.scalars(query.order_by(OutboxMail.id).limit(50)))
    return sum(_try(mail) for mail in waiting)


def _try(mail: OutboxMail) -> bool:
    try:
        deliver(site().mail_url, sender_address(), mail)
    except FAILURES as error:
        with transaction():
            mail.attempts += 1
            mail.due_at = now() + timedelta(minutes=2**mail.attempts)
            mail.error = type(error).__name__
        return False
    with transaction():
        mail.sent_at = now()
        mail.recipient = mail.subject = mail.body = mail.error = ""
    return True


def given_up() -> ColumnElement[bool]:
    """Whether a mail will not be tried again: too often in vain, or news no longer.

    Without a mail server nothing is tried at all, and what waited must not go out much later.
    """
    old = OutboxMail.created_at < now() - NEWS_FOR
    return and_(OutboxMail.sent_at.is_(None), or_(OutboxMail.attempts >= ATTEMPTS, old))


def stuck_mails() -> int:
    """Mails that will not be tried again, for `forum doctor`. One query."""
    query = select(func.count(OutboxMail.id)).where(given_up())
    return db.session.scalar(query) or 0
