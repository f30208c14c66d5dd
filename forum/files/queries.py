"""Finding files."""

from __future__ import annotations

from sqlalchemy import select

from forum.accounts.models import Person
from forum.core.db import db
from forum.core.errors import NotFound
from forum.files.models import Upload
from forum.files.uses import may_see


def upload_or_404(reader: Person, key: str) -> Upload:
    """A file the reader may see. One query, and two for what somebody else uploaded."""
    found = db.session.scalars(select(Upload).where(Upload.key == key)).first()
    if found is None or not may_see(reader, found):
        raise NotFound
    return found
