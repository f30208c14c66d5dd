"""What a browser says while nobody looks: its console, its failed requests, its policy reports."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebError

LOUD = {"error", "warning"}
STATUS = re.compile(r"responded with a status of (\d{3})")
GIVEN_UP = "net::ERR_ABORTED"
"""A page that is left behind, or a question whose answer nobody waits for any more."""
ABORTED = "Transition was aborted because of invalid state"
"""What Chromium itself says where it shows a page before its transition could begin."""


class Watch:
    """Notes everything a context complains of; `expect(409)` allows one kind of refusal."""

    def __init__(self, context: BrowserContext) -> None:
        self.said: list[str] = []
        self.allowed: set[str] = set()
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("requestfailed", self._failed)

    def expect(self, *statuses: int) -> None:
        """From now on these answers are part of the test."""
        self.allowed |= {str(status) for status in statuses}

    def offline(self) -> None:
        """From now on the network may be away."""
        self.allowed.add("offline")

    def _console(self, message: ConsoleMessage) -> None:
        status = STATUS.search(message.text)
        if message.type not in LOUD or (status and status.group(1) in self.allowed):
            return
        if "offline" in self.allowed and "net::ERR_INTERNET_DISCONNECTED" in message.text:
            return
        self.said.append(f"{message.type}: {message.text} ({_place(message.location)})")

    def _error(self, error: WebError) -> None:
        if ABORTED not in str(error.error):
            self.said.append(f"uncaught: {error.error}")

    def _failed(self, request: Request) -> None:
        why = request.failure or ""
        if why != GIVEN_UP and not ("offline" in self.allowed and "DISCONNECTED" in why):
            self.said.append(f"failed: {request.method} {request.url} {why}")

    def check(self) -> None:
        """Fail when anything was said."""
        said, self.said = self.said, []
        assert not said, "\n".join(said)


def _place(location: Any) -> str:
    return f"{location.get('url', '')}:{location.get('lineNumber', '')}"


TELL_PAINTED = """new PerformanceObserver((_seen, observer) => {
  document.documentElement.dataset.painted = "";
  observer.disconnect();
}).observe({ type: "paint", buffered: true });"""
"""A script of every page, outside of its policy: marks a page that has been drawn once.

Chromium throws keys away that are pressed before that. Waiting for a function would be evaluated
again and again inside the page, where the policy forbids to evaluate strings.
"""


def settled(page: Page) -> None:
    """Wait until the page listens; one that was reached by a click must be on the screen first."""
    page.wait_for_selector("html[data-started][data-painted]", state="attached")


def until(page: Page, script: str) -> None:
    """Ask a page again until what a script says is true; each time from outside of its policy."""
    for _look in range(80):
        if page.evaluate(script):
            return
        page.wait_for_timeout(50)  # nothing on the page shows what a browser keeps for itself
    raise AssertionError(f"never true: {script}")
