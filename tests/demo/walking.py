"""Walking through the demo company by its links, and telling which module a page belongs to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from flask import Flask
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from forum.accounts.models import Person
from forum.core.db import db, transaction
from forum.core.site import save_settings
from tests.support.browser import Browser

FEATURES = {
    "forum.insights.map": "map",
    "forum.surveys": "surveys",
    "forum.training": "training",
    "forum.thanks": "thanks",
    "forum.insights": "insights",
    "forum.campaigns": "campaigns",
    "forum.scorecards": "scorecards",
    "forum.ideas.anonymous": "anonymous",
}
"""Where the views of each module are; the first that fits."""
LEADS = re.compile(r'(?<![\w-])(?:href|action|formaction|src|data-url)="([^"]*)"')
LEFT_OUT = {
    *("/standards/<string:number>.pdf", "/departments/<slug>/passport.pdf"),
    *("/insights/report/<string:month>.pdf", "/departments/<slug>/qr"),
    *("/settings/data.json", "/static/<path:filename>", "/files/<key>"),
    "",
}
"""What is slow to make, and what is kept whatever is shown; the empty one is only written to."""


def switch(app: Flask, *modules: str) -> None:
    """Let these modules be on, and no other."""
    with app.app_context(), transaction():
        save_settings({"modules": list(modules)})


def entered(app: Flask, who: str, locale: str = "en") -> Browser:
    """A browser of somebody of the demo."""
    with app.app_context(), transaction():
        query = select(Person).where(Person.email == f"{who}@demo.example")
        person = db.session.scalars(query).one()
        person.locale, number = locale, person.id
    browser = Browser(app)
    browser.enter_as(number)
    return browser


def leads(html: str, address: str) -> set[str]:
    """Where a page leads within the forum, by links, forms and buttons."""
    found = (urldefrag(urljoin(address, unescape(each)))[0] for each in LEADS.findall(html))
    return {each for each in found if each.startswith("/")}


class Routes:
    """Which route an address is of, and which module that belongs to."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._map = app.url_map.bind("localhost")

    def rule(self, address: str) -> str:
        """The route that is read at an address; empty where none is."""
        try:
            found = self._map.match(urlsplit(address).path, method="GET", return_rule=True)
        except HTTPException:
            return ""
        return str(found[0].rule)

    def module(self, address: str) -> str:
        """The module whose page is at an address; empty for the forum's own."""
        for method in ("GET", "POST"):
            try:
                endpoint, _values = self._map.match(urlsplit(address).path, method=method)
            except HTTPException:
                continue
            return self.module_of(str(endpoint))
        return ""

    def module_of(self, endpoint: str) -> str:
        """The module whose view that is."""
        home = self._app.view_functions[endpoint].__module__
        return next((name for prefix, name in FEATURES.items() if home.startswith(prefix)), "")


def walk(browser: Browser, routes: Routes, each: int = 1) -> Iterator[tuple[str, Any, set[str]]]:
    """Pages that links lead to from home, so many of a route: address, answer, where it leads."""
    waiting, asked, times = ["/"], {"/"}, Counter[str]()
    while waiting:
        address = waiting.pop(0)
        response = browser.client.get(address, buffered=True)
        html = response.text if response.mimetype == "text/html" else ""
        found = leads(html, address)
        if response.status_code in (301, 302, 303):
            found = {urljoin(address, response.location)}
        yield address, response, found
        for link in sorted(found - asked, key=lambda link: (len(link), link)):
            rule = routes.rule(link)
            if rule in LEFT_OUT or times[rule] >= each:
                continue
            asked.add(link)
            times[rule] += 1
            waiting.append(link)
