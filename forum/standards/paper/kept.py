"""The folder of what was printed: it can be deleted at any time and is made anew."""

from __future__ import annotations

import os
import secrets
import time
from contextlib import suppress
from pathlib import Path

from flask import current_app

KEEP_DAYS = 7
"""What says “valid on that day” is seldom wanted later."""


def _folder() -> Path:
    return Path(current_app.config["DATA_DIR"]) / "printed"


def read(digest: str) -> bytes | None:
    """The PDF of a sheet, None where there is none (any more)."""
    with suppress(FileNotFoundError):
        return (_folder() / f"{digest}.pdf").read_bytes()
    return None


def has(digest: str) -> bool:
    """Whether there is one."""
    return (_folder() / f"{digest}.pdf").is_file()


def keep(digest: str, pdf: bytes) -> None:
    """Lay a PDF down, whole or not at all. Raises OSError when the disk is full."""
    folder = _folder()
    folder.mkdir(mode=0o700, exist_ok=True)
    draft = folder / f".{digest}.{secrets.token_hex(4)}"
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(pdf)
        draft.replace(folder / f"{digest}.pdf")
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise


def sweep() -> None:
    """Remove what was printed days ago, and what a crash left half-written."""
    before = time.time() - KEEP_DAYS * 86_400
    for file in _folder().glob("*") if _folder().is_dir() else ():
        with suppress(FileNotFoundError):
            if file.stat().st_mtime < before:
                file.unlink()
