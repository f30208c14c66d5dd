"""What comes in: sizes, encodings, and reads that stay reads."""

from __future__ import annotations

from flask import Flask, g, request

from forum.core import limits
from forum.core.errors import Invalid, ReadOnly, TooLarge
from forum.core.i18n import _
from forum.core.site import site

READS = {"GET", "HEAD", "OPTIONS"}


def install(app: Flask) -> None:
    """Bound every request's body; uploads have a limit of their own."""
    app.config["MAX_CONTENT_LENGTH"] = limits.BODY.value
    app.config["MAX_FORM_MEMORY_SIZE"] = limits.BODY.value
    app.before_request(_bound)
    app.before_request(_refuse_bad_bytes)


def _bound() -> None:
    if request.path == "/files":
        request.max_content_length = limits.UPLOAD.value + 100_000
    allowed = request.max_content_length
    if allowed is not None and (request.content_length or 0) > allowed:
        raise TooLarge


def _refuse_bad_bytes() -> None:
    """A path with control characters names nothing; invalid UTF-8 became U+FFFD already."""
    if "\x00" in request.path:
        raise Invalid(_("This address cannot be understood."))


def refuse_when_read_only() -> None:
    """While the forum is read-only only signing in and out go through."""
    if request.method in READS or request.endpoint in {"accounts.sign_in", "accounts.sign_out"}:
        return
    if site().read_only:
        g.no_store = True
        raise ReadOnly
