"""A forum without modules shows nothing of them: no link, no word, no address, no search."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
import time_machine
from flask import Flask

from forum.core.clock import now
from forum.core.config import MODULES
from forum.core.site import site
from forum.moderation import sweeps
from tests.demo.walking import Routes, switch
from tests.hostile.forum import fill
from tests.hostile.places import fill_in, send
from tests.moderation import acts
from tests.support import make
from tests.support.browser import Browser
from tests.support.pages import Document
from tests.thanks import saying

SignIn = Callable[..., Browser]
ADDRESSES = (
    *("/map", "/surveys", "/thanks", "/training", "/insights", "/campaigns", "/scorecards"),
    *("/anonymous", "/surveys/1", "/thanks/1", "/training/1", "/services", "/insights/map"),
)
WORDS = re.compile(
    r"\b(map|surveys?|training|thanks|thank[ -]yous?|insights?|campaigns?|scorecards?"
    r"|anonymous(ly)?|services?|passport)\b"
    r"|\b(карт[аыеу]|опрос\w*|обучени\w+|благодарност\w+|аналитик\w+|кампани\w+|аноним\w+|услуг\w*)\b",
    re.IGNORECASE,
)
OWN_PAGE = "/admin/settings/modules"
"""Where an administrator switches modules on names them."""
ALL_OF_IT = "/settings/data"
"""What is stored about somebody is told whatever is switched off."""
MERGING = re.compile(r"departments below it, services, open|подчинённые отделы, услуги, открытые")
"""Merging moves the services that are kept while the map is off, and says so: there is no undo."""
LEAVES = {"/settings/data.json"}


def links_of(page: Document, address: str) -> set[str]:
    """Where a page leads within the forum."""
    found = {e.get("href") for e in page.elements if e.name == "a"}
    found |= {e.get("action") for e in page.all("form") if e.get("method", "get") == "get"}
    return {urldefrag(urljoin(address, link))[0] for link in found if link} - {""}


def crawl(browser: Browser) -> dict[str, Document]:
    """Every page that can be reached from home by links, one of each list's views."""
    seen: dict[str, Document] = {}
    waiting, asked = ["/"], {"/"}
    while waiting and len(seen) < 300:
        address = waiting.pop(0)
        response = browser.client.get(address)
        if response.status_code in (301, 303):
            waiting.append(urljoin(address, response.location))
            continue
        assert response.status_code == 200, (address, response.status_code)
        if response.mimetype != "text/html":
            continue
        seen[address] = Document(response.text)
        for link in sorted(links_of(seen[address], address) - asked):
            if urlsplit(link).netloc or urlsplit(link).path in LEAVES:
                continue
            asked.add(link)
            waiting.append(link)
    return seen


def said(page: Document) -> str:
    """Everything a page says, to those who look and to those who listen."""
    spoken = [e.get(name) for e in page.elements for name in ("title", "aria-label", "placeholder")]
    return " ".join([page.text, *spoken])


PAIRS = [("author", "ru"), ("moderator", "en"), ("admin", "ru")]
OTHERS = [("author", "en"), ("moderator", "ru"), ("admin", "en")]


@pytest.mark.share(3)
@pytest.mark.parametrize(
    ("who", "locale"), [*PAIRS, *(pytest.param(*pair, marks=pytest.mark.full) for pair in OTHERS)]
)
def test_nothing_of_the_modules_shows(app: Flask, who: str, locale: str) -> None:
    forum = fill(app, indexed=True, modules=())
    browser = forum.browsers[who]
    browser.post("/settings/language", {"locale": locale})

    pages = crawl(browser)

    assert len(pages) > 20
    for address, page in pages.items():
        if urlsplit(address).path == OWN_PAGE:
            continue
        found = WORDS.search(MERGING.sub("", said(page)))
        assert not found, (address, found and found.group(), context_of(found))
        leads = {urlsplit(link).path for link in links_of(page, address)}
        assert not leads & set(ADDRESSES), address


def rules_of_modules(app: Flask) -> list[tuple[str, str]]:
    """Every route of a module, with a method it knows."""
    routes = Routes(app)
    return [
        (rule.rule, "GET" if "GET" in (rule.methods or ()) else "POST")
        for rule in app.url_map.iter_rules()
        if routes.module_of(rule.endpoint) in {*MODULES} - {"anonymous"}
    ]


def flagged(app: Flask) -> None:
    """A thank-you that moderators are to look at, and were reminded of."""
    thanked = make.person(app)
    line = {"people": [thanked], "why": "Thank you for nothing.", "private": True}
    acts.flag(app, "thanks", saying.thank(app, make.person(app), **line), thanked)
    with time_machine.travel(now() + timedelta(days=3), tick=False), app.app_context():
        assert sweeps.remind()
    acts.follow(app)


@pytest.mark.share(4)
@pytest.mark.parametrize("who", ["author", "moderator", "admin"])
def test_what_modules_have_made_is_kept_and_shows_nowhere(app: Flask, who: str) -> None:
    kept = tuple(name for name in MODULES if name != "anonymous")  # such ideas stay what they are
    forum = fill(app, indexed=True, modules=kept)
    flagged(app)
    switch(app)
    browser = forum.browsers[who]

    pages = crawl(browser)

    named = [
        (address, context_of(found))
        for address, page in pages.items()
        if urlsplit(address).path not in (OWN_PAGE, ALL_OF_IT)
        and (found := WORDS.search(MERGING.sub("", said(page))))
    ]
    assert not named
    for rule, method in rules_of_modules(app):
        for values in forum.sets:
            answer = send(browser, method, fill_in(rule, values), {})
            assert answer.status_code == 404, (method, rule, answer.status_code)


def context_of(found: re.Match[str] | None) -> str:
    """The words around a find."""
    return found.string[max(0, found.start() - 60) : found.end() + 60] if found else ""


@pytest.mark.share(4)
@pytest.mark.parametrize("address", ADDRESSES)
def test_their_addresses_are_nothing(sign_in: SignIn, address: str) -> None:
    for role in ("employee", "moderator", "admin"):
        browser = sign_in(role=role)
        assert browser.get(address).status_code == 404
        assert browser.post(address).status_code == 404


def test_search_knows_no_kind_of_theirs(app: Flask) -> None:
    forum = fill(app, indexed=True, modules=tuple(name for name in MODULES if name != "map"))

    for who in ("author", "admin"):
        answer = forum.browsers[who].json("/search?q=invoices")
        ignored = forum.browsers[who].page("/search?q=invoices&kind=service")
        assert answer["total"] > 0
        assert "service" not in {facet["value"] for facet in answer["facets"].get("kind", [])}
        assert "left out: kind" in ignored.text


def test_modules_are_off_until_somebody_switches_them_on(app: Flask) -> None:
    with app.test_request_context():
        assert site().modules == ()
    assert set(MODULES) >= {"map", "surveys", "training", "thanks", "insights"}
