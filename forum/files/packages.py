"""Office documents as what they are: zip archives of XML, looked into without being unpacked.

All that is asked of an archive is read from its directory and from a few small parts, so that a
file which unfolds into gigabytes is refused for the price of its list of contents.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from enum import Enum

from forum.files.kinds import PACKAGES, Kind
from forum.files.xmlparts import BadXml, begin, check

MOST_PARTS = 4_000
MOST_UNPACKED = 200_000_000
MOST_RATIO, RATIO_FROM = 120, 1_000_000
"""How many times larger a part may unfold, once it is large: a sheet of zeros reaches eighty."""
MOST_LOOKED_AT = 60_000_000
"""Bytes that are unpacked to look at a document and at all those inside it: half a second."""
HEAD = 65_536
"""Bytes in which an XML part has to come to its first element."""
MOST_NESTED = 2
LIST, TYPE, MANIFEST = "[Content_Types].xml", "mimetype", "META-INF/manifest.xml"
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


class Looked:
    """How much is left to be looked at: no nesting makes a small file a long work."""

    def __init__(self) -> None:
        self.bytes, self.parts = MOST_LOOKED_AT, MOST_PARTS

    def read(self, archive: zipfile.ZipFile, name: str | zipfile.ZipInfo, most: int = -1) -> bytes:
        """What a part begins with, or holds. Raises what a broken archive raises, and Refused."""
        with archive.open(name) as part:
            found = part.read(min(most, self.bytes) if most >= 0 else self.bytes + 1)
        self.bytes -= len(found)
        self._check()
        return found

    def enter(self, parts: int) -> None:
        """Another archive of so many parts. Raises Refused."""
        self.parts -= parts
        self._check()

    def _check(self) -> None:
        if self.bytes <= 0 or self.parts < 0:
            raise Refused(Fault.BOMB)


def told(raw: bytes) -> Kind | None:
    """Which Office document an archive is, None for another archive. Raises Refused."""
    looked = Looked()
    try:
        with _opened(raw) as archive:
            _check(archive, len(raw), looked)
            return _kind_of(archive, looked)
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


def _check(archive: zipfile.ZipFile, size: int, looked: Looked, depth: int = 0) -> None:
    parts = archive.infolist()
    looked.enter(len(parts))
    _check_sizes(parts, size)
    for part in parts:
        _check_name(part.filename.lower())
        if part.filename.lower().endswith((".xml", ".rels")):
            begin(looked.read(archive, part, HEAD))
    for part in parts:
        if part.filename.lower().endswith(_NESTED):
            _check_nested(looked.read(archive, part), looked, depth + 1)


def _check_nested(raw: bytes, looked: Looked, depth: int) -> None:
    """A document inside a document, such as the sheet behind a chart."""
    if depth > MOST_NESTED:
        raise Refused(Fault.BOMB)
    with _opened(raw) as archive:
        _check(archive, len(raw), looked, depth)


def _check_sizes(parts: list[zipfile.ZipInfo], size: int) -> None:
    if any(part.flag_bits & 0x1 for part in parts):
        raise Refused(Fault.LOCKED)
    if len({part.filename for part in parts}) < len(parts):
        raise Refused(Fault.BOMB)
    # Parts that lie on top of one another are how a small archive unfolds without end.
    if sum(part.compress_size for part in parts) > size or _unfolds(parts):
        raise Refused(Fault.BOMB)


def _unfolds(parts: list[zipfile.ZipInfo]) -> bool:
    return sum(part.file_size for part in parts) > MOST_UNPACKED or any(
        part.file_size > max(RATIO_FROM, MOST_RATIO * part.compress_size) for part in parts
    )


def _check_name(name: str) -> None:
    if name.endswith(_MACROS[:2]) or any(
        name.startswith(folder) or f"/{folder}" in name for folder in _MACROS[2:]
    ):
        raise Refused(Fault.MACROS)
    if name.endswith(_FOREIGN):
        raise Refused(Fault.FOREIGN)


def _kind_of(archive: zipfile.ZipFile, looked: Looked) -> Kind | None:
    names = set(archive.namelist())
    said = looked.read(archive, TYPE, HEAD) if TYPE in names else b""
    if LIST in names:
        said = looked.read(archive, LIST)
        check(said)
        if b"macroenabled" in said.lower():
            raise Refused(Fault.MACROS)
    if MANIFEST in names and b"encryption-data" in looked.read(archive, MANIFEST):
        raise Refused(Fault.LOCKED)
    fitting = (kind for kind in PACKAGES if kind.main in names)
    return next((kind for kind in fitting if _names(said, kind)), None)


def _names(said: bytes, kind: Kind) -> bool:
    """Whether what a package says of itself is this kind: a list of parts, or its whole type."""
    media_type = kind.media_type.encode()
    return media_type + b".main+xml" in said or said.strip() == media_type
