"""What pictures are used in, and so who may see them.

A feature whose texts show pictures calls `claim` when it saves one, and says in `SUBJECT_VISIBLE`
whether somebody sees a thing of its kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.accounts.models import Person
from forum.core.db import db
from forum.files.models import Upload, UploadUse

SUBJECT_VISIBLE: dict[str, Callable[[Person, int], bool]] = {}
"""By kind: whether a reader sees the thing with this id."""

KEY = re.compile(r"/files/([A-Za-z0-9_-]{22})(?![A-Za-z0-9_-])")
MOST_IN_A_TEXT = 100


def claim(text: str, kind: str, subject_id: int, person: Person) -> None:
    """Let whoever sees this thing see the pictures its text shows, in the open write.

    Only pictures that the writer sees themselves: nobody opens another's by guessing. One query
    for a text with pictures, one more for each that somebody else uploaded.
    """
    keys = list(dict.fromkeys(KEY.findall(text)))[:MOST_IN_A_TEXT]
    if not keys:
        return
    uploads = db.session.scalars(select(Upload).where(Upload.key.in_(keys)))
    values = [
        {"upload_id": upload.id, "kind": kind, "subject_id": subject_id}
        for upload in list(uploads)
        if may_see(person, upload)
    ]
    if values:
        insert = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
        db.session.execute(insert(UploadUse).values(values).on_conflict_do_nothing())


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
