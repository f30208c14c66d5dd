"""A reader that counts events into a table of its own and is killed at a given moment.

Arguments: the moment (`before` or `after` the commit, `never`), and the batch at which to die.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence

from sqlalchemy import text

from forum.core import readers
from forum.core.db import db
from forum.core.events import Event
from forum.starting import application

READER = "tests.counting"


def die() -> None:
    """As the power goes out."""
    os.kill(os.getpid(), signal.SIGKILL)


def prepare(batch: Sequence[Event]) -> Callable[[], None]:
    """Note every event's id; a second time would be two rows."""
    ids = [event.id for event in batch]

    def apply() -> None:
        for event_id in ids:
            db.session.execute(text("INSERT INTO seen VALUES (:id)"), {"id": event_id})

    return apply


def main(moment: str, at_batch: int) -> None:
    """Catch up, unless killed on the way."""
    readers.BATCH = 5
    reader = readers.Reader(READER, prepare)
    with application().app_context():
        for number in range(1, 1000):
            if moment == "before" and number == at_batch:
                dying = readers.Reader(READER, lambda batch: die)
                readers.advance(dying)
            if not readers.advance(reader):
                return
            if moment == "after" and number == at_batch:
                die()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
