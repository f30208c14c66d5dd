"""The outbox: a mail is a row first, so that a crash loses none; a job delivers it."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import formataddr, formatdate, make_msgid
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Index,
    and_,
    false,
    func,
    insert,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.clock import now
from forum.core.db import (
    WAKE,
    Id,
    LongText,
    Model,
    assert_no_write_open,
    db,
    transaction,
    zero_what_goes,
)
from forum.core.i18n import speaking
from forum.core.site import site

ATTEMPTS = 8
AT_A_TIME = 50
"""Mails delivered before other work has its turn."""
NEWS_FOR = timedelta(days=7)
"""How long a mail that could not be sent is still worth sending."""
TIMEOUT_S = 20
FAILURES = (OSError, smtplib.SMTPException, ValueError)
"""What may go wrong on the way: network, server, or an address that is none."""


METHOD = re.compile(r"^METHOD:(\w+)", re.MULTILINE)
REASON = 300
"""Characters kept of what went wrong."""


class OutboxMail(Model):
    """A mail to deliver; blanked once sent.

    News also say whom they tell (`person_id`) and of what (`thing`, such as `idea-7`), and where
    one stops hearing it so (`unsubscribe`). `calendar` is an invitation that comes along.
    """

    __tablename__ = "outbox_mail"
    __table_args__ = (
        Index("ix_outbox_mail_due", "sent_at", "due_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[LongText]
    html: Mapped[LongText] = mapped_column(default="")
    unsubscribe: Mapped[LongText] = mapped_column(default="")
    person_id: Mapped[int | None] = mapped_column(BigInteger)
    thing: Mapped[str] = mapped_column(default="")
    calendar: Mapped[LongText] = mapped_column(default="")
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
    html: str = ""
    unsubscribe: str = ""
    person_id: int | None = None
    thing: str = ""
    calendar: str = ""


STILL_WANTED: list[Callable[[OutboxMail], bool]] = []
"""What features ask of a mail before each attempt; one that says no ends it unsent."""


HUSHED: set[str] = set()
"""Kinds of things whose mails nobody is told of, not even how many wait or failed, and of which
nothing is left once they are gone: that somebody was written to says what nobody may know."""


def is_hushed(thing: str) -> bool:
    """Whether a mail about a thing, such as `surveys-0`, is one of these."""
    return thing.rpartition("-")[0] in HUSHED


def hushed() -> ColumnElement[bool]:
    """The same as rows have it."""
    kinds = (OutboxMail.thing.startswith(f"{kind}-", autoescape=True) for kind in sorted(HUSHED))
    return or_(false(), *kinds)


def write(recipient: str, locale: str | None, words: Callable[[], tuple[str, str]]) -> Letter:
    """A letter in its recipient's language: `words` gives subject and text."""
    assert_no_write_open("wrote a mail")
    with speaking(locale or site().default_locale):
        subject, body = words()
    return Letter(recipient, " ".join(subject.split()), f"{body.strip()}\n\n-- \n{site().name}\n")


def can_mail() -> bool:
    """Whether a mail server is set; without one, links are shown for copying."""
    return bool(site().mail_url)


def queue_mail(recipient: str, subject: str, body: str, *more: Any) -> None:
    """Put a mail into the outbox, in the open write; `more` are the further parts of a letter."""
    db.session.add(OutboxMail(**Letter(recipient, subject, body, *more)._asdict()))
    db.session.flush()


def queue_mails(letters: Sequence[Letter]) -> None:
    """Put many mails into the outbox, in the open write. One query."""
    if letters:
        db.session.execute(insert(OutboxMail), [letter._asdict() for letter in letters])
        db.session().info[WAKE] = True


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
    message["From"], message["To"] = formataddr((_one_line(site().name), sender)), mail.recipient
    message["Subject"], message["Date"] = _one_line(mail.subject), formatdate()
    domain = sender.rpartition("@")[2] or "localhost"
    message["Message-ID"] = _id_of(mail, domain)
    message["Auto-Submitted"] = "auto-generated"
    if mail.thing:
        # No mail has this id; what refers to the same one is shown as one conversation.
        message["In-Reply-To"] = message["References"] = f"<{mail.thing}@{domain}>"
    if mail.unsubscribe:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.body)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    if mail.calendar:
        _attach(message, mail.calendar)
    return message


def _attach(message: EmailMessage, calendar: str) -> None:
    """An invitation as mail programs look for it (RFC 6047): its method stands in the type too."""
    method = METHOD.search(calendar)
    message.add_attachment(
        calendar.encode(),
        maintype="text",
        subtype="calendar",
        filename="invitation.ics",
        params={"method": method.group(1) if method else "PUBLISH", "charset": "utf-8"},
    )


