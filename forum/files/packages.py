"""Office documents as what they are: zip archives of XML, looked into without being unpacked.

All that is asked of an archive is read from its directory and from a few small parts, so that a
file which unfolds into gigabytes is refused for the price of its list of contents.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from enum import Enum

from forum.files.kinds import PACKAGES, Kind
from forum.files.xmlparts import BadXml, begin, check

MOST_PARTS = 4_000
MOST_UNPACKED = 200_000_000
MOST_RATIO, RATIO_FROM = 120, 1_000_000
"""How many times larger a part may unfold, once it is large: a sheet of zeros reaches eighty."""
MOST_OF_A_PART = 40_000_000
"""Bytes of a part that are looked at."""
HEAD = 65_536
"""Bytes in which an XML part has to come to its first element."""
MOST_NESTED = 2
LIST, TYPE = "[Content_Types].xml", "mimetype"
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, KeyError,
    NotImplementedError, OverflowError, IndexError,
)  # fmt: skip
_NESTED = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp")
_FOREIGN = (
    ".zip", ".7z", ".rar", ".gz", ".bz2", ".xz", ".tar", ".jar", ".exe", ".dll", ".scr", ".com",
    ".js", ".jse", ".vbs", ".vbe", ".wsf", ".hta", ".bat", ".cmd", ".ps1", ".lnk", ".msi", ".iso",
)  # fmt: skip
_MACROS = ("vbaproject.bin", "vbadata.xml", "macrosheets/", "basic/", "scripts/")


class Fault(Enum):
    """Why a document is not taken."""

    BROKEN = "broken"
    LOCKED = "locked"
    MACROS = "macros"
    BOMB = "bomb"
    FOREIGN = "foreign"


class Refused(ValueError):
    """A package that is not taken, and why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def told(raw: bytes) -> Kind | None:
    """Which Office document an archive is, None for another archive. Raises Refused."""
    try:
        with _opened(raw) as archive:
            _check(archive, len(raw))
            kind = _kind_of(archive)
            if kind is not None:
                _check_main(archive, kind)
            return kind
    except Refused:
        raise
    except BadXml as error:
        raise Refused(Fault.BOMB if error.declares else Fault.BROKEN) from None
    except _BROKEN:
        raise Refused(Fault.BROKEN) from None


def _opened(raw: bytes) -> zipfile.ZipFile:
    """The archive that begins with the file and ends with it: nothing before, nothing behind."""
    tail = raw.rfind(b"PK\x05\x06", max(0, len(raw) - 70_000))
    if not raw.startswith(b"PK\x03\x04") or not ends_as_archive(raw):
        raise Refused(Fault.BROKEN)
    size, at = (int.from_bytes(raw[tail + n : tail + n + 4], "little") for n in (12, 16))
    if at + size != tail:
        raise Refused(Fault.BROKEN)
    if int.from_bytes(raw[tail + 10 : tail + 12], "little") > MOST_PARTS:
        raise Refused(Fault.BOMB)
    return zipfile.ZipFile(io.BytesIO(raw))


def ends_as_archive(raw: bytes) -> bool:
    """Whether a file ends with the end of an archive, whatever it begins with."""
    tail = raw.rfind(b"PK\x05\x06", max(0, len(raw) - 70_000))
    comment = int.from_bytes(raw[tail + 20 : tail + 22], "little")
    return tail >= 0 and len(raw) == tail + 22 + comment


def _check(archive: zipfile.ZipFile, size: int, depth: int = 0) -> None:
    parts = archive.infolist()
    _check_sizes(parts, size)
    for part in parts:
        _check_part(archive, part)
    for inner in _nested(archive, parts):
        if depth == MOST_NESTED:
            raise Refused(Fault.BOMB)
        with _opened(inner) as nested:
            _check(nested, len(inner), depth + 1)


def _check_sizes(parts: list[zipfile.ZipInfo], size: int) -> None:
    if any(part.flag_bits & 0x1 for part in parts):
        raise Refused(Fault.LOCKED)
    if len(parts) > MOST_PARTS or len({part.filename for part in parts}) < len(parts):
        raise Refused(Fault.BOMB)
    # Parts that lie on top of one another are how a small archive unfolds without end.
    if sum(part.compress_size for part in parts) > size or _unfolds(parts):
        raise Refused(Fault.BOMB)


def _unfolds(parts: list[zipfile.ZipInfo]) -> bool:
    return sum(part.file_size for part in parts) > MOST_UNPACKED or any(
        part.file_size > max(RATIO_FROM, MOST_RATIO * part.compress_size) for part in parts
    )


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    name = part.filename.lower()
    _check_name(name)
    if name.endswith((".xml", ".rels")):
        with archive.open(part) as opened:
            begin(opened.read(HEAD))


def _check_name(name: str) -> None:
    if name.endswith(_MACROS[:2]) or any(
        name.startswith(folder) or f"/{folder}" in name for folder in _MACROS[2:]
    ):
        raise Refused(Fault.MACROS)
    if name.endswith(_FOREIGN):
        raise Refused(Fault.FOREIGN)


def _nested(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> Iterator[bytes]:
    """Documents inside a document, such as the sheet behind a chart."""
    for part in parts:
        if part.filename.lower().endswith(_NESTED):
            yield read(archive, part)


def read(archive: zipfile.ZipFile, part: zipfile.ZipInfo | str) -> bytes:
    """What a part holds, as far as it is looked at. Raises what a broken archive raises."""
    with archive.open(part) as opened:
        return opened.read(MOST_OF_A_PART)


def _kind_of(archive: zipfile.ZipFile) -> Kind | None:
    names = set(archive.namelist())
    said = read(archive, TYPE) if TYPE in names else b""
    if LIST in names:
        listed = read(archive, LIST)
        check(listed)
        if b"macroenabled" in listed.lower():
            raise Refused(Fault.MACROS)
        said = listed
    fitting = (kind for kind in PACKAGES if kind.main in names)
    return next((kind for kind in fitting if _names(said, kind)), None)


def _names(said: bytes, kind: Kind) -> bool:
    """Whether what a package says of itself is this kind: a list of parts, or its whole type."""
    media_type = kind.media_type.encode()
    return media_type + b".main+xml" in said or said.strip() == media_type


def _check_main(archive: zipfile.ZipFile, kind: Kind) -> None:
    if "META-INF/manifest.xml" in archive.namelist():
        manifest = read(archive, "META-INF/manifest.xml")
        if b"encryption-data" in manifest:
            raise Refused(Fault.LOCKED)
    check(read(archive, kind.main))
