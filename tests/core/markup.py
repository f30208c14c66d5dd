"""What tests ask of HTML: what is in it, what another sanitiser would strip; hostile corpora."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import nh3

from forum.core.richtext.sanitizer import HEADINGS, REL, TAGS, safe_address

ALLOWED_TAGS = set(TAGS) - {"h1", "h2"}
ALLOWED_ATTRIBUTES = {
    "a": {"href", "title", "rel", "class"},
    "img": {"src", "alt", "title", "loading"},
    "code": {"class"},
    "ol": {"start"},
    "td": {"class", "colspan", "rowspan"},
    "th": {"class", "colspan", "rowspan"},
    "div": {"class", "role", "tabindex"},
    "pre": {"tabindex"},
}
CLASSES = {"mention", "scroll", "align-right", "align-center"}

assert set(HEADINGS.values()) <= ALLOWED_TAGS


class Reader(HTMLParser):
    """Reads HTML the way a browser does: every start tag with its decoded attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.others: list[str] = []
        self.events: list[object] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self.events.append(("start", tag, sorted((name, value or "") for name, value in attrs)))

    def handle_data(self, data: str) -> None:
        if self.events and isinstance(self.events[-1], str):
            data = str(self.events.pop()) + data
        elif self.events and self.events[-1] == ("start", "pre", [("tabindex", "0")]):
            data = data.lstrip("\n")  # browsers drop the first
        self.events.append(data)

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    handle_decl = unknown_decl = handle_pi = handle_comment


def read(html: str) -> Reader:
    """HTML as a browser would take it apart."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


def assert_harmless(html: str) -> None:
    """Only allowed tags, attributes, schemes and classes; nothing nh3 would still strip."""
    reader = read(html)
    assert not reader.others, reader.others
    for tag, attributes in reader.tags:
        assert tag in ALLOWED_TAGS, tag
        assert set(attributes) <= ALLOWED_ATTRIBUTES.get(tag, set()), (tag, attributes)
        _assert_harmless_values(tag, attributes)
    assert _seen(read(second_opinion(html))) == _seen(reader), html


def _seen(reader: Reader) -> list[object]:
    return [_without_coded_host(event) for event in reader.events if event != ""]


def _without_coded_host(event: object) -> object:
    """A link without its address if the host is coded: nh3 drops those that IDNA would not make."""
    if not isinstance(event, tuple) or event[:2] != ("start", "a"):
        return event
    kept = [pair for pair in event[2] if not (pair[0] == "href" and "xn--" in pair[1])]
    return (*event[:2], kept)


def _assert_harmless_values(tag: str, attributes: dict[str, str]) -> None:
    if "href" in attributes:
        assert safe_address(attributes["href"]), attributes
        assert attributes.get("rel") == REL or attributes.get("class") == "mention"
    if "src" in attributes:
        assert attributes["src"].startswith("/files/")
    if "class" in attributes:
        known = attributes["class"] in CLASSES or attributes["class"].startswith("language-")
        assert known, (tag, attributes)


def second_opinion(html: str) -> str:
    """The same HTML through a sanitiser of another make with the same allow list."""
    return nh3.clean(
        html,
        tags=ALLOWED_TAGS,
        attributes=ALLOWED_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


def hostile(data: Path, name: str) -> Iterator[dict[str, str]]:
    """One of the hostile corpora, or a handful of its kind where the data folder is absent."""
    path = data / "hostile" / name
    if not path.exists():
        yield from ({"name": source, "s": source} for source in _OWN)
        return
    raw = path.read_bytes()
    text = gzip.decompress(raw) if path.suffix == ".gz" else raw
    yield from (json.loads(line) for line in text.splitlines())


_OWN = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "<a href='java&#x0A;script:alert(1)'>x</a>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "[" * 50_000,
    "> " * 25_000,
    "*a **a " * 20_000,
)
