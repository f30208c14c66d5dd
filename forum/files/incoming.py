"""Files that came with a form."""

from __future__ import annotations

from typing import NamedTuple

from flask import request
from werkzeug.datastructures import FileStorage


class SentFile(NamedTuple):
    """What was sent in a field, and what its sender calls it."""

    content: bytes
    name: str


def sent_files(name: str) -> list[SentFile]:
    """Every file that was chosen in a field; no copy stays on the disk."""
    chosen = [each for each in request.files.getlist(name) if each.filename]
    return [SentFile(_read(each), each.filename or "") for each in chosen]


def sent_picture(name: str) -> bytes:
    """What was sent in a field, empty if nothing was; no copy stays on the disk."""
    sent = request.files.get(name)
    return b"" if sent is None else _read(sent)


def _read(sent: FileStorage) -> bytes:
    try:
        content: bytes = sent.read()
        return content
    finally:
        sent.close()
