"""What comes in: sizes, encodings, and reads that stay reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from flask import Flask, Request, current_app, g, request
from werkzeug.datastructures import ImmutableMultiDict, iter_multi_items

from forum.core import limits
from forum.core.errors import Invalid, ReadOnly, TooLarge
from forum.core.i18n import _
from forum.core.site import site

View = TypeVar("View", bound=Callable[..., Any])
READS = {"GET", "HEAD", "OPTIONS"}


class Fields(ImmutableMultiDict[str, Any]):
    """What was asked or sent, without NUL, which nobody types and PostgreSQL cannot hold."""

    def __init__(self, mapping: Any = None) -> None:
        super().__init__(_without_nul(mapping) if mapping else mapping)


def _without_nul(mapping: Any) -> Iterator[tuple[str, Any]]:
    for name, value in iter_multi_items(mapping):
        yield name, value.replace("\x00", "") if isinstance(value, str) else value


class ForumRequest(Request):
    """A request whose fields hold texts that both databases can hold."""

    parameter_storage_class = Fields


def install(app: Flask) -> None:
    """Bound every request's body; uploads have a limit of their own."""
    app.request_class = ForumRequest
    app.config["MAX_CONTENT_LENGTH"] = limits.BODY.value
    app.config["MAX_FORM_MEMORY_SIZE"] = limits.BODY.value
    app.before_request(_bound)
    app.before_request(_refuse_bad_bytes)


ROOM = 100_000
"""Bytes for what a browser sends around a file."""


def most_bytes() -> int:
    """How large an uploaded file may be here."""
    megabytes: int = current_app.config["UPLOAD_MB"]
    return megabytes * 1_000_000


def takes_pictures(view: View) -> View:
    """Mark a view whose form may bring a picture or a document, which is larger than a text."""
    view.__dict__["takes_pictures"] = True
    return view


def takes_files(view: View) -> View:
    """Mark a view whose form may bring a file to import, to those it lets in."""
    view.__dict__["takes_files"] = True
    return view


def _is_marked(mark: str) -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, mark, False))


def _bound() -> None:
    if _is_marked("takes_pictures") and request.mimetype == "multipart/form-data":
        request.max_content_length = most_bytes() + ROOM
    allowed = request.max_content_length
    if _is_marked("takes_files"):
        allowed = limits.IMPORT.value + ROOM
    if allowed is not None and (request.content_length or 0) > allowed:
        raise TooLarge


def make_room() -> None:
    """Take in as large a file as the view takes, once its sender was let in."""
    if _is_marked("takes_files"):
        # What was looked at comes back as a field, to be applied.
        request.max_content_length = request.max_form_memory_size = limits.IMPORT.value + ROOM


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
    if request.method in READS or _is_marked("works_read_only"):
        return
    if site().read_only:
        g.no_store = True
        raise ReadOnly
