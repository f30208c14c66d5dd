"""No script of anybody's runs in a real browser, with the content security policy or without."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, Route, sync_playwright

from tests.hostile import strings
from tests.hostile.walls import Walls
from tests.support.browser import Browser

SEED, SOME, SHORT, ASKED = 7, 100, 560, 15
FULL = bool(os.environ.get("FORUM_TEST_FULL"))
HOST = "http://forum.test"
FIRES = """
for (const name of ["alert", "confirm", "prompt", "print", "open"])
  window[name] = (...words) => { window.fired(name + ": " + words.join(" ")); return null; };
window.addEventListener("securitypolicyviolation",
  (event) => window.refused(event.violatedDirective + " " + event.blockedURI + " " + event.sample));
"""
LOOK = """() => {
  const wrong = [];
  for (const one of document.querySelectorAll("*")) {
    const name = one.localName;
    if (["iframe", "object", "embed", "base", "frame", "applet", "math", "style"].includes(name))
      wrong.push("<" + name + ">");
    if (name === "script" && !one.src.startsWith(location.origin + "/static/"))
      wrong.push("script " + one.outerHTML.slice(0, 80));
    for (const { name: own, value } of one.attributes)
      if (own.startsWith("on") || own === "style" || own === "srcdoc" || own.startsWith("hx-on"))
        wrong.push(own + "=" + value.slice(0, 60));
    for (const address of [one.href, one.src, one.action, one.formAction])
      if (typeof address === "string" && /^\\s*(javascript|data|vbscript|blob):/i.test(address))
        wrong.push(name + " " + address.slice(0, 80));
    if (one.matches(".prose *") && [...one.attributes].some((a) => /^(hx|data)-/.test(a.name)))
      wrong.push("behaviour " + one.outerHTML.slice(0, 80));
  }
  return wrong;
}"""
POKE = """() => {
  const happen = (one, kind) => one.dispatchEvent(new Event(kind, { bubbles: false }));
  for (const one of document.querySelectorAll("main :not(p, br, li, code, em, strong, span)"))
    for (const kind of ["mouseover", "focus", "error", "load", "animationstart", "toggle"])
      happen(one, kind);
}"""


class Watching:
    """A browser whose every request the application answers, and what happened in it."""

    def __init__(self, context: BrowserContext, browser: Browser, *, policy: bool) -> None:
        self.happened: list[str] = []
        self.browser, self.policy = browser, policy
        self.files: dict[str, dict[str, Any]] = {}
        self.page: Page = context.new_page()
        context.route("**/*", self._answer)
        context.expose_function("fired", lambda what: self.happened.append(f"fired {what}"))
        context.expose_function("refused", lambda what: self.happened.append(f"refused {what}"))
        context.add_init_script(FIRES)
        self.page.on("dialog", self._dialog)
        self.page.on("popup", lambda popup: self.happened.append(f"popup {popup.url}"))

    def _dialog(self, dialog: Any) -> None:
        self.happened.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def _answer(self, route: Route) -> None:
        if not route.request.url.startswith(HOST + "/"):
            self.happened.append(f"request to {route.request.url[:100]}")
            route.abort()
            return
        address = route.request.url.removeprefix(HOST)
        answer = self.files.get(address) or self._fetched(address)
        if address.startswith("/static/"):
            self.files[address] = answer
        route.fulfill(**answer)

    def _fetched(self, address: str) -> dict[str, Any]:
        response = self.browser.client.get(address, follow_redirects=True)
        dropped = {"content-length", *([] if self.policy else ["content-security-policy"])}
        headers = {k: v for k, v in response.headers.items() if k.lower() not in dropped}
        body = response.get_data()
        response.close()  # static files are open files
        return {"status": response.status_code, "headers": headers, "body": body}

    def look_at(self, address: str) -> None:
        """Open a page, shake everything on it, look at what it is made of."""
        before = len(self.happened)
        answer = self.page.goto(HOST + address, wait_until="load")
        assert answer is not None
        assert answer.status in (200, 404, 422), (address, answer.status)
        self.page.evaluate(POKE)
        found = self.page.evaluate(LOOK)
        assert urlsplit(self.page.url).netloc == urlsplit(HOST).netloc, address
        assert not found, (address, found[:10])
        assert len(self.happened) == before, (address, self.happened[before:][:10])


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Debian's browser."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    assert found, "Chromium is not installed; run `make test-tools`"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def watching(chromium: Any) -> Iterator[Callable[..., Watching]]:
    """`watching(browser, policy=False)`: real pages for a browser of the tests."""
    contexts: list[BrowserContext] = []

    def opened(browser: Browser, *, policy: bool) -> Watching:
        contexts.append(chromium.new_context())
        return Watching(contexts[-1], browser, policy=policy)

    yield opened
    for context in contexts:
        context.close()


def drawn(data: Any, *, every: bool) -> list[str]:
    """All the strings that were made to run scripts, or some of them."""
    found = strings.every(data, "xss")
    return found if every else random.Random(SEED).sample(found, min(SOME, len(found)))


def every_page_of_lists(browser: Browser, start: str) -> list[str]:
    """A list's pages, by their links to the next."""
    found: list[str] = []
    address = start
    while address and len(found) < 200:
        found.append(address)
        page = browser.page(address)
        following = [e["href"] for e in page.all("a", rel="next")]
        address = following[0] if following else ""
    return found


@pytest.mark.browser
@pytest.mark.share(2)
@pytest.mark.parametrize("policy", [True, False], ids=["with-policy", "without-policy"])
def test_no_script_fires_anywhere(
    app: Flask, data: Any, watching: Callable[..., Watching], policy: bool, database: str
) -> None:
    # The policy reports what would have run, so all strings are seen with it; a browser without
    # it and the other database show the same of a page full, and of all in the full run.
    texts = drawn(data, every=FULL or (policy and database == "sqlite"))
    walls = Walls(app, texts, texts if FULL else texts[:: -(-len(texts) // SHORT)])
    browser = walls.build()
    seen = watching(browser, policy=policy)
    lists = [every_page_of_lists(browser, start) for start in ("/ideas", "/people", "/standards")]
    asked = walls.searches(texts if FULL else texts[:: max(1, len(texts) // ASKED)])

    for address in [*walls.pages, *(page for pages in lists for page in pages), *asked]:
        seen.look_at(address)


@pytest.mark.browser
def test_the_watch_does_see_a_script_that_fires(
    app: Flask, watching: Callable[..., Watching], sign_in: Callable[..., Browser]
) -> None:
    browser = sign_in()
    real = browser.client.get

    def poisoned(address: str, **options: Any) -> Any:
        response = real(address, **options)
        if response.mimetype == "text/html":
            response.set_data(
                response.data.replace(b"</main>", b"<img src=x onerror=alert(1)></main>")
            )
        return response

    browser.client.get = poisoned  # type: ignore[method-assign]
    seen = watching(browser, policy=False)

    with pytest.raises(AssertionError):
        seen.look_at("/")
    seen.page.wait_for_timeout(300)

    assert "fired alert: 1" in seen.happened