def _one_line(text: str) -> str:
    """A header is one line, whatever somebody called a thing."""
    return " ".join(text.split())


def _id_of(mail: Letter | OutboxMail, domain: str) -> str:
    """The same at each attempt, so that a mail delivered twice by a crash is shown once."""
    if isinstance(mail, Letter):
        return make_msgid(domain=domain)
    return f"<mail-{mail.id}.{mail.created_at:%Y%m%d%H%M%S%f}@{domain}>"


def send_due() -> int:
    """Deliver some of what is due, one write per mail; a failure waits longer each time.

    How many left the outbox. Mails that somebody waits for, such as a new password, go before news.
    """
    if not can_mail():
        return 0
    query = select(OutboxMail).where(
        OutboxMail.sent_at.is_(None), OutboxMail.due_at <= now(), not_(given_up())
    )
    order = (OutboxMail.person_id.is_not(None), OutboxMail.id)
    waiting = list(db.session.scalars(query.order_by(*order).limit(AT_A_TIME)))
    return sum(_try(mail) for mail in waiting)


def _try(mail: OutboxMail) -> bool:
    if not all(wanted(mail) for wanted in STILL_WANTED):
        _finish(mail)
        return True
    try:
        deliver(site().mail_url, sender_address(), mail)
    except FAILURES as error:
        with transaction():
            mail.attempts += 1
            mail.due_at = now() + timedelta(minutes=2**mail.attempts)
            mail.error = reason_of(error)
        return False
    _finish(mail)
    return True


def _finish(mail: OutboxMail) -> None:
    """Leave of a mail that it was sent, and when: not whom it told of what, nor since when it
    waited."""
    if is_hushed(mail.thing):
        _take_away(mail)
        return
    with transaction():
        mail.sent_at = mail.created_at = mail.due_at = now()
        mail.person_id, mail.thing, mail.attempts = None, "", 0
        mail.recipient = mail.subject = mail.body = mail.html = mail.unsubscribe = mail.error = ""
        mail.calendar = ""


def _take_away(mail: OutboxMail) -> None:
    with transaction():
        zero_what_goes()
        db.session.delete(mail)


def reason_of(error: Exception) -> str:
    """What the server said, or what went wrong on the way to it, in a line."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return _said(code, said)
    if isinstance(error, smtplib.SMTPResponseException):
        return _said(error.smtp_code, error.smtp_error)
    return _one_line(f"{type(error).__name__}: {error}")[:REASON]


def _said(code: int, said: bytes | str) -> str:
    words = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    return _one_line(f"{code} {words}")[:REASON]


def given_up() -> ColumnElement[bool]:
    """Whether a mail will not be tried again: too often in vain, or news no longer.

    Without a mail server nothing is tried at all, and what waited must not go out much later.
    """
    old = OutboxMail.created_at < now() - NEWS_FOR
    return and_(OutboxMail.sent_at.is_(None), or_(OutboxMail.attempts >= ATTEMPTS, old))


def waiting_mails() -> int:
    """Mails due and not yet delivered, but for hushed ones. One query."""
    query = select(func.count(OutboxMail.id)).where(
        OutboxMail.sent_at.is_(None), OutboxMail.due_at <= now(), not_(hushed())
    )
    return db.session.scalar(query) or 0


def stuck_mails() -> int:
    """Mails that will not be tried again, but for hushed ones, for `forum doctor`. One query."""
    query = select(func.count(OutboxMail.id)).where(given_up(), not_(hushed()))
    return db.session.scalar(query) or 0


def stuck(*, most: int) -> list[OutboxMail]:
    """The newest of these. One query."""
    query = select(OutboxMail).where(given_up(), not_(hushed()))
    return list(db.session.scalars(query.order_by(OutboxMail.id.desc()).limit(most)))


def try_again(mail_id: int) -> int:
    """Give a mail that was given up on another round; how many, in the open write. A hushed one is
    none that anybody knows of."""
    return _renew(and_(given_up(), OutboxMail.id == mail_id, not_(hushed())))


def try_all_again() -> int:
    """The same for all of them, the hushed ones too, which are not counted."""
    _renew(and_(given_up(), hushed()))
    return _renew(and_(given_up(), not_(hushed())))


def _renew(which: ColumnElement[bool]) -> int:
    renewed = db.session.execute(
        update(OutboxMail)
        .where(which)
        .values(attempts=0, due_at=now(), created_at=now())
        .execution_options(synchronize_session=False)
    )
    return int(renewed.rowcount)  # type: ignore[attr-defined]
