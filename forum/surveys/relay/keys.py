"""The secret of a text, and the random key that follows from it, which is all that is stored.

The key alone is no way back to the secret, and keys of one person have nothing in common.
"""

from __future__ import annotations

from forum.accounts.sessions import digest

_DIGITS = 128 // 4


def key_of(secret: str) -> str:
    """The key of the text whose author was shown this secret: 128 bits of its digest."""
    return digest(secret)[:_DIGITS]
