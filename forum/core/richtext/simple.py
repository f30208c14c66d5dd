"""HTML so simple that cleaning would only copy it: recognised whole, finished without a parser.

Most texts are paragraphs, lists, emphasis, code and plain links, and a parser spends milliseconds
on each. What is read here has every tag spelt as our Markdown spells it, nested as HTML allows, and
no attribute but the few below; anything else is not recognised and goes the long way. A test
compares the result with the long way's over corpora and over texts made to mislead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

REL = "nofollow ugc noopener"
MAX_DEPTH = 20
MAX_TOKENS = 6_000

_ADDRESS = (
    r"https?://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,20}(?:/[\w./~%+=?#:,!*-]{0,500})?"
)
_TOKEN = re.compile(
    rf"""
      (?P<text>(?:[^<>&\x00-\x08\x0b-\x1f\x7f-\x9f]++|&(?:amp|lt|gt|quot);)+)
    | <(?P<void>br|hr)[ ]?/?>
    | </(?P<end>[a-z0-9]{{1,10}})>
    | <(?P<start>[a-z0-9]{{1,10}})>
    | <(?P<code>code[ ]class="language-[a-zA-Z0-9_+\#.-]{{1,30}}")>
    | <(?P<link>a[ ]href="{_ADDRESS}")>
    """,
    re.VERBOSE | re.ASCII,
)
HEADINGS = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6", "h6": "h6"}
_BLOCKS = frozenset(("p", "ul", "ol", "blockquote", "pre", "hr", *HEADINGS))
_WORDS = frozenset(("em", "strong", "s", "code", "a", "br", "text"))

_INSIDE: dict[str, frozenset[str]] = {
    "": _BLOCKS,
    "blockquote": _BLOCKS,
    "ul": frozenset(("li",)),
    "ol": frozenset(("li",)),
    "li": _BLOCKS | _WORDS,
    "p": _WORDS,
    **dict.fromkeys(HEADINGS, _WORDS),
    "em": _WORDS,
    "strong": _WORDS,
    "s": _WORDS,
    "a": _WORDS - {"a"},
    "pre": frozenset(("code",)),
    "code": frozenset(("text",)),
}
"""What may stand in what; blank text may stand between blocks."""


def finished(html: str) -> str | None:
    """The HTML as cleaning would leave it, or None when it is not simple enough to tell."""
    try:
        return "".join(_parts(html))
    except _NotSimple:
        return None


class _NotSimple(Exception):
    """Something that only a parser can judge."""


def _parts(html: str) -> Iterator[str]:
    place, count = 0, 0
    standing = [""]
    while place < len(html):
        token = _TOKEN.match(html, place)
        count += 1
        if token is None or count > MAX_TOKENS or len(standing) > MAX_DEPTH:
            raise _NotSimple
        place = token.end()
        yield _HANDLERS[token.lastgroup or ""](token.group(token.lastgroup or 0), standing)
    if len(standing) > 1:
        raise _NotSimple


def _text(text: str, standing: list[str]) -> str:
    if "text" not in _INSIDE[standing[-1]] and (standing[-1] == "pre" or text.strip("\n")):
        raise _NotSimple
    return text


def _void(name: str, standing: list[str]) -> str:
    _check(name, standing)
    return f"<{name}>"


def _end(name: str, standing: list[str]) -> str:
    if len(standing) == 1 or standing.pop() != name:
        raise _NotSimple
    return f"</{HEADINGS.get(name, name)}>"


def _start(name: str, standing: list[str]) -> str:
    if name in ("a", "br", "hr"):
        raise _NotSimple
    _open(name, standing)
    return '<pre tabindex="0">' if name == "pre" else f"<{HEADINGS.get(name, name)}>"


def _code(tag: str, standing: list[str]) -> str:
    _open("code", standing)
    return f"<{tag}>"


def _link(tag: str, standing: list[str]) -> str:
    if "a" in standing:
        raise _NotSimple
    _open("a", standing)
    return f'<{tag} rel="{REL}">'


def _open(name: str, standing: list[str]) -> None:
    # Emphasis within the same emphasis is where parsers have opinions.
    if name in standing and name in _WORDS:
        raise _NotSimple
    _check(name, standing)
    standing.append(name)


def _check(name: str, standing: list[str]) -> None:
    if name not in _INSIDE[standing[-1]]:
        raise _NotSimple


_HANDLERS = {
    "text": _text,
    "void": _void,
    "end": _end,
    "start": _start,
    "code": _code,
    "link": _link,
}
