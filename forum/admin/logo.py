"""The company's logo: taken apart and encoded anew, small, without what a file may hide."""

from __future__ import annotations

import secrets
import warnings
from io import BytesIO
from typing import IO

from PIL import Image, ImageOps
from sqlalchemy import delete

from forum.core.db import assert_no_write_open, db
from forum.core.errors import Invalid
from forum.core.i18n import _
from forum.core.site import SitePicture

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
LARGEST = (600, 112)
"""Four times as tall as it is shown, for fine screens and print."""
MOST_PIXELS = 30_000_000


def encode(file: IO[bytes]) -> bytes:
    """The picture as a small PNG. Raises Invalid when it is none."""
    assert_no_write_open("encoded a picture")
    try:
        with warnings.catch_warnings(), Image.open(file, formats=FORMATS) as picture:
            warnings.simplefilter("error")
            return _small_png(picture)
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError):
        raise Invalid(_("Choose a PNG, JPEG, WebP or GIF picture."), field="logo") from None


def _small_png(picture: Image.Image) -> bytes:
    if picture.width * picture.height > MOST_PIXELS:
        raise ValueError("too many pixels")
    upright = ImageOps.exif_transpose(picture).convert("RGBA")
    upright.thumbnail(LARGEST)
    clean = Image.new("RGBA", upright.size)
    clean.paste(upright)
    out = BytesIO()
    clean.save(out, "PNG", optimize=True)
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
