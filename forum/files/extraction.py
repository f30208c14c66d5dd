"""Reading documents for the search: what waits follows from rows, what fails is not tried for ever.

Each document is read by a process of its own within bounds of time and memory (`reading`); this
side only hands it over and keeps what comes back.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select, update

from forum.core import jobs
from forum.core.clock import now
from forum.core.db import db, end_read, transaction
from forum.core.events import record
from forum.core.textcheck import clean_text
from forum.files import facts, reading, storage
from forum.files.kinds import BY_TYPE
from forum.files.models import Upload, UploadText

SECONDS = 20
"""How long a document may take by the clock, on a machine that has other things to do."""
MOST_TRIES = 3
AGAIN_AFTER = timedelta(minutes=2)
"""When a try that nobody ended is taken for lost."""
BROKEN, SLOW, MISSING, LOST = "broken", "slow", "missing", "lost"


class Waiting(NamedTuple):
    """A document whose words are not read yet, and how often that was tried."""

    upload_id: int
    sha256: str
    media_type: str
    tries: int


class Words(NamedTuple):
    """What reading a document came to: its words, or why there are none."""

    plain: str | None = None
    fault: str | None = None


def read_next() -> int:
    """Read the document that has waited longest; how many were looked at. Others wait a wake."""
    found = _waiting()
    end_read()
    if found is None or not _claim(found):
        return 0
    _keep(found, Words(fault=LOST) if found.tries >= MOST_TRIES else words_of(found))
    if _waiting() is not None:
        jobs.wake()
    end_read()
    return 1


def _waiting() -> Waiting | None:
    """The next document to read. One query."""
    query = (
        select(Upload.id, Upload.sha256, Upload.media_type, UploadText.tries)
        .join(Upload, Upload.id == UploadText.upload_id)
        .where(*unread(), or_(UploadText.tries == 0, UploadText.at < now() - AGAIN_AFTER))
        .order_by(UploadText.upload_id)
        .limit(1)
    )
    row = db.session.execute(query).first()
    return Waiting._make(row) if row is not None else None


def unread() -> tuple[ColumnElement[bool], ...]:
    """Whether the words of a document are still to be read."""
    return UploadText.plain.is_(None), UploadText.fault.is_(None)


def _claim(found: Waiting) -> bool:
    """Count the try before it is made: a document that ends this process is not read for ever."""
    same = and_(UploadText.upload_id == found.upload_id, UploadText.tries == found.tries)
    with transaction():
        claimed: Any = db.session.execute(
            update(UploadText)
            .where(same, *unread())
            .values(tries=UploadText.tries + 1, at=now())
            .execution_options(synchronize_session=False)
        )
    return bool(claimed.rowcount)


def words_of(found: Waiting) -> Words:
    """Read a document in a process of its own."""
    place, kind = storage.place_of(found.sha256), BY_TYPE.get(found.media_type)
    if kind is None or not place.is_file():
        return Words(fault=MISSING)
    command = [sys.executable, "-m", reading.__name__, kind.ending, str(os.getpid())]
    try:
        with place.open("rb") as source:
            done = subprocess.run(  # noqa: S603 - our own program, and no word of it is sent
                command,
                stdin=source,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=SECONDS,
                check=False,
            )
    except subprocess.TimeoutExpired:
        return Words(fault=SLOW)
    if done.returncode:
        return Words(fault=SLOW if done.returncode in _KILLED else BROKEN)
    return Words(plain=clean_text(done.stdout.decode("utf-8", "replace"))[: reading.MOST])


_KILLED = (-signal.SIGXCPU, -signal.SIGKILL)


def _keep(found: Waiting, words: Words) -> None:
    with transaction():
        kept: Any = db.session.execute(
            update(UploadText)
            .where(UploadText.upload_id == found.upload_id)
            .values(plain=words.plain, fault=words.fault, at=now())
            .execution_options(synchronize_session=False)
        )
        if kept.rowcount and words.plain:
            record(facts.READ, by=None, about=("file", found.upload_id))
