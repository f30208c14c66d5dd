"""Keyset paging: a page costs the same wherever it lies."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

Row = TypeVar("Row")

Cursor = tuple[Any, ...]


def encode_cursor(values: Sequence[str | int | float]) -> str:
    """An opaque, address-safe form of the last row's sort key."""
    raw = json.dumps(list(values), separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode_cursor(text: str | None, shape: Sequence[type]) -> Cursor | None:
    """The sort key behind a cursor, or None when it is missing, damaged or of another sort."""
    if not text or len(text) > 200:
        return None
    try:
        padded = text + "=" * (-len(text) % 4)
        values = json.loads(base64.urlsafe_b64decode(padded.encode()))
    except (ValueError, binascii.Error, RecursionError):
        return None
    if not isinstance(values, list) or len(values) != len(shape):
        return None
    return tuple(values) if all(map(_fits, values, shape)) else None


def read_moment(text: str) -> datetime | None:
    """A moment as a cursor or a form carries it, in UTC; None when it is not one."""
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone(UTC) if at.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _fits(value: object, kind: type) -> bool:
    if kind is int:
        return type(value) is int and abs(value) < 2**62
    if kind is float:
        return type(value) in (int, float) and abs(float(value)) < 1e300  # type: ignore[arg-type]
    return type(value) is kind


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows and, where there are more, the cursor of the next page."""

    rows: list[Row]
    next: str | None


def page_of(rows: Sequence[Row], size: int, key: Callable[[Row], Sequence[Any]]) -> Page[Row]:
    """A page from `size + 1` fetched rows; the extra row only tells that there is a next page."""
    shown = list(rows[:size])
    more = len(rows) > size
    return Page(shown, encode_cursor(key(shown[-1])) if more else None)
