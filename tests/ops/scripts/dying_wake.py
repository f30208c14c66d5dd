"""Queues a mail and is killed between the commit and the wake."""

from __future__ import annotations

import os
import signal

from forum.core import jobs
from forum.core.db import transaction
from forum.core.mail import queue_mail
from forum.starting import application


def main() -> None:
    """Commit, then die instead of waking anybody."""
    jobs.wake = lambda: os.kill(os.getpid(), signal.SIGKILL)
    with application().app_context(), transaction():
        queue_mail("anna@example.org", "Hello", "An answer is wanted.")


if __name__ == "__main__":
    main()
