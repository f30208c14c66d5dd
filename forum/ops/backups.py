"""`forum backup`: everything the forum knows in one file, while it runs."""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from flask import current_app

from forum import __version__
from forum.core.clock import now
from forum.core.schema import current_revision
from forum.ops import snapshot
from forum.ops.archive import Manifest, Refused


def back_up(path: Path) -> Manifest:
    """Write a consistent archive, readable by its owner only; `path` appears when it is whole."""
    if path.exists():
        raise Refused(f"{path} exists already.")
    if not path.absolute().parent.is_dir():
        raise Refused(f"There is no folder {path.parent}.")
    revision = current_revision()
    if revision is None:
        raise Refused("There is no forum to back up.")
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    manifest = Manifest(revision=revision, made_at=now().isoformat(), version=__version__)
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".forum-backup-") as folder:
            _collect(manifest, Path(folder))
            _write(manifest, Path(folder), part)
        part.rename(path)
        _sync_folder(path.parent)
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _collect(manifest: Manifest, folder: Path) -> None:
    """Tables first: an upload lies on disk before its row is written, so none is missed."""
    with snapshot.snapshot() as connection:
        for table in snapshot.tables_of(connection):
            with (folder / f"{table.name}.jsonl").open("wb") as target:
                manifest.tables[table.name] = snapshot.dump(connection, table, target)


def _write(manifest: Manifest, folder: Path, part: Path) -> None:
    kept = _hold_files(folder / "files")
    for name, path in kept.items():
        manifest.files[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as tar:
            _add(tar, "manifest.json", manifest.as_json())
            for name in manifest.tables:
                _add_file(tar, f"tables/{name}.jsonl", folder / f"{name}.jsonl")
            for name, path in kept.items():
                _add(tar, name, path.read_bytes())
        file.flush()
        os.fsync(file.fileno())


def _hold_files(folder: Path) -> dict[str, Path]:
    """Another name for every file beside the archive: what is erased meanwhile stays readable."""
    folder.mkdir(mode=0o700)
    held = {}
    for number, (name, source) in enumerate(files_to_keep()):
        place = folder / str(number)
        with suppress(FileNotFoundError):  # erased while we looked
            _hold(source, place)
            held[name] = place
    return held


def _hold(source: Path, place: Path) -> None:
    try:
        os.link(source, place)
    except FileNotFoundError:
        raise
    except OSError:  # on another file system, or one without links
        shutil.copyfile(source, place)


def files_to_keep() -> Iterator[tuple[str, Path]]:
    """Uploads and the secret key; the index and the jobs' wakes are made anew."""
    folder: Path = current_app.config["DATA_DIR"]
    key = folder / "secret-key"
    if key.exists():
        yield "secret-key", key
    for path in sorted((folder / "uploads").rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            yield str(path.relative_to(folder)), path


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    tar.addfile(member, io.BytesIO(content))


def _add_file(tar: tarfile.TarFile, name: str, path: Path) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = path.stat().st_size, 0o600
    with path.open("rb") as content:
        tar.addfile(member, content)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
