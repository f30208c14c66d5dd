"""Pictures made anew: what a camera wrote about place and owner is gone, and so is what hides.

The kind is told by the content, never by the name. A picture is bounded before it is unpacked, so
a small file that unfolds into gigabytes is refused for the price of its header.
"""

from __future__ import annotations

import hashlib
import io
import struct
import threading
import zlib
from dataclasses import dataclass

from PIL import Image, ImageFile, ImageOps

from forum.core.db import assert_no_write_open
from forum.core.errors import Invalid
from forum.core.i18n import lazy
from forum.files import scans

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
PHONES = ("HEIF",)
"""What phones take photos as; its reader is loaded when the first such photo comes."""
MOST_PIXELS, MOST_EXACT_PIXELS = 50_000_000, 36_000_000
"""A JPEG is unpacked at a fraction of its size, most others whole: room for an 8K screenshot, and
for the largest photo that a phone takes."""
LONGEST_EDGE = 2_400
QUALITY = 84
NO_PICTURE = lazy("This is not a picture the forum can read. Send a JPEG, PNG, WebP, GIF or HEIC.")
TOO_MANY_PIXELS = lazy("This picture has too many pixels. Make it smaller and send it again.")
_ENDS = (b"\xff\xd9", b"IEND\xaeB`\x82")
_TOLD = frozenset(("comment", "xmp", "icc_profile"))
"""What says more than pixels do."""
_PHOTOS = ("JPEG", *PHONES)
_PHONE_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc"))
_ONE_AT_A_TIME = threading.Lock()
"""A large picture takes hundreds of megabytes while it is unpacked; several at once, all of it."""
_BROKEN = (
    OSError, ValueError, SyntaxError, EOFError, TypeError, IndexError, KeyError, AttributeError,
    OverflowError, ZeroDivisionError, RuntimeError, struct.error, zlib.error,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture ready to be kept."""

    content: bytes
    media_type: str
    width: int
    height: int

    @property
    def sha256(self) -> str:
        """What the file is called."""
        return hashlib.sha256(self.content).hexdigest()


def remade(raw: bytes) -> Picture:
    """The same picture, upright, bounded and without anything else in it. Raises Invalid."""
    assert_no_write_open("picture re-encoded")
    if scans.too_many(raw):
        raise Invalid(NO_PICTURE, field="file")
    try:
        with _ONE_AT_A_TIME:
            return _remade(raw)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Invalid(TOO_MANY_PIXELS, field="file") from None
    except _BROKEN:
        raise Invalid(NO_PICTURE, field="file") from None


def made_before(raw: bytes) -> Picture:
    """A picture that a forum made, with not a byte changed. Raises Invalid for any other."""
    made = remade(raw)
    if not raw.endswith(_ENDS):
        raise Invalid(NO_PICTURE, field="file")
    try:
        with Image.open(io.BytesIO(raw), formats=("JPEG", "PNG")) as image:
            same, kind = image.size == (made.width, made.height), image.get_format_mimetype()
            told = bool(image.getexif()) or not _TOLD.isdisjoint(image.info)
    except _BROKEN:
        raise Invalid(NO_PICTURE, field="file") from None
    if not same or told or kind is None:
        raise Invalid(NO_PICTURE, field="file")
    return Picture(raw, kind, made.width, made.height)


def _remade(raw: bytes) -> Picture:
    # What makes PDFs lets the whole process take cut-off pictures from its import on.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    with Image.open(io.BytesIO(raw), formats=_formats_of(raw)) as image:
        most = MOST_PIXELS if image.format in _PHOTOS else MOST_EXACT_PIXELS
        if image.width * image.height > most:
            raise Invalid(TOO_MANY_PIXELS, field="file")
        clear = _has_holes(image)
        mode = "RGBA" if clear else "RGB"
        # A JPEG can be unpacked at a fraction of its size; others ignore this.
        image.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
        ImageOps.exif_transpose(image, in_place=True)
        plain: Image.Image = image if image.mode == mode else image.convert(mode)
        plain.thumbnail((LONGEST_EDGE, LONGEST_EDGE), Image.Resampling.LANCZOS)
        return _written(plain, exact=clear or image.format in ("PNG", "GIF"))


def _formats_of(raw: bytes) -> tuple[str, ...]:
    """What a file may be; a phone's photo says so, which is checked before anything is loaded."""
    if raw[4:8] != b"ftyp" or raw[8:12] not in _PHONE_BRANDS:
        return FORMATS
    from pillow_heif import register_heif_opener

    register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)
    return PHONES


def _has_holes(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info


def _written(image: Image.Image, *, exact: bool) -> Picture:
    """Screenshots stay exact, photos become JPEG; pixels only, no metadata is handed over."""
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    out = io.BytesIO()
    if exact:
        bare.save(out, "PNG")
    else:
        bare.save(out, "JPEG", quality=QUALITY, progressive=True)
    kind = "image/png" if exact else "image/jpeg"
    return Picture(out.getvalue(), kind, image.width, image.height)
