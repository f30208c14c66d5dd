"""How many scans a JPEG has, read from its markers alone.

A progressive picture is drawn in about ten passes. A few bytes suffice for a further one, and each
costs as much as unpacking the whole picture: a small file can keep a processor busy for an hour.
"""

from __future__ import annotations

import re

MOST = 40
"""More than any encoder writes."""
# Inside a scan, FF before 00 is data and before D0-D7 a point to resume at.
_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])", re.DOTALL)
_START, _END_OF_PICTURE, _SCAN = b"\xff\xd8", 0xD9, 0xDA
_BARE = {0x01, 0xD8}


def too_many(raw: bytes) -> bool:
    """Whether a file is a JPEG of more scans than one may ask to be unpacked."""
    if not raw.startswith(_START):
        return False
    scans, place = 0, len(_START)
    while scans <= MOST and (found := _MARKER.search(raw, place)):
        marker, place = found.group(1)[0], found.end()
        if marker == _END_OF_PICTURE:
            break
        scans += marker == _SCAN
        if marker not in _BARE:
            place += int.from_bytes(raw[place : place + 2], "big")
    return scans > MOST
