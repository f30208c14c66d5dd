"""The feed of a saved search: its secret address, and Atom (RFC 4287)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from forum.accounts.models import Person
from forum.core.errors import NotFound
from forum.core.site import absolute, site
from forum.search.saved.matching import Entry
from forum.search.saved.models import SavedSearch
from forum.search.saved.queries import by_feed

ENTRIES = 50
SUMMARY = 300
"""Characters of a text that an entry quotes."""
ATOM = "http://www.w3.org/2005/Atom"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold."""

ET.register_namespace("", ATOM)


def path_of(person: Person, saved: SavedSearch) -> str:
    """The feed's address: whoever has it reads with this person's eyes.

    It holds until it is renewed, the search is deleted, or the person's sessions are ended, as a
    new password or a deactivation does.
    """
    token = _signer().dumps([saved.id, saved.feed_number, person.epoch])
    return f"/feeds/{token}/search.atom"


def read(secret: str) -> tuple[SavedSearch, Person]:
    """The search behind an address, and whose eyes it is read with. Raises NotFound. One query."""
    try:
        found = _signer().loads(secret)
    except BadSignature:
        raise NotFound from None
    return by_feed(*found)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="feed of a saved search")


def atom(path: str, saved: SavedSearch, entries: Sequence[Entry], locale: str) -> bytes:
    """The feed as a document."""
    updated = max([entry.moment for entry in entries], default=saved.created_at)
    feed = ET.Element(f"{{{ATOM}}}feed", {XML_LANG: locale})
    _add(feed, "id", _tag(f"saved-search/{saved.id}"))
    _add(feed, "title", f"{saved.name} · {site().name}")
    _add(feed, "updated", updated.isoformat(timespec="seconds"))
    _add(_add(feed, "author"), "name", site().name)
    _add(feed, "link", rel="self", type="application/atom+xml", href=absolute(path))
    _add(feed, "link", rel="alternate", type="text/html", href=absolute(f"/search?{saved.address}"))
    for entry in entries:
        _add_entry(feed, entry)
    document: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return document


def _add_entry(feed: ET.Element, entry: Entry) -> None:
    found = entry.found
    element = _add(feed, "entry")
    if found.lang:
        element.set(XML_LANG, found.lang)
    _add(element, "id", _tag("/".join(map(str, found.ref))))
    _add(element, "title", found.title, type="text")
    _add(element, "updated", entry.moment.isoformat(timespec="seconds"))
    _add(element, "link", rel="alternate", type="text/html", href=absolute(found.url))
    if found.text:
        _add(element, "summary", _shortened(found.text), type="text")


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    element.text = NOT_XML.sub("", text) or None
    return element


def _tag(name: str) -> str:
    """An id that stays when a title or an address changes (RFC 4151)."""
    return f"tag:{urlsplit(absolute('/')).hostname},2026:{name}"


def _shortened(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= SUMMARY else f"{plain[:SUMMARY].rsplit(' ', 1)[0]} …"
