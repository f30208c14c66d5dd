"""What comes in: sizes, encodings, and reads that stay reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, g, request

from forum.core import limits
from forum.core.errors import Invalid, ReadOnly, TooLarge
from forum.core.i18n import _
from forum.core.site import site

View = TypeVar("View", bound=Callable[..., Any])
READS = {"GET", "HEAD", "OPTIONS"}


def install(app: Flask) -> None:
    """Bound every request's body; uploads have a limit of their own."""
    app.config["MAX_CONTENT_LENGTH"] = limits.BODY.value
    app.config["MAX_FORM_MEMORY_SIZE"] = limits.BODY.value
    app.before_request(_bound)
    app.before_request(_refuse_bad_bytes)


def takes_pictures(view: View) -> View:
    """Mark a view whose form may bring a picture, which is larger than any text."""
    view.__dict__["takes_pictures"] = True
    return view


def _bound() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "takes_pictures", False):
        request.max_content_length = limits.UPLOAD.value + 100_000
    allowed = request.max_content_length
    if allowed is not None and (request.content_length or 0) > allowed:
        raise TooLarge


def _refuse_bad_bytes() -> None:
    """A path with control characters names nothing; invalid UTF-8 became U+FFFD already."""
    if "\x00" in request.path:
        raise Invalid(_("This address cannot be understood."))


def works_read_only(view: View) -> View:
    """Mark a view that takes changes even while the forum is read-only."""
    view.__dict__["works_read_only"] = True
    return view


def refuse_when_read_only() -> None:
    """While the forum is read-only only marked views take changes: signing in, and switching it."""
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method in READS or getattr(view, "works_read_only", False):
        return
    if site().read_only:
        g.no_store = True
        raise ReadOnly
