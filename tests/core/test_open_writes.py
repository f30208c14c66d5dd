"""What other writers wait for is short: slow work refuses to run while a write is open."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask
from PIL import Image

from forum.accounts import passwords
from forum.admin import logo
from forum.core import mail, richtext
from forum.core.db import transaction
from forum.files import pictures


def png() -> bytes:
    """A small picture."""
    file = io.BytesIO()
    Image.new("RGB", (4, 4)).save(file, "PNG")
    return file.getvalue()


SLOW: dict[str, Callable[[], object]] = {
    "rendering a text": lambda: richtext.compose("Some **text**."),
    "hashing a password": lambda: passwords.hash_password("a long enough sentence"),
    "checking a password": lambda: passwords.matches(None, "a long enough sentence"),
    "encoding a picture": lambda: pictures.remade(png()),
    "encoding a logo": lambda: logo.encode(png()),
    "writing a mail": lambda: mail.write("a@example.org", "en", lambda: ("Subject", "Text")),
}


@pytest.mark.parametrize("work", SLOW)
def test_slow_work_refuses_to_keep_other_writers_waiting(app: Flask, work: str) -> None:
    with app.app_context():
        SLOW[work]()

        with transaction(), pytest.raises(RuntimeError, match="while a write is open"):
            SLOW[work]()
