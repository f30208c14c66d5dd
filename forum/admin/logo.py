"""The company's logo: taken apart and encoded anew, small, without what a file may hide."""

from __future__ import annotations

import secrets
from io import BytesIO

from PIL import Image
from sqlalchemy import delete

from forum.core import limits
from forum.core.db import db
from forum.core.errors import TooLarge
from forum.core.site import SitePicture
from forum.files.pictures import remade

LARGEST = (600, 112)
"""Four times as tall as it is shown, for fine screens and print."""


def encode(raw: bytes) -> bytes:
    """The picture as a small PNG. Raises Invalid when it is none, or TooLarge."""
    if not limits.UPLOAD.allows(raw):
        raise TooLarge
    with Image.open(BytesIO(remade(raw).content)) as picture:
        small = picture.convert("RGBA")
        small.thumbnail(LARGEST)
        out = BytesIO()
        small.save(out, "PNG", optimize=True)
        return out.getvalue()


def store(png: bytes) -> str:
    """Put a logo in place of the one before, in the open write; its key."""
    key = secrets.token_hex(12)
    db.session.execute(delete(SitePicture))
    db.session.add(SitePicture(key=key, png=png))
    db.session.flush()
    return key


def remove() -> None:
    """Go without a logo, in the open write."""
    db.session.execute(delete(SitePicture))
