"""Finding files."""

from __future__ import annotations

from sqlalchemy import func, select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.errors import NotFound
from forum.files.models import Upload
from forum.files.uses import may_see


def space_used() -> tuple[int, int]:
    """How many files lie on the disk, and their bytes; what was sent twice lies there once.

    One query, which reads all rows.
    """
    once = select(Upload.sha256, Upload.size).distinct().subquery()
    query = select(func.count(), func.coalesce(func.sum(once.c.size), 0)).select_from(once)
    number, size = db.session.execute(query).one()
    return int(number), int(size)


def upload_or_404(reader: Person, key: str) -> Upload:
    """A file the reader may see. One query, and two for what somebody else uploaded."""
    found = db.session.scalars(select(Upload).where(Upload.key == key)).first()
    if found is None or not may_see(reader, found):
        raise NotFound
    return found
