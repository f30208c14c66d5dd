"""The folder of uploads: a file is there whole or not at all, named by what it holds."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from flask import current_app


def folder() -> Path:
    """Where uploads lie."""
    return Path(current_app.config["DATA_DIR"]) / "uploads"


def place_of(sha256: str) -> Path:
    """The path of a file by its digest."""
    return folder() / sha256[:2] / sha256


def keep(sha256: str, content: bytes) -> None:
    """Write a file and make sure it lasts. Raises OSError (a full disk is 507), leaving nothing.

    One that is there already is as good as new, so a sweep that has begun leaves it.
    """
    place = place_of(sha256)
    with suppress(FileNotFoundError):
        os.utime(place)
        return
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = place.with_name(f".{sha256}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(place)
        _settle(place.parent)
        _settle(place.parent.parent)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise


def read(sha256: str) -> bytes | None:
    """What a file holds, None when it is not there; re-encoding keeps it to a few megabytes."""
    try:
        return place_of(sha256).read_bytes()
    except FileNotFoundError:
        return None


def _settle(path: Path) -> None:
    """A new name lasts only once its folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def every() -> Iterator[str]:
    """The digest of every whole file in the folder."""
    for part in sorted(folder().glob("??")):
        yield from (path.name for path in sorted(part.iterdir()) if not path.name.startswith("."))


def sweep_drafts(before: float) -> None:
    """Remove what a killed process left half-written before a moment."""
    for draft in folder().glob("??/.*"):
        with suppress(FileNotFoundError):
            if draft.stat().st_mtime < before:
                draft.unlink()


def is_older(sha256: str, moment: float) -> bool:
    """Whether a file was last sent before a moment; not when it is gone."""
    try:
        return place_of(sha256).stat().st_mtime < moment
    except FileNotFoundError:
        return False


def remove(sha256: str) -> None:
    """Remove a file; none is as good."""
    place_of(sha256).unlink(missing_ok=True)
