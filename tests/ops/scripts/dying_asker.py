"""Asks the people of the waves that run, and is killed at a given moment.

Arguments: the moment (`within` or `after` a write, `never`), and the batch at which to die.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence

from forum.starting import application
from forum.surveys import asking


def main(moment: str, at_batch: int) -> None:
    """Ask everybody, unless killed on the way."""
    asking.BATCH = 5
    batches: list[int] = []

    def within(_why: str, _people: Sequence[int]) -> None:
        batches.append(1)
        if moment == "within" and len(batches) == at_batch:
            os.kill(os.getpid(), signal.SIGKILL)

    with application().app_context():
        asking.TELL.append(within)
        go_on = asking._unfinished

        def after(wave_id: int) -> object:
            if moment == "after" and len(batches) == at_batch:
                os.kill(os.getpid(), signal.SIGKILL)
            return go_on(wave_id)

        asking._unfinished = after  # type: ignore[assignment]
        asking.sweep()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
