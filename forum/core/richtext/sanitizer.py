"""The one place where bleach is named: HTML in, HTML of a small allow list out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from typing import Any, cast

from bleach.sanitizer import Cleaner

from forum.core.limits import MARKUP
from forum.core.richtext import simple
from forum.core.richtext.plain import paragraphs, without_silent_parts, without_tags
from forum.core.richtext.simple import HEADINGS, REL
from forum.core.textcheck import strip_traps, word_set

SCHEMES = frozenset(("http", "https", "mailto"))
TAGS = word_set(
    "a b blockquote br code dd del div dl dt em hr i img kbd li ol p pre s strong sub sup table "
    "tbody td th thead tr u ul"
) | frozenset(HEADINGS)

MAX_TAGS = 7_000
MAX_DEPTH = 80

_NOT_IN_ADDRESSES = re.compile(
    r"[\x00-\x20\x7f-\xa0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]"
)
_SCHEME_END = re.compile(r"[/?#\\]")
_HOST = re.compile(r"(\w[\w.-]*|\[[0-9a-fA-F:.]{2,45}\])(?::[0-9]{0,4}|:[1-5][0-9]{4})?")
_NUMERIC = re.compile(r"(?:^|\.)(?:[0-9]+|0[xX][0-9a-fA-F]*)\.?$")
_IPV4 = re.compile(
    r"(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
)
_BLANKS = "".join(map(chr, range(0x21)))
_OWN_FILE = re.compile(r"/files/[\w-][\w./-]*", re.ASCII)
_MENTION = re.compile(r"/(?:people|departments/by-id)/[0-9]{1,18}", re.ASCII)
_LANGUAGE = re.compile(r"language-[\w+#.-]{1,30}", re.ASCII)
_ALIGN = re.compile("align-(?:right|center)")
_NUMBER = re.compile("[0-9]{1,9}", re.ASCII)
_SPAN = re.compile("[1-9][0-9]?", re.ASCII)
_REFERENCE = re.compile("&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,8}));?")
_ANY_TAG = re.compile(r"<(/?)([a-zA-Z][^\s<>/]*)")
_ENDLESS_TAG = re.compile(r"<[^\s<>][^<>]{4000}")
_INLINE_DATA = re.compile(r"""\ssrc=(?:"data:[^"<>]*"|'data:[^'<>]*')""", re.IGNORECASE)
_GENERIC = re.compile(
    r"<(/?)(?:section|article|header|footer|main|aside|nav|center|figure|figcaption|address|"
    r"details|summary|form|fieldset)\b[^<>]*>",
    re.IGNORECASE,
)
# Tags that close themselves or one another: however many stand open, none lies within another
# unless a tag that is counted lies between them.
_NOT_DEEP = word_set(
    "br hr img input wbr col p li dd dt tr td th tbody thead tfoot option colgroup"
)

Token = dict[str, Any]


class TooComplex(ValueError):
    """Markup whose nesting or number of tags would cost more than its meaning is worth."""


def sanitize(html: str) -> str:
    """HTML reduced to the allow list, whoever wrote it; markup beyond all measure becomes text."""
    try:
        return sanitize_bounded(html)
    except (TooComplex, RecursionError):
        return paragraphs(strip_traps(without_tags(html)))


def sanitize_bounded(html: str) -> str:
    """As `sanitize`, but raises TooComplex, so that a caller who has the source can do better."""
    readable = strip_traps(_REFERENCE.sub(_as_character, html))
    finished = simple.finished(readable) if MARKUP.allows(readable) else None
    return finished if finished is not None else parsed(readable)


def parsed(readable: str) -> str:
    """The long way, for whatever is not simple. Raises TooComplex."""
    checked = _GENERIC.sub(r"<\1div>", _INLINE_DATA.sub("", without_silent_parts(readable)))
    _check_size(checked)
    # A fresh cleaner each time: shared between threads they have mixed up their texts.
    cleaner = Cleaner(
        tags=TAGS,
        attributes=_ATTRIBUTES,
        protocols=SCHEMES,
        strip=True,
        filters=cast(Any, [_Finish]),
    )
    return cleaner.clean(checked)


def safe_address(value: str) -> bool:
    """Whether a link may lead there: http, https, mailto or relative, seen as a browser sees it."""
    address = unescape(value).strip(_BLANKS)
    target = _NOT_IN_ADDRESSES.sub("", address)
    scheme, colon, _rest = _SCHEME_END.split(target, maxsplit=1)[0].partition(":")
    if not target or not colon:
        return bool(target)
    return scheme.lower() in SCHEMES and (scheme.lower() == "mailto" or _names_a_host(address))


def _names_a_host(address: str) -> bool:
    """Whether there is a host a browser could ask; a link to nowhere is better left as text."""
    authority = _SCHEME_END.split(address.partition(":")[2].lstrip("/\\"), maxsplit=1)[0]
    host = _HOST.fullmatch(authority.rpartition("@")[2])
    # A host ending in a number is an address in numbers, written plainly or not to be trusted.
    return host is not None and (
        not _NUMERIC.search(host[1]) or _IPV4.fullmatch(host[1]) is not None
    )


def own_file(value: str) -> bool:
    """Whether an image lies among this forum's own uploads; all others would tell who reads."""
    return bool(_OWN_FILE.fullmatch(value)) and ".." not in value


