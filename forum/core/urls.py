"""Addresses inside the site, and nothing outside it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

from werkzeug.routing import IntegerConverter, Map

LARGEST_ID = 2**62


class StoredNumber(IntegerConverter):
    """A number in an address, as large as a row's id may be; a larger one names nothing: 404."""

    def __init__(self, url_map: Map, **options: Any) -> None:
        super().__init__(url_map, **{"max": LARGEST_ID, **options})


def safe_next(target: str | None) -> str:
    """The address to go on to: a path of this site, or `/` for anything else."""
    if not target or len(target) > 2000 or not target.startswith("/"):
        return "/"
    if target.startswith(("//", "/\\")) or "\\" in target or not target.isprintable():
        return "/"
    try:
        parts = urlsplit(target)
    except ValueError:
        return "/"
    return "/" if parts.scheme or parts.netloc else target


def sign_in_address(target: str) -> str:
    """The sign-in page, coming back to `target` afterwards."""
    return "/sign-in?next=" + quote(safe_next(target), safe="/")
