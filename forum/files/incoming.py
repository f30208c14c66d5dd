"""Pictures that came with a form."""

from __future__ import annotations

from flask import request


def sent_picture(name: str) -> bytes:
    """What was sent in a field, empty if nothing was; no copy stays on the disk."""
    sent = request.files.get(name)
    if sent is None:
        return b""
    try:
        content: bytes = sent.read()
        return content
    finally:
        sent.close()