def _check_size(html: str) -> None:
    # Time grows with the square of a tag's length, so an endless one is not given to the parser.
    if not MARKUP.allows(html) or _ENDLESS_TAG.search(html):
        raise TooComplex("length")
    tags = [(closing, name.lower()) for closing, name in _ANY_TAG.findall(html)]
    if html.count("<") > 2 * MAX_TAGS or len(tags) > MAX_TAGS or _depth(tags) > MAX_DEPTH:
        raise TooComplex("tags")


def _depth(tags: list[tuple[str, str]]) -> int:
    """The most tags that can stand open at once; a tag is closed by its own name only."""
    standing: Counter[str] = Counter()
    level = deepest = 0
    for closing, name in tags:
        if name in _NOT_DEEP or (closing and not standing[name]):
            continue
        step = -1 if closing else 1
        standing[name] += step
        level += step
        deepest = max(deepest, level)
    return deepest


def _as_character(reference: re.Match[str]) -> str:
    """A numeric reference as its character, so that it can be stripped; ASCII stays."""
    hexadecimal, decimal = reference.groups()
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    if 0xA0 <= code <= 0x10FFFF:
        return chr(code)
    return reference.group() if 0x20 <= code < 0x7F or code in (9, 10) else ""


def _only(pattern: re.Pattern[str], *names: str) -> Callable[[str, str, str], bool]:
    def allowed(_tag: str, name: str, value: str) -> bool:
        return name in names and pattern.fullmatch(value) is not None

    return allowed


def _link_attribute(_tag: str, name: str, value: str) -> bool:
    if name == "class":
        return value == "mention"
    return name == "title" or (name == "href" and safe_address(value))


def _image_attribute(_tag: str, name: str, value: str) -> bool:
    return name in ("alt", "title") or (name == "src" and safe_address(value))


def _cell_attribute(_tag: str, name: str, value: str) -> bool:
    pattern = _ALIGN if name == "class" else _SPAN
    return name in ("class", "colspan", "rowspan") and pattern.fullmatch(value) is not None


_ATTRIBUTES: Any = {
    "a": _link_attribute,
    "img": _image_attribute,
    "code": _only(_LANGUAGE, "class"),
    "ol": _only(_NUMBER, "start"),
    "td": _cell_attribute,
    "th": _cell_attribute,
}


class _Finish:
    """The last touch on what bleach allowed: links, headings, images, scrolling parts."""

    def __init__(self, source: Iterable[Token]) -> None:
        self.source = source
        self.links: list[bool] = []

    def __iter__(self) -> Iterator[Token]:
        for token in self.source:
            name = token.get("name")
            handle = _HANDLERS.get(name) if token["type"] in _TAG_TYPES and name else None
            if handle is None:
                yield token
            else:
                yield from handle(self, token)

    def link(self, token: Token) -> Iterator[Token]:
        if token["type"] == "EndTag":
            if self.links and self.links.pop():
                yield token
            return
        attributes = token["data"]
        href = attributes.get((None, "href"))
        # A link inside a link (tables allow it) or one that leads nowhere is only its words.
        opens = href is not None and not any(self.links)
        self.links.append(opens)
        if opens:
            yield token | {"data": _finished_link(attributes, href)}

    def heading(self, token: Token) -> Iterator[Token]:
        yield token | {"name": HEADINGS[token["name"]]}

    def table(self, token: Token) -> Iterator[Token]:
        # Something that scrolls must be reachable by keyboard. It is a group, not a region:
        # a name would need the reader's language, and this HTML is stored once for all readers.
        if token["type"] == "StartTag":
            yield _start("div", {"class": "scroll", "role": "group", "tabindex": "0"})
            yield token
        else:
            yield token
            yield _end("div")

    def preformatted(self, token: Token) -> Iterator[Token]:
        if token["type"] == "StartTag":
            token = token | {"data": {(None, "tabindex"): "0"}}
        yield token

    def image(self, token: Token) -> Iterator[Token]:
        attributes = token["data"]
        source = attributes.get((None, "src"), "")
        words = unescape(attributes.get((None, "alt"), ""))
        if own_file(source):
            finished = {(None, "alt"): "", **attributes, (None, "loading"): "lazy"}
            yield token | {"data": finished}
            return
        text = {"type": "Characters", "data": words or unescape(source)}
        if not source or any(self.links):
            yield text
            return
        yield _start("a", {"href": source, "rel": REL})
        yield text
        yield _end("a")


def _finished_link(
    attributes: dict[tuple[None, str], str], href: str
) -> dict[tuple[None, str], str]:
    if attributes.get((None, "class")) and _MENTION.fullmatch(href):
        return {(None, "class"): "mention", (None, "href"): href}
    kept = {key: value for key, value in attributes.items() if key[1] != "class"}
    return {**kept, (None, "rel"): REL}


def _start(name: str, attributes: dict[str, str]) -> Token:
    data = {(None, key): value for key, value in attributes.items()}
    return {"type": "StartTag", "name": name, "namespace": None, "data": data}


def _end(name: str) -> Token:
    return {"type": "EndTag", "name": name, "namespace": None}


_TAG_TYPES = frozenset(("StartTag", "EndTag", "EmptyTag"))
_HANDLERS: dict[str, Callable[[_Finish, Token], Iterator[Token]]] = {
    "a": _Finish.link,
    "table": _Finish.table,
    "pre": _Finish.preformatted,
    "img": _Finish.image,
    **dict.fromkeys(HEADINGS, _Finish.heading),
}
