"""Keeping pictures, and forgetting those nobody refers to."""

from __future__ import annotations

import secrets
import time
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import delete, select

from forum.accounts.models import Person
from forum.core import limits
from forum.core.clock import now
from forum.core.db import db, end_read, transaction
from forum.core.errors import TooLarge
from forum.files import storage
from forum.files.models import Upload, UploadUse
from forum.files.pictures import Picture, remade

BATCH = 200
KEEP_UNSHOWN = timedelta(days=30)


class Prepared(NamedTuple):
    """A picture made anew and on the disk, under the key that its row will have."""

    key: str
    picture: Picture

    def shown(self, words: str) -> str:
        """The Markdown that shows it."""
        return f"![{words}](/files/{self.key})"


def upload(person: Person, raw: bytes) -> Upload:
    """Keep a picture, made anew. Raises TooLarge, Invalid, or OSError when the disk is full."""
    prepared = prepare(raw)
    with transaction():
        return register(person, prepared)


def prepare(raw: bytes) -> Prepared:
    """Make a picture anew and lay it on the disk, before the write that keeps it.

    The file lies there before a row names it, so a crash leaves a file nobody knows, never a row
    without a file. Raises TooLarge, Invalid, or OSError when the disk is full.
    """
    if not limits.UPLOAD.allows(raw):
        raise TooLarge
    end_read()
    picture = remade(raw)
    storage.keep(picture.sha256, picture.content)
    return Prepared(secrets.token_urlsafe(16), picture)


def register(person: Person, prepared: Prepared) -> Upload:
    """Keep a prepared picture, in the open write."""
    picture = prepared.picture
    kept = Upload(
        key=prepared.key,
        person_id=person.id,
        sha256=picture.sha256,
        media_type=picture.media_type,
        size=len(picture.content),
        width=picture.width,
        height=picture.height,
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def forget_uploads(person_id: int, *, used_too: bool) -> None:
    """Remove somebody's pictures, in the open write; those in use only if asked."""
    query = select(Upload.id).where(Upload.person_id == person_id)
    if not used_too:
        query = query.where(Upload.id.not_in(select(UploadUse.upload_id)))
    ids = list(db.session.scalars(query))
    db.session.execute(delete(UploadUse).where(UploadUse.upload_id.in_(ids)))
    db.session.execute(delete(Upload).where(Upload.id.in_(ids)))


def sweep_uploads() -> int:
    """Forget pictures that no text has shown for a month; how many. Their files follow."""
    query = select(Upload.id).where(
        Upload.created_at < now() - KEEP_UNSHOWN, Upload.id.not_in(select(UploadUse.upload_id))
    )
    total = 0
    while ids := list(db.session.scalars(query.limit(BATCH))):
        with transaction():
            unshown = Upload.id.not_in(select(UploadUse.upload_id))
            gone = delete(Upload).where(Upload.id.in_(ids), unshown)
            db.session.execute(gone.execution_options(synchronize_session=False))
        total += len(ids)
    return total


def sweep_files() -> int:
    """Remove files no row names; how many. Safe beside uploads: only files of an earlier hour.

    The same picture may be sent again while we look, so both are asked once more at the end: its
    row first, because the file is made young again before the row is written.
    """
    hour_ago = time.time() - 3600
    storage.sweep_drafts(hour_ago)
    known = set(db.session.scalars(select(Upload.sha256)))
    end_read()
    removed = 0
    for sha256 in storage.every():
        if sha256 in known or not storage.is_older(sha256, hour_ago):
            continue
        if not _is_named(sha256) and storage.is_older(sha256, hour_ago):
            storage.remove(sha256)
            removed += 1
    return removed


def _is_named(sha256: str) -> bool:
    query = select(Upload.id).where(Upload.sha256 == sha256).limit(1)
    named = db.session.scalar(query) is not None
    end_read()
    return named
