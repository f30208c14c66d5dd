"""Memory that searches take and give back all the time."""

from __future__ import annotations

import ctypes
from contextlib import suppress

KEPT = 8 << 20
"""Bytes that a process keeps at hand, once it has used them."""
_M_TOP_PAD = -2


def keep_freed() -> None:
    """Have this process keep some of what it frees.

    glibc gives large arrays back to the system at once, which then hands out cleared pages one by
    one: at half a million documents that takes longer than the search. Elsewhere this is nothing.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_TOP_PAD, KEPT)
