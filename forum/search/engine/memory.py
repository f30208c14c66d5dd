"""Memory that searches take and give back all the time."""

from __future__ import annotations

import ctypes
from contextlib import suppress

LARGEST = 16 << 20
"""Bytes of an array, up to which the memory of one that is done with is kept for the next."""
KEPT = 32 << 20
"""Bytes that a process keeps at hand at most, once it has used them."""
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3


def keep_freed() -> None:
    """Have this process keep some of what it frees.

    glibc gives large arrays back to the system at once, which then hands out cleared pages one by
    one: at half a million documents that takes longer than the search. Elsewhere this is nothing.
    """
    with suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None)
        # Either alone would end glibc's own search for good values of both.
        libc.mallopt(_M_MMAP_THRESHOLD, LARGEST)
        libc.mallopt(_M_TRIM_THRESHOLD, KEPT)
