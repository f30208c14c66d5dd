"""Every place where somebody may send something: found by looking, so none can be forgotten.

Forms are read off the pages, and each request tells which names its view asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException

from forum.core.intake import Fields, ForumRequest
from tests.hostile.forum import Forum
from tests.support.browser import Browser
from tests.support.pages import Document, Element

LEFT_OUT = {
    "/sign-out": "it takes nothing and ends the session all others are sent with",
    "/static/<path:filename>": "files of ours, by name",
    "/standards/<string:number>.pdf": "takes a number alone, and is slow",
}
WHO = ("nobody", "admin", "moderator", "author")
DEFAULTS = {"email": "new@example.org", "date": "2027-01-05", "number": "3", "url": "https://a.b"}
_asked: set[str] = set()


class Listening(Fields):
    """What was sent, noting what is asked of it."""

    def __getitem__(self, key: str) -> str:
        _asked.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        _asked.add(str(key))
        return super().__contains__(key)

    def get(self, key: str, *rest: Any, **options: Any) -> Any:
        """A value."""
        _asked.add(key)
        return super().get(key, *rest, **options)

    def getlist(self, key: str, *rest: Any, **options: Any) -> Any:
        """All values."""
        _asked.add(key)
        return super().getlist(key, *rest, **options)


class ListeningRequest(ForumRequest):
    """A request that notes which names its view asks for."""

    parameter_storage_class = Listening


@dataclass(slots=True)
class Place:
    """A route with one method: whom it lets in, what a form sends there, what its view asks for."""

    method: str
    rule: str
    who: str
    number: int
    fields: dict[str, str] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"

    def address(self, forum: Forum) -> str:
        """Where it is in this forum."""
        return fill_in(self.rule, forum.sets[self.number])


def fill_in(rule: str, values: dict[str, Any]) -> str:
    """A route's address with its arguments."""
    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", lambda found: str(values[found[1]]), rule)


def discover(app: Flask, forum: Forum) -> list[Place]:
    """All places there are."""
    places: dict[tuple[str, str], Place] = {}
    _look_everywhere(app, forum, places)
    for rule in (rule.rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())):
        if rule not in LEFT_OUT:
            places.setdefault(("POST", rule), Place("POST", rule, "", 0))
    changes = [place for place in places.values() if place.method == "POST"]
    for place in changes:
        place.names |= place.fields.keys()
        _ask_for_names(forum, place)
    return sorted(places.values(), key=lambda place: (place.method, place.rule))


def _look_everywhere(app: Flask, forum: Forum, places: dict[Any, Place]) -> None:
    """Every page as everybody; but what is printed once: no form is in it, and it takes seconds."""
    printed: set[str] = set()
    for who, number, rule in product(WHO, range(len(forum.sets)), _reading(app)):
        if rule in printed or (number and "<" not in rule):
            continue
        if _look(app, forum, places, who, number, rule) == "application/pdf":
            printed.add(rule)


def _ask_for_names(forum: Forum, place: Place) -> None:
    """Send the token alone, and what the form holds; whoever is let in furthest is the sender."""
    known = [(place.who, place.number)] if place.who else []
    for who, number in known or [(w, n) for w in ("author", "admin") for n in range(3)]:
        place.who, place.number = who, number
        for fields in ({}, place.fields):
            _asked.clear()
            status = send(forum.browsers[who], "POST", place.address(forum), fields).status_code
            place.names |= _asked
        if status not in (403, 404):
            break
    place.names -= {"csrf_token"}


def _reading(app: Flask) -> list[str]:
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    return [rule.rule for rule in rules if rule.rule not in LEFT_OUT]


def _look(
    app: Flask, forum: Forum, places: dict[Any, Place], who: str, number: int, rule: str
) -> str | None:
    """The kind of what is shown there, if anything is."""
    browser = forum.browsers[who]
    _asked.clear()
    address = fill_in(rule, forum.sets[number])
    response = browser.client.get(address)
    if response.status_code != 200:
        return None
    place = places.setdefault(("GET", rule), Place("GET", rule, who, number))
    place.names |= _asked
    if response.mimetype == "text/html":
        for method, target, fields, texts in forms_of(Document(response.text), address):
            found = _rule_at(app, target, method)
            if found is None or found in LEFT_OUT:
                continue
            place = places.setdefault((method, found), Place(method, found, who, number))
            if texts and not place.texts:
                place.who, place.number = who, number  # the first who is shown where to write
            place.fields = fields | place.fields
            place.texts |= texts
    return response.mimetype


def _rule_at(app: Flask, address: str, method: str) -> str | None:
    try:
        found = app.url_map.bind("localhost").match(
            urlsplit(address).path, method=method, return_rule=True
        )
    except HTTPException:
        return None
    return str(found[0].rule)


def forms_of(page: Document, address: str) -> Iterator[tuple[str, str, dict[str, str], set[str]]]:
    """Each form's method, address, what it would send, and which of that is text."""
    for form in page.all("form"):
        fields, texts, targets = _filled(page, form)
        method = form.get("method", "get").upper()
        yield method, form.get("action") or address, fields, texts
        for target in targets:
            yield "POST", target, fields, texts


def _filled(page: Document, form: Element) -> tuple[dict[str, str], set[str], set[str]]:
    fields: dict[str, str] = {}
    texts: set[str] = set()
    targets: set[str] = set()
    for element in page.elements:
        mine = form in element.inside or (form.get("id") and element.get("form") == form.get("id"))
        if not mine:
            continue
        if element.get("formaction"):
            targets.add(element["formaction"])
        name, kind = element.get("name"), element.get("type", "text")
        if not name or element.name not in ("input", "textarea", "select", "button"):
            continue
        if element.name == "textarea" or (element.name == "input" and kind in ("text", "search")):
            texts.add(name)
        _set(fields, page, element, name, kind)
    return fields, texts, targets


def _set(fields: dict[str, str], page: Document, element: Element, name: str, kind: str) -> None:
    if element.name == "select":
        values = [o["value"] for o in page.all("option") if element in o.inside and "value" in o]
        fields.setdefault(name, next((value for value in values if value), ""))
    elif kind in ("checkbox", "radio") or element.name == "button":
        fields.setdefault(name, element.get("value", "on"))
    elif kind == "hidden":
        fields[name] = element.get("value")
    else:
        value = element.text.strip() or element.get("value")
        fields[name] = value or DEFAULTS.get(kind, "Words")


def send(browser: Browser, method: str, address: str, fields: dict[str, str], **more: Any) -> Any:
    """Send fields as a browser would, bytes as they are."""
    pairs = fields if method == "GET" else {**fields, "csrf_token": browser.token}
    raw = urlencode({name: _bytes(value) for name, value in pairs.items()})
    if method == "GET":
        return browser.client.get(address, query_string=raw, **more)
    kind = "application/x-www-form-urlencoded"
    return browser.client.post(address, data=raw, content_type=kind, **more)


def _bytes(value: str) -> bytes:
    """Surrogates that stand for a byte become it; others are sent as some browsers once did."""
    try:
        return value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogatepass")
