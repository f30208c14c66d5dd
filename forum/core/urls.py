"""Addresses inside the site, and nothing outside it."""

from __future__ import annotations

from urllib.parse import quote, urlsplit


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
