"""What counts as an e-mail address: enough to catch a slip, no more; the mail itself is the proof.

The local part is ASCII, since few servers take more; a domain in letters is kept in its ASCII form.
"""

from __future__ import annotations

import re

from forum.core.limits import EMAIL
from forum.core.textcheck import clean_line

_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def clean_email(text: str) -> str | None:
    """The address as it is stored, small letters and ASCII, or None when it is none."""
    plain = clean_line(text).lower()
    local, at, domain = plain.rpartition("@")
    if not at or len(plain) > EMAIL.value or len(local) > 64 or not _LOCAL.fullmatch(local):
        return None
    host = clean_domain(domain)
    return f"{local}@{host}" if host and len(local) + len(host) < EMAIL.value else None


def clean_handle(text: str) -> str:
    """An e-mail or staff number as it is looked up, whatever way it was typed."""
    return clean_email(text[:300]) or clean_line(text[:300]).lower()


def clean_domain(text: str) -> str | None:
    """A domain in its ASCII form, or None; a bare host name is one only as `localhost`."""
    try:
        host = text.strip().lower().encode("idna").decode("ascii")
    except (UnicodeError, ValueError):
        return None
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        return None
    named = len(labels) > 1 and not labels[-1].isdigit()
    return host if named or host == "localhost" else None
