"""Plain text in the encodings in which people here save it."""

from __future__ import annotations

import codecs
import re

_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MARKED = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"),
           (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip


def decoded(raw: bytes) -> str | None:
    """The text, None when the bytes are none: UTF-8, UTF-16 with its mark, or Windows-1251."""
    for encoding in _encodings(raw):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _CONTROLS.search(text) else text
    return None


def _encodings(raw: bytes) -> tuple[str, ...]:
    for mark, encoding in _MARKED:
        if raw.startswith(mark):
            return (encoding,)
    return ("utf-8", "cp1251")
