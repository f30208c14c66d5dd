"""Keeping files, and forgetting those nobody refers to."""

from __future__ import annotations

import secrets
import time
from datetime import timedelta
from typing import NamedTuple

from flask import current_app
from sqlalchemy import delete, select

from forum.accounts.models import Person
from forum.core.clock import now
from forum.core.db import WAKE, db, end_read, transaction
from forum.core.errors import TooLarge, TooMany
from forum.core.i18n import _
from forum.core.intake import most_bytes
from forum.files import documents, storage
from forum.files.documents import Document
from forum.files.models import Upload, UploadText, UploadUse
from forum.files.pictures import Picture, made_before, remade

BATCH = 200
KEEP_UNSHOWN = timedelta(days=30)
DAY = timedelta(days=1)


class Prepared(NamedTuple):
    """A file on the disk, a picture made anew, under the key that its row will have."""

    key: str
    file: Picture | Document

    @property
    def address(self) -> str:
        """Where it will be."""
        return f"/files/{self.key}"

    def shown(self, words: str) -> str:
        """The Markdown that shows a picture with these words, or leads to a document."""
        if isinstance(self.file, Document):
            return f"[{self.file.name}]({self.address})"
        return f"![{words}]({self.address})"


def upload(person: Person, raw: bytes, name: str = "") -> Prepared:
    """Keep a file. Raises TooLarge, TooMany, Invalid, or OSError when the disk is full."""
    _check_day(person)
    prepared = prepare(raw, name)
    with transaction():
        register(person, prepared)
    return prepared


def prepare(raw: bytes, name: str = "") -> Prepared:
    """Make a picture anew, or look into a document, and lay it on the disk, before the write that
    keeps it.

    The file lies there before a row names it, so a crash leaves a file nobody knows, never a row
    without a file. Raises TooLarge, Invalid, or OSError when the disk is full.
    """
    if len(raw) > most_bytes():
        raise TooLarge
    end_read()
    prepared = Prepared(secrets.token_urlsafe(16), _taken(raw, name))
    lay_down(prepared)
    return prepared


def lay_down(prepared: Prepared) -> None:
    """Write a file's content to the disk, before the write that names it."""
    storage.keep(prepared.file.sha256, prepared.file.content)


def taken_as_it_is(raw: bytes, name: str) -> Picture | Document:
    """A file that was kept before, in another forum: looked into as any, a picture made anew only
    then. Raises Invalid."""
    return documents.told(raw, name) if name else made_before(raw)


def _taken(raw: bytes, name: str) -> Picture | Document:
    if documents.wants_document(raw, name):
        return documents.told(raw, name)
    documents.check_picture_name(name)
    return remade(raw)


def _check_day(person: Person) -> None:
    """How many files somebody may send in a day, so that nobody fills the disk. One query."""
    most: int = current_app.config["FILES_PER_DAY"]
    if not current_app.config["RATE_LIMITS"]:
        return
    day_ago = now() - DAY
    sent = select(Upload.created_at).where(Upload.person_id == person.id)
    query = sent.where(Upload.created_at > day_ago).order_by(Upload.created_at.desc())
    full = db.session.scalar(query.offset(most - 1).limit(1))
    if full is not None:
        wait = int((full - day_ago).total_seconds()) + 1
        sentence = _("You have sent as many files as one may in a day. Go on tomorrow.")
        raise TooMany(sentence, retry_after=wait)


def register(person: Person, prepared: Prepared) -> Upload:
    """Keep a prepared file, in the open write."""
    file = prepared.file
    kept = Upload(
        key=prepared.key,
        person_id=person.id,
        sha256=file.sha256,
        media_type=file.media_type,
        name=file.name if isinstance(file, Document) else "",
        size=len(file.content),
        width=file.width,
        height=file.height,
    )
    db.session.add(kept)
    db.session.flush()
    if kept.name:
        db.session.add(UploadText(upload_id=kept.id))
        db.session.info[WAKE] = True
    return kept


def forget_uploads(person_id: int, *, used_too: bool) -> None:
    """Remove somebody's files, in the open write; those in use only if asked."""
    query = select(Upload.id).where(Upload.person_id == person_id)
    if not used_too:
        query = query.where(Upload.id.not_in(select(UploadUse.upload_id)))
    ids = list(db.session.scalars(query))
    for model in (UploadUse, UploadText):
        db.session.execute(delete(model).where(model.upload_id.in_(ids)))
    db.session.execute(delete(Upload).where(Upload.id.in_(ids)))


def sweep_uploads() -> int:
    """Forget files that no text has shown for a month; how many. Their files follow."""
    query = select(Upload.id).where(
        Upload.created_at < now() - KEEP_UNSHOWN, Upload.id.not_in(select(UploadUse.upload_id))
    )
    total = 0
    while ids := list(db.session.scalars(query.limit(BATCH))):
        with transaction():
            shown = select(UploadUse.upload_id)
            for key, model in ((UploadText.upload_id, UploadText), (Upload.id, Upload)):
                gone = delete(model).where(key.in_(ids), key.not_in(shown))
                db.session.execute(gone.execution_options(synchronize_session=False))
        total += len(ids)
    return total


def sweep_files() -> int:
    """Remove files no row names; how many. Safe beside uploads: only files of an earlier hour.

    The same file may be sent again while we look, so both are asked once more at the end: its
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
