"""What files are used in, and so who may see them.

A feature whose texts show pictures or lead to documents calls `claim` when it saves one, and says
in `SUBJECT_VISIBLE` whether somebody sees a thing of its kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.core.errors import Invalid
from forum.core.events import record
from forum.core.i18n import ngettext
from forum.files import facts
from forum.files.models import Upload, UploadUse

Subject = tuple[str, int]
"""A thing by kind and id."""

SUBJECT_VISIBLE: dict[str, Callable[[Person, int], bool]] = {}
"""By kind: whether a reader sees the thing with this id."""

KEY = re.compile(r"/files/([A-Za-z0-9_-]{22})(?![A-Za-z0-9_-])")
MOST_IN_A_TEXT = 100


def claim(text: str, kind: str, subject_id: int, person: Person) -> None:
    """Let whoever sees this thing see the files its text shows, in the open write.

    Only files that the writer sees themselves: nobody opens another's by guessing. One query
    for a text with files, one more for each that somebody else uploaded. Raises Invalid for more
    documents than a text may bring along.
    """
    keys = list(dict.fromkeys(KEY.findall(text)))[:MOST_IN_A_TEXT]
    if not keys:
        return
    uploads = list(db.session.scalars(select(Upload).where(Upload.key.in_(keys))))
    _check_count(uploads)
    values = [
        {"upload_id": upload.id, "kind": kind, "subject_id": subject_id}
        for upload in uploads
        if may_see(person, upload)
    ]
    if values:
        _insert(values)


def show_in(upload_id: int, subjects: Sequence[Subject]) -> bool:
    """Let things show a file, as an import says they did; whether any had not before."""
    if not subjects:
        return False
    rows = [
        {"upload_id": upload_id, "kind": kind, "subject_id": subject_id}
        for kind, subject_id in subjects
    ]
    with transaction():
        is_new = _insert(rows) > 0
        if is_new:
            record(facts.SHOWN, by=None, about=("file", upload_id))
    return is_new


def _insert(rows: list[dict[str, Any]]) -> int:
    insert: Any = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    query = insert(UploadUse).values(rows).on_conflict_do_nothing()
    done: Any = db.session.execute(query)
    return int(done.rowcount)


def _check_count(uploads: list[Upload]) -> None:
    most: int = current_app.config["FILES_PER_TEXT"]
    if sum(bool(upload.name) for upload in uploads) > most:
        raise Invalid(
            ngettext(
                "At most %(num)d file fits in a text; put the others into a comment.",
                "At most %(num)d files fit in a text; put the others into a comment.",
                most,
            )
        )


def let_go(kind: str, subject_ids: Sequence[int]) -> None:
    """Things that show no pictures any more, in the open write; what nobody shows is swept."""
    gone = UploadUse.kind == kind, UploadUse.subject_id.in_(subject_ids)
    db.session.execute(delete(UploadUse).where(*gone))


def may_see(reader: Person, upload: Upload) -> bool:
    """Its uploader, and whoever sees one of the things it is used in. One query, and theirs."""
    if upload.person_id == reader.id:
        return True
    query = select(UploadUse.kind, UploadUse.subject_id).where(UploadUse.upload_id == upload.id)
    uses = db.session.execute(query.limit(MOST_IN_A_TEXT)).all()
    return any(
        SUBJECT_VISIBLE[use.kind](reader, use.subject_id)
        for use in uses
        if use.kind in SUBJECT_VISIBLE
    )
