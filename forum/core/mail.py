"""The outbox: a mail is a row first, so that a crash loses none; a job delivers it."""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from sqlalchemy import Index, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import Id, LongText, Model, db, transaction
from forum.core.site import site

ATTEMPTS = 8
TIMEOUT_S = 20


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


def can_mail() -> bool:
    """Whether a mail server is set; without one, links are shown for copying."""
    return bool(site().mail_url)


def queue_mail(recipient: str, subject: str, body: str) -> None:
    """Put a mail into the outbox, in the open write."""
    db.session.add(OutboxMail(recipient=recipient, subject=subject, body=body))
    db.session.flush()


def deliver(url: str, sender: str, mail: OutboxMail) -> None:
    """Hand one mail to the server at `url` (smtp:// or smtps://). Raises OSError, SMTPException."""
    parts = urlsplit(url)
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, mail.recipient, mail.subject
    message.set_content(mail.body)
    with kind(parts.hostname or "localhost", parts.port or 0, timeout=TIMEOUT_S) as server:
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)


def send_due() -> int:
    """Deliver what is due, one write per mail; a failure waits longer each time."""
    if not can_mail():
        return 0
    query = select(OutboxMail).where(
        OutboxMail.sent_at.is_(None), OutboxMail.due_at <= now(), OutboxMail.attempts < ATTEMPTS
    )
    waiting = list(db.session.scalars(query.order_by(OutboxMail.id).limit(50)))
    return sum(_try(mail) for mail in waiting)


def _try(mail: OutboxMail) -> bool:
    sender = site().mail_from or f"forum@{urlsplit(site().mail_url).hostname or 'localhost'}"
    try:
        deliver(site().mail_url, sender, mail)
    except (OSError, smtplib.SMTPException) as error:
        with transaction():
            mail.attempts += 1
            mail.due_at = now() + timedelta(minutes=2**mail.attempts)
            mail.error = type(error).__name__
        return False
    with transaction():
        mail.sent_at, mail.body, mail.error = now(), "", ""
    return True


def stuck_mails() -> int:
    """Mails that will not be tried again, for `forum doctor`."""
    query = select(OutboxMail.id).where(
        or_(OutboxMail.attempts >= ATTEMPTS), OutboxMail.sent_at.is_(None)
    )
    return len(db.session.scalars(query).all())
