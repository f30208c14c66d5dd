"""The archive: one portable file for either database, checked before anything is believed.

A tar.gz with `manifest.json` first, then `tables/<name>.jsonl`, `uploads/…` and `secret-key`. The
manifest holds the SHA-256 of every other member, so a damaged archive is refused as a whole.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import IO, Any

from forum.core.errors import DomainError

FORMAT = 1
CHUNK = 1 << 20
BROKEN = (tarfile.TarError, EOFError, zlib.error, OSError)
"""What reading a damaged archive raises."""


class BadArchive(DomainError):
    """The file is no archive of ours, or not whole."""


class Refused(DomainError):
    """Backup or restore would lose something."""


@dataclass(frozen=True, slots=True)
class TableNote:
    """What a table held: rows, the digest of its lines, and the last id it gave out."""

    rows: int
    sha256: str
    columns: list[str]
    last_id: int | None = None


@dataclass(slots=True)
class Manifest:
    """What the archive holds and what it was made from."""

    revision: str
    made_at: str
    version: str
    format: int = FORMAT
    tables: dict[str, TableNote] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> bytes:
        """The manifest as it lies in the archive."""
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()


def parse_manifest(raw: bytes) -> Manifest:
    """Read a manifest. Raises BadArchive."""
    try:
        values = json.loads(raw)
        tables = {name: TableNote(**note) for name, note in values.pop("tables").items()}
        manifest = Manifest(**values, tables=tables)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadArchive("The archive's manifest cannot be read.") from error
    if manifest.format != FORMAT:
        raise BadArchive(f"The archive has format {manifest.format}; this version reads {FORMAT}.")
    return manifest


def encode(row: Any, json_columns: frozenset[int]) -> bytes:
    """A row as one line; what JSON does not know is tagged with its kind."""
    cells = [
        {"j": cell} if place in json_columns else _encode_cell(cell)
        for place, cell in enumerate(row)
    ]
    return json.dumps(cells, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _encode_cell(cell: Any) -> Any:
    if isinstance(cell, datetime):
        aware = cell.replace(tzinfo=UTC) if cell.tzinfo is None else cell.astimezone(UTC)
        return {"t": aware.isoformat(timespec="microseconds")}
    if isinstance(cell, date):
        return {"d": cell.isoformat()}
    if isinstance(cell, bytes | memoryview):
        return {"b": base64.b64encode(bytes(cell)).decode()}
    if isinstance(cell, Decimal):
        return float(cell)
    return cell


def decode(line: bytes) -> list[Any]:
    """The cells of a line."""
    return [_decode_cell(cell) for cell in json.loads(line)]


def _decode_cell(cell: Any) -> Any:
    if not isinstance(cell, dict):
        return cell
    ((kind, value),) = cell.items()
    if kind == "t":
        return datetime.fromisoformat(value)
    if kind == "d":
        return date.fromisoformat(value)
    if kind == "b":
        return base64.b64decode(value)
    return value


class Reading:
    """An archive opened for reading: its members in order, each with its bytes."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def members(self) -> Iterator[tuple[str, IO[bytes]]]:
        """Name and content of each member. Raises BadArchive, or what a broken stream raises."""
        with tarfile.open(self.path, "r|gz") as tar:
            for member in tar:
                content = tar.extractfile(member)
                if content is None or not is_safe(member.name):
                    raise BadArchive(f"The archive holds something odd: {member.name!r}.")
                yield member.name, content

    def check(self) -> Manifest:
        """Read everything once and compare every digest. Raises BadArchive."""
        try:
            return self._check()
        except BROKEN as error:
            raise BadArchive(f"The archive is damaged or none at all: {self.path}.") from error

    def _check(self) -> Manifest:
        members = self.members()
        name, content = next(members, ("", io.BytesIO()))
        if name != "manifest.json":
            raise BadArchive(f"{self.path} is not an archive made by `forum backup`.")
        manifest = parse_manifest(content.read())
        found = {name: digest_of(content) for name, content in members}
        wanted = {f"tables/{name}.jsonl": note.sha256 for name, note in manifest.tables.items()}
        wanted.update(manifest.files)
        if found != wanted:
            odd = sorted(set(found.items()) ^ set(wanted.items()))[0][0]
            raise BadArchive(f"The archive is damaged: {odd} is not what was backed up.")
        return manifest


def is_safe(name: str) -> bool:
    """Whether a member's name stays inside the folder it is unpacked into."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and bool(path.parts)


def digest_of(content: IO[bytes]) -> str:
    """SHA-256 of a stream."""
    digest = hashlib.sha256()
    while chunk := content.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
