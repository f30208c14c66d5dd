"""Posts, comments and votes through the application, and writes ACK after each answer."""

from __future__ import annotations

import os
import sys

from forum.starting import application
from tests.support.browser import Browser


def acknowledge(status: int) -> None:
    """One write to standard output, which strace puts in order with the syncs."""
    assert status == 303, status
    os.write(1, b"ACK\n")


def main(idea: int) -> None:
    """Two of each kind."""
    app = application()
    for person in (2, 3):
        browser = Browser(app)
        browser.enter_as(person)
        if person == 2:
            acknowledge(303)
        posted = browser.post("/ideas/new", {"problem": "It is slow.", "action": "post"})
        acknowledge(posted.status_code)
        acknowledge(browser.post(f"/ideas/{idea}/comments", {"body": "Yes."}).status_code)
        acknowledge(browser.post(f"/ideas/{idea}/vote").status_code)


if __name__ == "__main__":
    main(int(sys.argv[1]))
