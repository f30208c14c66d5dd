"""The mail server as a form shows it, and trying it out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from forum.accounts.models import Person
from forum.core.db import end_read
from forum.core.errors import Invalid
from forum.core.i18n import _
from forum.core.mail import FAILURES, deliver, reason_of, sender_address, write
from forum.core.site import site

HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._:-]{0,251}[A-Za-z0-9])?")
ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?/?")
PATIENCE_S = 10


@dataclass(frozen=True, slots=True)
class MailServer:
    """The parts of `smtp://user:password@host:port`."""

    host: str = ""
    port: int = 587
    tls: str = "starttls"
    user: str = ""
    password: str = ""

    @classmethod
    def of(cls, url: str) -> MailServer:
        """The parts of an address; the defaults for none."""
        if not url:
            return cls()
        parts = urlsplit(url)
        tls = "tls" if parts.scheme == "smtps" else "starttls"
        return cls(
            host=parts.hostname or "",
            port=parts.port or (465 if tls == "tls" else 25),
            tls=tls,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )

    @property
    def url(self) -> str:
        """The address again; empty without a host. Raises Invalid for a host that is none."""
        if not self.host:
            return ""
        if not HOST.fullmatch(self.host):
            raise Invalid(_("Give a host such as mail.example.com."), field="host")
        host = f"[{self.host}]" if ":" in self.host else self.host
        scheme = "smtps" if self.tls == "tls" else "smtp"
        secret = f":{quote(self.password, safe='')}" if self.password else ""
        sign_in = f"{quote(self.user, safe='')}{secret}@" if self.user else ""
        return f"{scheme}://{sign_in}{host}:{self.port}"


def clean_address(text: str) -> str:
    """Where the forum is found, without a slash at the end. Raises Invalid."""
    plain = text.strip()
    if plain and not ADDRESS.fullmatch(plain):
        raise Invalid(_("Give an address such as https://forum.example.com."), field="address")
    return plain.rstrip("/").lower()


def try_out(admin: Person) -> str:
    """Mail the administrator; what went wrong, or nothing. Raises Invalid when it cannot."""
    if not site().mail_url:
        raise Invalid(_("Give the mail server's host first."), field="host")
    if not admin.email:
        raise Invalid(_("You have no e-mail to send it to."), field="host")
    letter = write(
        admin.email,
        admin.locale,
        lambda: (_("Test mail"), _("If you can read this, the forum can send mail.")),
    )
    url, sender = site().mail_url, sender_address()
    end_read()
    try:
        deliver(url, sender, letter, timeout=PATIENCE_S)
    except FAILURES as error:
        return reason_of(error)
    return ""
