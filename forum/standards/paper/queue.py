"""Printing long standards in a job: what waits follows from rows, what fails is not tried for ever.

One is printed a look, so that mails and news come between.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any, NamedTuple

import structlog
from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from forum.accounts.models import Person
from forum.core import jobs
from forum.core.access import require
from forum.core.clock import now
from forum.core.db import WAKE, db, end_read, transaction
from forum.standards.models import Version
from forum.standards.paper import kept
from forum.standards.paper.models import Printing
from forum.standards.paper.printing import print_out, require_extra
from forum.standards.paper.sheet import Sheet

log = structlog.get_logger(__name__)
MOST_TRIES = 2
AGAIN_AFTER = timedelta(minutes=3)
"""When a try of which nothing was heard is taken for lost."""
TELL_EVERY = 1.0
"""Seconds between two notes of how far it is."""


def ask(person: Person, version: Version, sheet: Sheet) -> None:
    """Have a sheet printed in a job; asked again while it waits nothing changes, after a failure or
    when the PDF is gone it begins anew. Raises NotInstalled."""
    require(person.can_sign_in)
    require_extra()
    insert: Any = pg_insert if db.engine.dialect.name == "postgresql" else sqlite_insert
    anew = {"pages": 0, "tries": 0, "failed": False, "done_at": None, "at": now()}
    row = {"digest": sheet.digest, "version_id": version.id, "html": sheet.html}
    over = Printing.failed | Printing.done_at.is_not(None)
    with transaction():
        db.session.execute(
            insert(Printing)
            .values(**row, style=sheet.style, **anew)
            .on_conflict_do_update(index_elements=[Printing.digest], set_=anew, where=over)
        )
        db.session.info[WAKE] = True


def asked_for(digest: str) -> Printing | None:
    """What became of a sheet that somebody asked for. One query."""
    query = select(Printing).where(Printing.digest == digest)
    return db.session.scalars(query.execution_options(populate_existing=True)).first()


def print_next() -> int:
    """Print what has waited longest; how many were looked at. Others wait for the next wake."""
    found = _waiting()
    end_read()
    if found is None or not _claim(found):
        return 0
    if found.tries >= MOST_TRIES:
        _settle(found.id, failed=True)
    else:
        _print(found)
    if _waiting() is not None:
        jobs.wake()
    end_read()
    return 1


class _Waiting(NamedTuple):
    id: int
    digest: str
    html: str
    style: str
    tries: int
    standard_id: int


def _waiting() -> _Waiting | None:
    columns = (Printing.id, Printing.digest, Printing.html, Printing.style, Printing.tries)
    query = (
        select(*columns, Version.standard_id)
        .join(Version, Version.id == Printing.version_id)
        .where(*_open(), or_(Printing.tries == 0, Printing.at < now() - AGAIN_AFTER))
        .order_by(Printing.at, Printing.id)
        .limit(1)
    )
    row = db.session.execute(query).first()
    return _Waiting._make(row) if row is not None else None


def _open() -> tuple[Any, ...]:
    return Printing.done_at.is_(None), ~Printing.failed


def _claim(found: _Waiting) -> bool:
    """Count the try before it is made."""
    with transaction():
        claimed: Any = db.session.execute(
            update(Printing)
            .where(Printing.id == found.id, Printing.tries == found.tries, *_open())
            .values(tries=Printing.tries + 1, at=now())
            .execution_options(synchronize_session=False)
        )
    return bool(claimed.rowcount)


def _print(found: _Waiting) -> None:
    progress = _Progress(found.id)
    try:
        pdf = print_out(
            found.html, found.style, standard_id=found.standard_id, progress=progress.tell
        )
        kept.keep(found.digest, pdf)
    # Whatever a layout stumbles over, others wait behind it.
    except Exception:
        log.exception("printing.failed", digest=found.digest)
        _settle(found.id, failed=True)
        return
    _settle(found.id, pages=progress.pages, done_at=now())


def _settle(printing_id: int, **values: Any) -> None:
    with transaction():
        db.session.execute(
            update(Printing)
            .where(Printing.id == printing_id)
            .values(at=now(), **values)
            .execution_options(synchronize_session=False)
        )


class _Progress:
    """Notes how far a printing is, no more than once a second."""

    def __init__(self, printing_id: int) -> None:
        self._id, self._told, self.pages = printing_id, time.monotonic(), 0

    def tell(self, page: int) -> None:
        """So many pages are laid out; a second round begins with the first again."""
        self.pages = max(self.pages, page)
        if time.monotonic() - self._told >= TELL_EVERY:
            self._told = time.monotonic()
            _settle(self._id, pages=self.pages)


def sweep() -> None:
    """Forget what was printed, or could not be, days ago; and print what a lost wake left."""
    before = now() - timedelta(days=kept.KEEP_DAYS)
    with transaction():
        db.session.execute(delete(Printing).where(Printing.at < before))
    kept.sweep()
