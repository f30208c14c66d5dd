"""Debian's Chromium, as tests and the README's pictures start it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
"""The first draws no window that nobody sees: the same engine for a fifth less work."""
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)


_users: list[Any] = []


@contextmanager
def _playwright() -> Iterator[Any]:
    """The one driver that a process may have, for as long as anybody wants a browser of it."""
    driver = _users[0] if _users else sync_playwright().start()
    _users.append(driver)
    try:
        yield driver
    finally:
        _users.pop()
        if not _users:
            driver.stop()


@contextmanager
def launched(*more: str) -> Iterator[Browser]:
    """A browser, with more arguments where a test wants them."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    assert found, "Chromium is not installed; run `make test-tools`"
    with _playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=[*QUIET, *more])
        yield browser
        browser.close()
