"""No script of anybody's runs in a real browser, with the content security policy or without."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from flask import Flask, Response
from playwright.sync_api import BrowserContext, Page, Request
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.hostile import strings
from tests.hostile.walls import Walls
from tests.support.browser import Browser
from tests.support.chromium import launched

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SEED, SOME, SHORT = 7, 100, 560
FULL = bool(os.environ.get("FORUM_TEST_FULL"))
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
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
    """A browser in front of the application, and what happened in it that should not."""

    def __init__(self, context: BrowserContext, browser: Browser, base: str) -> None:
        self.happened: list[str] = []
        self.base = base
        self.page: Page = context.new_page()
        cookie = browser.client.get_cookie(browser.app.config["SESSION_COOKIE_NAME"])
        assert cookie is not None
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": base}])
        context.expose_function("fired", lambda what: self.happened.append(f"fired {what}"))
        context.expose_function("refused", lambda what: self.happened.append(f"refused {what}"))
        context.add_init_script(FIRES)
        context.on("request", self._requested)
        self.page.on("dialog", self._dialog)
        self.page.on("popup", lambda popup: self.happened.append(f"popup {popup.url}"))

    def _dialog(self, dialog: Any) -> None:
        self.happened.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def _requested(self, request: Request) -> None:
        if not request.url.startswith(f"{self.base}/"):
            self.happened.append(f"request to {request.url[:100]}")

    def look_at(self, address: str) -> None:
        """Open a page, shake everything on it, look at what it is made of."""
        before = len(self.happened)
        answer = self.page.goto(self.base + address, wait_until="load")
        assert answer is not None
        assert answer.status in (200, 404, 422), (address, answer.status)
        self.page.evaluate(POKE)
        found = self.page.evaluate(LOOK)
        assert urlsplit(self.page.url).netloc == urlsplit(self.base).netloc, address
        assert not found, (address, found[:10])
        assert len(self.happened) == before, (address, self.happened[before:][:10])


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser that finds no other host."""
    with launched(ALONE) as browser:
        yield browser


class Quiet(WSGIRequestHandler):
    """Writes no line for each request."""

    def log_request(self, *_told: Any) -> None:
        """Nothing."""


@contextmanager
def served(application: WSGIApplication) -> Iterator[str]:
    """The base address of an application for as long as it is looked at."""
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Quiet)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def whole(
    application: WSGIApplication, *, policy: bool = True, added: bytes = b""
) -> WSGIApplication:
    """Its pages, each made whole before it is sent, whoever leaves meanwhile.

    Without `policy` they are for a browser that knows none; `added` stands at the end of `main`.
    """

    def answered(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = Response.from_app(application, environ, buffered=True)
        if not policy:
            answer.headers.pop("Content-Security-Policy", None)
        if added and answer.mimetype == "text/html":
            answer.set_data(answer.data.replace(b"</main>", added + b"</main>"))
        return answer(environ, start_response)

    return answered


@pytest.fixture
def watching(chromium: Any) -> Iterator[Callable[..., Watching]]:
    """`watching(browser, application)`: real pages for whom a browser of the tests signed in."""
    with ExitStack() as opened:

        def look(browser: Browser, application: WSGIApplication) -> Watching:
            base = opened.enter_context(served(application))
            context = opened.enter_context(chromium.new_context())
            return Watching(context, browser, base)

        yield look


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
    # it and the other database show the same of a page full, and of all in the full run. What is
    # asked and stands in short fields is the same on both: there the full run asks one for all.
    # Ideas and standards show their texts in one way, so the full run alone writes all in both.
    texts = drawn(data, every=FULL or (policy and database == "sqlite"))
    every = FULL and database == "sqlite"
    short = texts if every else texts[:: -(-len(texts) // SHORT)]
    walls = Walls(app, texts, short, dealt=not FULL and len(texts) > SOME)
    browser = walls.build()
    seen = watching(browser, whole(app.wsgi_app, policy=policy))
    lists = [every_page_of_lists(browser, start) for start in ("/ideas", "/people", "/standards")]
    asked = walls.searches(texts if every else texts[:: -(-len(texts) // SOME)])

    for address in [*walls.pages, *(page for pages in lists for page in pages), *asked]:
        seen.look_at(address)


@pytest.mark.browser
def test_the_watch_does_see_a_script_that_fires(
    app: Flask, watching: Callable[..., Watching], sign_in: Callable[..., Browser]
) -> None:
    poisoned = whole(app.wsgi_app, policy=False, added=b"<img src=x onerror=alert(1)>")
    seen = watching(sign_in(), poisoned)

    with pytest.raises(AssertionError):
        seen.look_at("/")
    seen.page.wait_for_timeout(300)

    assert "fired alert: 1" in seen.happened
