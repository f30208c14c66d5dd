"""A forum to fill and measure, in a folder of its own that goes with it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from forum.app import create_app


@contextmanager
def new_forum() -> Iterator[tuple[Flask, Path]]:
    """An empty forum that limits nobody and says only what went wrong, and its folder."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        yield forum_in(folder), folder


def forum_in(folder: Path) -> Flask:
    """The forum of a folder."""
    return create_app(
        {"DATA_DIR": folder, "RATE_LIMITS": False, "PUBLIC_URL": None, "LOG_LEVEL": "ERROR"}
    )
