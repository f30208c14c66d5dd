"""Numbers as browsers send them: digits and nothing else, no longer than a column takes."""

from __future__ import annotations

from typing import Any


def id_or_none(sent: Any) -> int | None:
    """A row's id, or None for anything that is none; 18 digits at most."""
    return _digits(sent, 18)


def number_or_none(sent: Any) -> int | None:
    """A version, a lock or another small number, or None; nine digits at most."""
    return _digits(sent, 9)


def to_id(sent: Any) -> int:
    """A row's id for a form's field. Raises ValueError."""
    found = id_or_none(sent)
    if found is None:
        raise ValueError("not an id")
    return found


def to_id_or_nothing(sent: Any) -> int | None:
    """The same for a field that may be left empty."""
    return None if sent in (None, "", "None") else to_id(sent)


def _digits(sent: Any, most: int) -> int | None:
    text = "" if sent is None else str(sent).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= most else None
