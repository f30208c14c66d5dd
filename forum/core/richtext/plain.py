"""Words out of HTML, for search and excerpts; paragraphs out of words, when markup is too much."""

from __future__ import annotations

import re
from html import escape, unescape
from html.parser import HTMLParser

from forum.core.textcheck import word_set

BLOCKS = word_set(
    "address article aside blockquote br center dd details div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody "
    "thead tr ul"
)
_CELLS = frozenset(("td", "th"))
_SPACES = re.compile(r"[ \t\r\f\v\n\xa0]+")
_LINES = re.compile(r" *\n[ \n]*")
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]{0,15})[^<>]*>|<[!?/][^<>]*>")
_SILENT_TAG = re.compile(
    r"<(/?)(script|style|template|iframe|noscript|object|title)\b[^<>]*>", re.I
)


class _Words(HTMLParser):
    """Collects the words of HTML that has already been sanitised."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.preformatted = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._separate(tag)
        if tag == "pre":
            self.preformatted = True
        elif tag == "img":
            self.parts.append(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        self._separate(tag)
        if tag == "pre":
            self.preformatted = False

    def handle_data(self, data: str) -> None:
        # Inside <pre> a line end is a line end; elsewhere it is a space.
        self.parts.append(data if self.preformatted else _SPACES.sub(" ", data))

    def _separate(self, tag: str) -> None:
        if tag in BLOCKS:
            self.parts.append("\n")
        elif tag in _CELLS:
            self.parts.append(" ")


def plain_text(html: str) -> str:
    """The words of sanitised HTML without markup, a line per block: for search and excerpts."""
    words = _Words()
    words.feed(html)
    words.close()
    return _LINES.sub("\n", re.sub(" {2,}", " ", "".join(words.parts))).strip()


def paragraphs(text: str) -> str:
    """Any text as escaped paragraphs, whatever it holds: the shape that cannot fail."""
    blocks = (block.strip("\n") for block in re.split(r"\n[ \t]*\n", text))
    return "".join(
        f"<p>{'<br>'.join(escape(line, quote=False) for line in block.split(chr(10)))}</p>\n"
        for block in blocks
        if block.strip()
    )


def without_tags(html: str) -> str:
    """The words of HTML nobody has sanitised, in linear time; the result is text, to be escaped."""
    visible = _without_comments(without_silent_parts(html))
    return unescape(_TAG.sub(_line_or_nothing, visible)).strip()


def _without_comments(html: str) -> str:
    # Not a pattern: one that looks for the end of every unclosed comment takes quadratic time.
    head, *rest = html.split("<!--")
    return head + "".join(part.partition("-->")[2] for part in rest)


def _line_or_nothing(tag: re.Match[str]) -> str:
    return "\n" if (tag.group(1) or "").lower() in BLOCKS else ""


def without_silent_parts(html: str) -> str:
    """HTML less the parts that are not words, such as scripts; an open one takes the rest."""
    kept, position, silent = [], 0, ""
    for tag in _SILENT_TAG.finditer(html):
        closing, name = tag.group(1), tag.group(2).lower()
        if not silent and not closing:
            kept.append(html[position : tag.start()])
            silent = name
        elif silent == name and closing:
            silent, position = "", tag.end()
    if not silent:
        kept.append(html[position:])
    return "".join(kept)
