"""What somebody called a file, made safe to show, to send along and to save anywhere."""

from __future__ import annotations

import re

from forum.core.limits import FILE_NAME
from forum.core.textcheck import clean_line

MOST_BYTES = 240
"""File systems stop at 255, and a browser adds a number to a second copy."""
# Refused by Windows, or Markdown with a meaning of its own in the words of a link.
_REFUSED = str.maketrans({**dict.fromkeys('<>:"|?*`', "_"), "[": "(", "]": ")", "~": "-"})
_RESERVED = re.compile(r"(con|prn|aux|nul|clock\$|com[0-9]|lpt[0-9])(?=\.|$)", re.IGNORECASE)
_INVISIBLE = re.compile("[\u200c\u200d\u2066-\u2069\u202a-\u202e]")


def last_part(sent: str) -> str:
    """The name alone: some browsers send the whole path, and so do those who mean harm."""
    return clean_line(_INVISIBLE.sub("", sent)).replace("\\", "/").rpartition("/")[2]


def clean_name(sent: str, ending: str) -> str:
    """A name of one line with this ending, which no file system and no page misunderstands."""
    bare = last_part(sent).translate(_REFUSED).rstrip(" .")
    ends = bare.lower().endswith(f".{ending}")
    stem = (bare[: -len(ending) - 1] if ends else bare).strip(" .") or "file"
    if _RESERVED.match(stem):
        stem = f"_{stem}"
    return f"{_shortened(stem, len(ending) + 1)}.{ending}"


def _shortened(stem: str, needed: int) -> str:
    stem = stem[: FILE_NAME.value - needed]
    return stem.encode()[: MOST_BYTES - needed].decode(errors="ignore").rstrip(" .") or "file"
